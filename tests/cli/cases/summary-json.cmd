"$PANALYZE" --format json "$DATA/pprof/good-go126-cpu.pb.gz"
"$PANALYZE" --format json "$DATA/pprof/good-jfrconv-empty.pb"
