f=$DATA/pprof/good-go126-tags.pb.gz
for filter in --focus=digest --ignore=runtime --hide=^runtime '--show=^main[.]' '--show-from=main[.]tagged' --prune-from=inlineHeavy \
    --tagfocus=handler=put --tagignore=phase=encode --tagroot=handler --noinlines --relative-percentages; do
    p top -n 3 "$filter" "$f"
done
p top --focus=nothing-has-this-name "$f"
p top '--focus=*bad' "$f"
p top '--rename=s/main/x' "$f"
p top -n 2 '--rename=s/^main[.]/m:/' "$f"
p top --thread=worker "$f"
p top --cpu=0 "$f"
