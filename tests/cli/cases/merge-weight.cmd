# --weight equal: every input is brought to the total of the first, and no value is off by one or more.
printf 'main;a 60\nmain;b 40\n' >first.folded
printf 'main;a 1\nmain;b 1\nmain;c 1\n' >thirds.folded
printf 'main;a 999\nmain;d 1\nmain;e -1000\n' >signs.folded
printf 'main;z 0\n' >zero.folded
p merge --weight equal first.folded thirds.folded -o thirds.pb.gz
"$PANALYZE" convert -q thirds.pb.gz --to collapsed
"$PANALYZE" info thirds.pb.gz | grep -e comments -e weight -e samples
p merge --weight equal --to collapsed -q first.folded signs.folded
p merge --weight equal --to collapsed zero.folded first.folded zero.folded thirds.folded
p merge --weight samples --to collapsed first.folded thirds.folded
printf 'main;a 9000000000000000000\n' >huge.folded
p merge --weight equal --to collapsed first.folded huge.folded
p merge --weight equal --to collapsed huge.folded first.folded
p merge --to collapsed huge.folded huge.folded
# Two values: both are scaled alike.
f=$DATA/pprof/good-go126-cpu.pb.gz
g=$DATA/pprof/good-go126-labels.pb.gz
p merge --weight equal "$f" "$g" -o cpu.pb.gz
"$PANALYZE" info "$f" "$g" cpu.pb.gz | grep -E '^ +(cpu|samples) '
p merge --weight equal "$f" "$DATA/pprof/good-go126-heap.pb.gz" -o other.pb.gz
p merge --weight half "$f" -o none.pb.gz
