# One dash or two; _ is -; "=" or a space before the value.
f=$DATA/pprof/good-go126-mutex.pb.gz
one=$("$PANALYZE" top -sample_index=contentions -format csv "$f")
for how in '--sample-index contentions --format csv' '--sample_index=contentions -format=csv' '-metric contentions --format=csv' '--metric=0 --format csv' '-contentions -format csv'; do
    # shellcheck disable=SC2086 # words
    [ "$("$PANALYZE" top $how "$f")" = "$one" ] && echo "same: $how"
done
p top ---format csv "$f"
p top --n 1 --format csv "$f"
