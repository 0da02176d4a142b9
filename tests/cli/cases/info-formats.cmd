f=$DATA/pprof/good-go126-mutex.pb.gz
for format in json csv markdown; do p info --format $format "$f"; done
