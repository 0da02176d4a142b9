# A reader that goes away ends panalyze by SIGPIPE (141), without a word, even where SIGPIPE was ignored.  The report is
# larger than a pipe holds, so the writer cannot be done before it notices.
f=$DATA/pprof/good-large-gocompile-cpu.pb.gz
[ "$("$PANALYZE" top --threshold 0 --format json "$f" | wc -c)" -gt 200000 ] && echo large
"$PANALYZE" top --threshold 0 --format json "$f" | head -n 1
echo "${PIPESTATUS[0]}"
(trap '' PIPE; "$PANALYZE" top --threshold 0 --format json "$f"; echo "$?" >&2) | head -n 1
"$PANALYZE" help top | head -n 1
