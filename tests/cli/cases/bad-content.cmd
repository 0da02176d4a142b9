echo 'this is no profile' >text.pb
p top text.pb
p info text.pb
head -c 300 "$DATA/pprof/good-go126-cpu.pb.gz" >cut.pb.gz
p top cut.pb.gz
gzip -dc "$DATA/pprof/good-go126-cpu.pb.gz" | head -c 3000 >cut.pb
p top cut.pb
p top --from pprof text.pb
