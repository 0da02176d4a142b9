# Several inputs: one output each, in a directory, under their own names.
f=$DATA/pprof/good-go126-mutex.pb.gz
g=$DATA/pprof/good-go126-block.pb.gz
mkdir in
cp "$f" in/a.pb.gz
cp "$g" in/b.v2.pb.gz
echo 'main;work 3' >in/c.txt
echo 'neither a profile nor refused' >in/d
p convert in/a.pb.gz in/b.v2.pb.gz -o one.folded
p convert in/a.pb.gz in/b.v2.pb.gz -o out/
p convert -q in/a.pb.gz in/b.v2.pb.gz --to collapsed -o out/
p convert -q in -o out2/ --to collapsed
p convert in/c.txt in/d -o out --to pprof
p convert -q in/a.pb.gz -o out --to pprof
p convert -q - --to pprof -o new/ <in/c.txt
ls out out2 new
cmp out/a.folded out2/a.folded && echo same
# A collision, an input that would go, a directory that cannot be: nothing is written.
mkdir more && cp "$g" more/a.pb
cp "$f" in/a.folded
p convert in/a.pb.gz more/a.pb --to collapsed -o out3/
p convert in/a.pb.gz in/c.txt in/a.folded --to collapsed -o in
ln in/c.txt more/a.folded
p convert in/a.pb.gz in/c.txt --to collapsed -o more
p convert -q in/a.pb.gz in/c.txt --to collapsed -o in/c.txt/
p convert -q in/a.pb.gz in/c.txt --to collapsed -o no/such/
ls . more
cmp in/a.folded "$f" && cat in/c.txt
