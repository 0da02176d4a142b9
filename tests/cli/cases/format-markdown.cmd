"$PANALYZE" top --format markdown "$DATA/pprof/good-go126-mutex.pb.gz"
