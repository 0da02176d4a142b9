# From a file, a pipe, gzip'ed, not gzip'ed, gzip'ed twice.
f=$DATA/pprof/good-go126-cpu.pb.gz
"$PANALYZE" top --format csv "$f" >want
"$PANALYZE" top --format csv - <"$f" | cmp - want && echo file
cat "$f" | "$PANALYZE" top --format csv - | cmp - want && echo pipe
gzip -dc "$f" | "$PANALYZE" top --format csv - | cmp - want && echo 'not compressed'
p top - </dev/null
p top - <&-
gzip -c "$f" | p top --format csv -
