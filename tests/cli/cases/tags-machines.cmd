f=$DATA/pprof/good-go126-tags.pb.gz
"$PANALYZE" tags --format json "$f"
"$PANALYZE" tags --format csv -n 2 "$f" | tr -d '\r'
"$PANALYZE" tags --compat pprof --format json -n 3 "$DATA/pprof/good-go126-heap.pb.gz"
