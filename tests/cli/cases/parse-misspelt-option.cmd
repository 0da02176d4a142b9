f=$DATA/pprof/good-go126-mutex.pb.gz
p top --nodecout 4 "$f"
p top --no-inlines "$f"
p top -smaple_index=0 "$f"
p top --relative "$f"
p top --completely-unknown "$f"
p top -z "$f"
p info --cum "$f"
p info --frmat json "$f"
