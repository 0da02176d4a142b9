"$PANALYZE" top --format csv "$DATA/pprof/good-go126-mutex.pb.gz"
