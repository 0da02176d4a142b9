# Many files, from a directory: the same bytes for any number of threads.  A stranger is left out and counted; a damaged
# one is named, whoever read it.
mkdir runs few
for i in $(seq 300); do
    printf 'main;work;f%d %d\nmain;rest %d\n' $((i % 7)) "$i" $((i % 3 + 1)) >"runs/$i.folded"
done
cp "$DATA"/pprof/good-go126-*.pb.gz few
for i in 1 2 3 4 5 6; do cp "$DATA/pprof/good-go126-cpu.pb.gz" few/cpu$i.pb.gz; done
p merge -j 1 runs -o one.pb.gz
for jobs in 2 3 8; do "$PANALYZE" merge -q -j $jobs runs -o $jobs.pb.gz; cmp one.pb.gz $jobs.pb.gz && echo same; done
"$PANALYZE" convert -q one.pb.gz --to collapsed
for weight in samples equal; do
    for jobs in 1 2 5; do "$PANALYZE" merge -j $jobs --weight $weight few -o few$jobs.pb.gz 2>&1; done | sort | uniq -c | sed 's/^ *//'
    cmp few1.pb.gz few2.pb.gz && cmp few1.pb.gz few5.pb.gz && echo "$weight: same"
done
echo 'neither a profile nor refused' >runs/note
p merge -j 2 runs -o with.pb.gz
cmp one.pb.gz with.pb.gz && echo same
printf 'a;b 9223372036854775807\n' >runs/7.folded
for jobs in 1 2 5; do
    cp few/cpu1.pb.gz runs/205.folded && head -c 3000 few/cpu1.pb.gz >runs/206.folded
    p merge -j $jobs runs -o damaged.pb.gz
done
ls
