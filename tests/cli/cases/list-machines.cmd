f=$DATA/pprof/good-go126-cpu.pb.gz
src="--source-path $ROOT/testdata/record/go --trim-path fixture"
"$PANALYZE" list 'main\.(fib|spin)$' $src --format json "$f"
"$PANALYZE" list 'main\.(fib|spin)$' $src --format csv "$f" | tr -d '\r'
"$PANALYZE" list 'main\.fib$' --sources=false --format markdown "$f"
