# What files without a command give is in summary-*.cmd; here is how such a line is read.
f=$DATA/pprof/good-go126-cpu.pb.gz
p missing.pb.gz
p ./missing
p --focus x
p --cum "$f"
p --nodecuont 3 "$f"
p -n 3 top "$f"
p -n 3 "$f"
