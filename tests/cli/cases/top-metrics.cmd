f=$DATA/pprof/good-go126-heap.pb.gz
for metric in inuse_space alloc_objects 1; do p top --metric $metric -n 2 "$f"; done
p top --metric 4 "$f"
p top --metric inuse "$f"
p top -inuse_space -n 2 "$f"
p top -total_delay -n 2 "$f"
