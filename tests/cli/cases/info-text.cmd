"$PANALYZE" info "$DATA/pprof/good-go126-heap.pb.gz"
