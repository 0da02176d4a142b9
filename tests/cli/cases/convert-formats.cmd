# The extension of -o or --to decides; .gz behind it compresses; nothing else is guessed.
f=$DATA/pprof/good-go126-mutex.pb.gz
p convert -q "$f" -o out.folded
p convert -q "$f" -o out.collapsed
p convert -q "$f" -o plain --to collapsed
p convert -q "$f" -o out.folded.gz
p convert -q out.folded.gz --to=collapsed -o out.txt
"$PANALYZE" convert -q "$f" --to collapsed >stdout
"$PANALYZE" convert -q "$f" --to collapsed -o - >dash
for name in out.collapsed plain out.txt stdout dash; do cmp out.folded $name && echo "$name: same"; done
gzip -dc out.folded.gz | cmp - out.folded && echo 'out.folded.gz: same, compressed'
head -n 2 out.folded
# Back into pprof: always compressed, whatever the name.
for name in back.pb.gz back.pb back.pprof; do
    p convert -q out.folded -o $name
    "$PANALYZE" top -n 1 $name
    od -An -tx1 -N2 $name
done
p convert -q back.pb -o again.folded
cmp out.folded again.folded && echo 'there and back: same'
p convert "$f" -o out.pb.gz --to collapsed
p convert "$f" -o out.folded --to pprof
p convert "$f" -o out.xyz
p convert "$f" -o out.pb.zst
p convert "$f" -o none
p convert "$f"
p convert "$f" --to nothing -o none
p convert "$f" -o ''
p convert -o out.pb.gz
ls
