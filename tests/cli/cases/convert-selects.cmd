# Filters, the metric and rewrites apply to what is written.
f=$DATA/pprof/good-go126-heap.pb.gz
t=$DATA/pprof/good-go126-tags.pb.gz
folded() { "$PANALYZE" convert -q --to collapsed "$@" | LC_ALL=C sort -t ' ' -k 2,2nr | head -n 2; }
folded "$f" --metric alloc_space
folded "$f" --metric alloc_space --focus 'main.pack' --show '^main'
folded "$f" --rename 's/main\./program./g' --show '^main'
folded "$t" --tagroot handler --show '^main|^list|^put'
p convert "$f" --focus nothing-has-this-name -o empty.pb.gz
"$PANALYZE" info empty.pb.gz | tail -n +3 | head -n 3
# The metric becomes the default of the new file; nothing else changes.
"$PANALYZE" convert -q "$f" --metric alloc_objects --to pprof | "$PANALYZE" top -n 1 -
"$PANALYZE" convert -q "$f" --to pprof -o same.pb.gz
for metric in 0 1 2 3; do
    "$PANALYZE" top --metric $metric --threshold 0 "$f" >want
    "$PANALYZE" top --metric $metric --threshold 0 same.pb.gz | cmp - want && echo "metric $metric: same"
done
"$PANALYZE" top --tagfocus 'handler=list|put' "$t" >want
"$PANALYZE" convert -q --tagfocus 'handler=list|put' "$t" -o tags.pb.gz
"$PANALYZE" info tags.pb.gz | grep -A 5 '^labels'
"$PANALYZE" top --relative-percentages tags.pb.gz | sed -n '2,6p'
"$PANALYZE" top --relative-percentages --tagfocus 'handler=list|put' "$t" | sed -n '3,7p'
