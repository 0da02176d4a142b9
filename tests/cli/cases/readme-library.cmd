# needs: cc
# The library example of README.md compiles without a warning.
awk '/^<!-- compiled -->/ { wait = 1; next } /^```c/ && wait { inside = 1; next } /^```/ { inside = wait = 0 } inside' "$ROOT/README.md" >example.c
[ "$(wc -l <example.c)" -gt 20 ] || echo 'no example found'
cc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$ROOT/libanalysis" example.c && echo compiled
