# Metrics that do not match stand apart: said, and of several only the default one fits a file.
a=$DATA/pprof/good-go126-cpu.pb.gz
h=$DATA/pprof/good-go126-heap.pb.gz
p merge "$a" "$h" -o out.pb.gz
"$PANALYZE" info out.pb.gz | sed -n '2,6p'
p merge "$h" "$a" -o out2.pb.gz
"$PANALYZE" info out2.pb.gz | sed -n '2,8p'
p merge --lossless "$a" "$h" -o out3.pb.gz
p merge --metric inuse_space "$a" "$h" -o out4.pb.gz
"$PANALYZE" info out4.pb.gz | sed -n '2,8p'
ls
