# What pprof's users type and panalyze does not do: advice, not "unknown".
f=$DATA/pprof/good-go126-mutex.pb.gz
for option in -http=:8080 -web -png -svg -pdf -dot -callgrind -tree -list=main -peek=main -traces -raw -proto -tags \
    -diff_base=x -base=x -normalize -drop_negative -mean -divide_by=2 -seconds=5 -tls_ca=x -tools=x -trim_path=x -edgefraction=0 -symbolize=local; do
    p top "$option" "$f"
done
p -top "$f"
p -http=:8080 "$f"
