# Plain sums; labels stay; the order of inputs and the number of threads change nothing.
a=$DATA/pprof/good-go126-cpu.pb.gz
b=$DATA/pprof/good-go126-tags.pb.gz
c=$DATA/pprof/good-go126-labels.pb.gz
p merge "$a" "$b" "$c" -o out.pb.gz
p merge -q "$a" -o one.pb.gz
for metric in samples cpu; do
    "$PANALYZE" top --metric $metric --threshold 0 "$a" "$b" "$c" | sed 1d >want
    "$PANALYZE" top --metric $metric --threshold 0 out.pb.gz | cmp - want && echo "$metric: same"
done
"$PANALYZE" info out.pb.gz | sed 1d
"$PANALYZE" merge "$a" "$b" "$c" | cmp - out.pb.gz && echo 'standard output: same'
"$PANALYZE" merge "$a" - "$c" -o stdin.pb.gz <"$b"
cmp stdin.pb.gz out.pb.gz && echo 'standard input: same'
p merge -q "$a" "$b" "$c" -o out.folded
"$PANALYZE" convert -q out.pb.gz --to collapsed | cmp - out.folded && echo 'collapsed: same'
p merge -q "$a" "$b" -o directory/
p merge -q "$a" "$b" -o out.zip
p merge
# Twice the same is twice the value.
"$PANALYZE" merge -q "$a" "$a" | "$PANALYZE" top -n 2 -
