f=$DATA/pprof/good-go126-mutex.pb.gz
p top "$f" --focus
p top --focus --cum "$f"
p top --focus -- "$f"
p top --time
