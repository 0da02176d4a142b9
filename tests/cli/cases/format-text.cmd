"$PANALYZE" top "$DATA/pprof/good-go126-cpu.pb.gz"
