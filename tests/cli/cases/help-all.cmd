"$PANALYZE" help
"$PANALYZE" --help | cmp - <("$PANALYZE" help) && "$PANALYZE" -h | cmp - <("$PANALYZE" help)
