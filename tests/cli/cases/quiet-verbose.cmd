f=$DATA/pprof/good-go126-mutex.pb.gz
p top -q -n 1 "$f"
p top -v -n 1 "$f" | sed 's/[0-9.]* ms/N ms/g; s/[0-9.]* MB of/N MB of/'
p info -v "$f" | sed -n 's/[0-9.]* ms/N ms/g; s/[0-9.]* MB of/N MB of/p'
