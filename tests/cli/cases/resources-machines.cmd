"$PANALYZE" locks --format json "$DATA/pprof/good-go126-mutex.pb.gz"
"$PANALYZE" alloc -n 3 --format json "$DATA/pprof/good-go126-heap.pb.gz"
"$PANALYZE" alloc -n 3 --format csv "$DATA/pprof/good-go126-heap.pb.gz" | tr -d '\r'
"$PANALYZE" locks --format json "$DATA/pprof/good-jfrconv-lock.pb" | head -n 20
