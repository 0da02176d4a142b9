# The extension picks the format; what is there is replaced as a whole.
f=$DATA/pprof/good-go126-mutex.pb.gz
for name in out.json out.csv out.md out.txt out; do
    p top -o $name "$f"
    head -n 3 $name | tail -n 1 | cut -c 1-40
done
for format in json csv markdown text; do
    for file in out.*; do "$PANALYZE" top --format $format "$f" | cmp -s - $file && echo "$file: $format"; done
done
p top -o out.json -n 1 "$f"
p top --format json -o same.json "$f"
cmp out.json same.json && echo same
p top --format json -o no-extension "$f"
cmp out.json no-extension && echo same
p top --format csv -o odd.xyz "$f"
cmp out.csv odd.xyz && echo same
"$PANALYZE" top -o - --format csv "$f" | cmp - out.csv && echo same
ls -A
