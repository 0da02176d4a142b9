# FILE alone does what top does.
f=$DATA/pprof/good-go126-cpu.pb.gz
[ "$("$PANALYZE" "$f")" = "$("$PANALYZE" top "$f")" ] && echo same
[ "$("$PANALYZE" --cum "$f" -n 3)" = "$("$PANALYZE" top --cum "$f" -n 3)" ] && echo same
[ "$("$PANALYZE" - <"$f")" = "$("$PANALYZE" top - <"$f")" ] && echo same
p missing.pb.gz
p ./missing
