f=$DATA/pprof/good-go126-tags.pb.gz
for by in filefunction file line module label=handler; do p top --by $by -n 3 "$f"; done
p top --by label=nothing "$f"
for by in thread process category file-of-origin; do p top --by $by -n 3 "$f"; done
