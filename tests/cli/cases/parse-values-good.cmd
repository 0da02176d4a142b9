# Forms that mean the same.
f=$DATA/pprof/good-go126-cpu.pb.gz
same() { [ "$("$PANALYZE" top $1 "$f" 2>&1)" = "$("$PANALYZE" top $2 "$f" 2>&1)" ] && echo "same: $1 = $2" || echo "differ: $1, $2"; }
same '--threshold 5%' '--threshold 0.05'
same '--threshold .05' ''
same '--nodefraction 1%' '-nodefraction 0.01'
same '--max-memory 512M' '--max-memory 512MiB'
same '--max-size 1G' '--max-size 1073741824'
same '--by line' '-lines'
same '--by function' '-functions'
same '--by file' '-files'
same '--by filefunction' '-filefunctions'
same '--by address' '-addresses'
same '--by line' '--granularity=lines'
same '--trim=false' '--nodecount 0 --nodefraction 0'
same '-symbolize=none' ''
same '-n 3' '--nodecount=3'
same '-n3' '--nodecount=3'
same '-j2' '--jobs 2'
