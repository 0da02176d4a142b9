f=$DATA/pprof/good-go126-mutex.pb.gz
cp "$f" in.pb.gz && ln in.pb.gz link.json && ln -s in.pb.gz soft.json
p top -o in.pb.gz in.pb.gz
p top -o link.json in.pb.gz
p top -o soft.json in.pb.gz
p top -o ./in.pb.gz --format json in.pb.gz
p top -o out.xyz in.pb.gz
p top -o '' in.pb.gz
p top -o missing/out.json in.pb.gz
p top -o . in.pb.gz
cmp in.pb.gz "$f" && ls -A
