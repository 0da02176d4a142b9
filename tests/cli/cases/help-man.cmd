"$PANALYZE" help --man
