# needs: pty
# On a terminal: cut to its width, colour unless told otherwise.  In a pipe: neither.
f=$DATA/pprof/good-go126-cpu.pb.gz
tty() { TERM=xterm script -qec "$*" /dev/null </dev/null | tr -d '\r'; }
width() { sed -e 's/…/./g' -e 's/\x1b\[[0-9;]*m//g' | awk '{ if (length($0) > n) n = length($0) } END { print n }'; }
[ "$(tty "COLUMNS=70 '$PANALYZE' top '$f'" | width)" -le 70 ] && echo 'cut to 70'
[ "$("$PANALYZE" top "$f" | width)" -gt 70 ] && echo 'not cut in a pipe'
colour() { if grep -q $'\e\['; then echo "colour: $1"; else echo "plain: $1"; fi; }
tty "'$PANALYZE' top '$f'" | colour auto
tty "NO_COLOR=1 '$PANALYZE' top '$f'" | colour NO_COLOR
tty "NO_COLOR=1 '$PANALYZE' top --color always '$f'" | colour 'NO_COLOR, always'
tty "'$PANALYZE' top --color never '$f'" | colour never
tty "TERM=dumb '$PANALYZE' top '$f'" | colour dumb
"$PANALYZE" top "$f" | colour pipe
"$PANALYZE" top --color=always "$f" | colour 'pipe, always'
# A profile is not for a terminal.
tty "'$PANALYZE' convert '$f' --to pprof"
tty "'$PANALYZE' merge '$f' '$f'"
