# The grammar of --time is checked; a profile without a time axis is an error, not silence.
f=$DATA/pprof/good-go126-mutex.pb.gz
for window in 10s..25s -30s.. 10%..20% @5s..@9s ..1m 1.5..2; do p top --time "$window" "$f"; done
for window in 10s .. 25s..10s -10s..-30s 20%..10% 1x..2 150%.. 1.2.3..4 99999999999999h..; do p top --time "$window" "$f"; done
