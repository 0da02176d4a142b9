# needs: zstd
f=$DATA/pprof/good-go126-cpu.pb.gz
gzip -dc "$f" | zstd -q -c >p.zst
"$PANALYZE" top --format csv p.zst | cmp - <("$PANALYZE" top --format csv "$f") && echo same
"$PANALYZE" top --format csv - <p.zst | cmp - <("$PANALYZE" top --format csv "$f") && echo same
