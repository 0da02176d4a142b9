f=$DATA/pprof/good-go126-cpu.pb.gz
src="--source-path $ROOT/testdata/record/go --trim-path fixture"
p list '^main\.(spin|inlineHeavy|step[12])$' $src "$f"
p list 'main\.fib$' --sources=false "$f"
p list --metric samples --focus inlineHeavy 'step3' $src "$f"
p list '^main\.newRecord$' $src --metric alloc_space "$DATA/pprof/good-go126-heap.pb.gz"
# without --trim-path: what precedes the last name of the directory
p list 'fib$' --source-path "$ROOT/testdata/record/python" "$DATA/pprof/good-zprofile-cpu.pb.gz"
# lines of the same function in two versions of a program are lines all the same
p list 'main\.fib$' $src "$f" "$DATA/pprof/good-go122-cpu.pb.gz"
