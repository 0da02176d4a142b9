"$PANALYZE" help top
"$PANALYZE" top --help | cmp - <("$PANALYZE" help top) && "$PANALYZE" top -h missing.pb | cmp - <("$PANALYZE" help top)
