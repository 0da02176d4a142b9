# What README.md shows as the output of a command is what the command prints.
awk '/^<!-- output of: / { sub(/^<!-- output of: build\/panalyze /, ""); sub(/ -->$/, ""); print }' "$ROOT/README.md" >commands
while IFS= read -r arguments; do
    echo "panalyze $arguments"
    (cd "$ROOT" && eval "\"\$PANALYZE\" $arguments") 2>&1 | tr -d '\r' >got
    WANT="<!-- output of: build/panalyze $arguments -->" awk '$0 == ENVIRON["WANT"] { found = 1; next }
        found && /^```/ { if (inside) exit; inside = 1; next }
        inside' "$ROOT/README.md" | diff - got && echo same
done <commands
