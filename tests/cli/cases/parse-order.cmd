# Options before, between and behind files; -- ends them.
f=$DATA/pprof/good-go126-mutex.pb.gz
want=$("$PANALYZE" top --format csv "$f")
same() { [ "$("$PANALYZE" top "$@" 2>&1)" = "$want" ] && echo same; }
same "$f" --format csv
same --format=csv -- "$f"
same --format csv "$f" --
same -n 1000 "$f" --format csv
p top "$f" -- --format
p top -- -n
