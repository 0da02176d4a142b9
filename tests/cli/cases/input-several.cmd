# Several files are summed, and the first line says so; rows know the file they came from.
a=$DATA/pprof/good-go126-mutex.pb.gz b=$DATA/pprof/good-go126-block.pb.gz
p top "$a" "$a"
p top --by file-of-origin "$a" "$b"
p top --by label=file -n 1 "$a" "$b"
p top --metric 0 -n 1 "$a" "$DATA/pprof/good-go119-cpu.pb.gz"
"$PANALYZE" top --format json "$a" "$b" | grep -E '^ *("total"|\{"file")'
p top "$a" missing.pb
