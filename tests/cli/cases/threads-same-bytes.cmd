f=$DATA/pprof/good-go126-heap.pb.gz
for j in 1 2 3 7; do "$PANALYZE" top -j $j --format json "$f" "$DATA/pprof/good-go126-allocs.pb.gz" | cksum; done | sort -u | wc -l
