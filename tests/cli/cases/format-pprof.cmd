"$PANALYZE" top --compat pprof "$DATA/pprof/good-go126-mutex.pb.gz"
