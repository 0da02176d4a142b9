# An input is never overwritten, a failure leaves what was there and no other file.
f=$DATA/pprof/good-go126-mutex.pb.gz
cp "$f" in.pb.gz && ln in.pb.gz link.pb.gz && ln -s in.pb.gz soft.pb
p convert in.pb.gz -o in.pb.gz
p convert in.pb.gz -o link.pb.gz
p convert in.pb.gz -o soft.pb
p merge in.pb.gz -o ./in.pb.gz
cmp in.pb.gz "$f" && echo untouched
echo old >out.folded
p convert missing.pb -o out.folded
head -c 500 "$f" >half.pb.gz
p convert half.pb.gz -o out.folded
p merge in.pb.gz half.pb.gz -o out.folded
p convert -q in.pb.gz -o /dev/full --to collapsed
p convert -q in.pb.gz -o no/such/out.folded
cat out.folded
ls -A
