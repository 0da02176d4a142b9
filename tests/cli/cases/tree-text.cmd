# The call tree, what is cut and how that is said.
p tree -n 12 "$DATA/pprof/good-go126-cpu.pb.gz"
p tree --depth 6 --nodefraction 5% "$DATA/pprof/good-go126-heap.pb.gz"
p tree --show '^main' --by file --depth 6 "$DATA/pprof/good-go126-cpu.pb.gz"
p tree --focus nosuchfunction "$DATA/pprof/good-go126-cpu.pb.gz"
p tree --focus '^cmpbody$' --nodefraction 10% "$DATA/pprof/good-go126-cpu.pb.gz"
# deep recursion does not run away to the right
"$PANALYZE" tree --nodefraction 0 "$DATA/pprof/good-go126-deep.pb.gz" | awk 'length > w { w = length } END { print NR, "lines", (w < 160 ? "none of them long" : w) }'
"$PANALYZE" tree -n 0 --nodefraction 0 "$DATA/pprof/good-go126-deep.pb.gz" | tail -n 1
