f=$DATA/pprof/good-go126-cpu.pb.gz
p top --max-size 1k "$f"
gzip -dc "$f" | p top --max-size 1k -
