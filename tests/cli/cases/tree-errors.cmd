# What tree refuses.
p tree
p tree --traces "$DATA/pprof/good-go126-cpu.pb.gz"
p tree --by label=handler "$DATA/pprof/good-go126-tags.pb.gz"
p tree --unit MB "$DATA/pprof/good-go126-cpu.pb.gz"
p tree --dept 3 "$DATA/pprof/good-go126-cpu.pb.gz"
p top -tree "$DATA/pprof/good-go126-cpu.pb.gz"
p top -traces "$DATA/pprof/good-go126-cpu.pb.gz"
