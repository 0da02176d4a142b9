f=$DATA/pprof/good-go126-mutex.pb.gz
p tpo "$f"
p inof "$f"
p hlep
p diff "$f" "$f"
p flamegraph "$f"
p help tpo
p -n 5 top "$f"
