"$PANALYZE" help info
