"$PANALYZE" help help
