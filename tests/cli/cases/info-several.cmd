"$PANALYZE" info "$DATA/pprof/good-go126-mutex.pb.gz" "$DATA/pprof/good-go126-block.pb.gz"
