d=$DATA/pprof
p io "$d/good-go126-cpu.pb.gz"
p locks "$d/good-go126-cpu.pb.gz"
p alloc "$d/good-go126-mutex.pb.gz"
p alloc --metric delay "$d/good-go126-mutex.pb.gz"
p alloc --metric nothing "$d/good-go126-heap.pb.gz"
p locks --compat pprof "$d/good-go126-mutex.pb.gz"
p locks
