# Callers and callees.
p peek 'inlineHeavy|step[12]' "$DATA/pprof/good-go126-cpu.pb.gz"
p peek --cum -n 2 '^main\.' --hide '^main\.round' "$DATA/pprof/good-go126-cpu.pb.gz"
p peek --lines 'load\.go:3[0-9]$' "$DATA/pprof/good-go126-cpu.pb.gz"
p peek inlineHeavy --format json "$DATA/pprof/good-go126-cpu.pb.gz"
p peek '^main\.' --format csv "$DATA/pprof/good-go126-heap.pb.gz"
"$PANALYZE" peek digest - <"$DATA/pprof/good-go126-cpu.pb.gz" | head -n 3
