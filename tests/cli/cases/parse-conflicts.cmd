f=$DATA/pprof/good-go126-mutex.pb.gz
p top --strict --lenient "$f"
p top -q -v "$f"
p top --format json -o out.csv "$f"
p help --man --completion bash
p help top info
p top - -
ls -A
