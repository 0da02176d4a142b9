f=$DATA/pprof/good-go126-cpu.pb.gz
p top --max-memory 1k "$f"
p info --max-memory 64k "$f"
