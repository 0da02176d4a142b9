# needs: fish
"$PANALYZE" help --completion fish >panalyze.fish
fish --no-execute panalyze.fish && echo parsed
ask() { fish -c "source panalyze.fish; complete -C '$1'" | cut -f 1; }
ask 'panalyze t'
ask 'panalyze top --nam'
ask 'panalyze top --names '
ask 'panalyze top --format '
ask 'panalyze help i'
