d=$DATA/pprof
p "$d/good-go126-cpu.pb.gz"
p "$d/good-go126-heap.pb.gz"
p "$d/good-go126-mutex.pb.gz"
p "$d/good-go126-deep.pb.gz"
p "$d/good-jfrconv-empty.pb"
p "$d/good-pprof-diffbase.pb.gz"
p --focus inlineHeavy "$d/good-go126-cpu.pb.gz" "$d/good-go122-cpu.pb.gz"
p --by file "$d/good-go126-cpu.pb.gz"
p --by label=handler "$d/good-go126-tags.pb.gz"
p --metric samples --names raw "$d/good-go126-tags.pb.gz" | tail -n 2
p --metric samples "$d/good-go126-tags.pb.gz" | tail -n 2
p --compat pprof "$d/good-go126-cpu.pb.gz"
p - <"$d/good-go126-cpu.pb.gz" | tail -n 2
# the proposed command works, whatever the name of the file
cp "$d/good-austin-wall.pb" "it's \$x.pb"
p "it's \$x.pb" | tail -n 2
"$PANALYZE" "it's \$x.pb" | sed -n 's/^next: panalyze/"$PANALYZE"/p' >next
cat next
bash next | sed -n 4p
