# What the new format cannot hold, a line a kind; --lossless makes it an error before anything is written.
f=$DATA/pprof/good-go126-tags.pb.gz
p convert "$f" -o a.folded
p convert -q "$f" -o b.folded
cmp a.folded b.folded && echo same
p convert --lossless "$f" -o c.folded
p convert --lossless -q "$f" -o c.folded
p convert --lossless "$f" -o c.pb.gz
printf 'main;work 1.5\nmain;rest 2\n' >half.folded
p convert half.folded -o half.pb.gz
p convert --lossless half.folded -o whole.pb.gz
p convert --lossless half.folded -o half2.folded
cat half2.folded
# Into a directory: one that loses something stops all.
printf 'main;work 1\n' >one.folded
p convert --lossless one.folded half.folded --to pprof -o out/
p convert --lossless one.folded - --to pprof -o out/ <half.folded
ls -A
p convert --lossless one.folded a.folded --to pprof -o out/
ls out
