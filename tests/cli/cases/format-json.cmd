"$PANALYZE" top --format json "$DATA/pprof/good-go126-mutex.pb.gz"
