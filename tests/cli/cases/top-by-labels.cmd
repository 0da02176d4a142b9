# Threads and processes under the names that other producers use for them; every other --by on the same file.
f=$DATA/pprof/good-austin-wall.pb
for by in thread process label='Thread ID' function filefunction file line module address category file-of-origin; do
    p top --by "$by" -n 3 "$f"
done
p top --by file-of-origin "$f" "$f"
p top --thread '^18620$' -n 2 "$f"
p top --process 18618 -n 2 "$f"
p top --cpu 0 "$f"
p top --by label=bytes -n 3 "$DATA/pprof/good-go126-heap.pb.gz"
for by in threads lable=x label= nothing; do p top --by "$by" "$f"; done
