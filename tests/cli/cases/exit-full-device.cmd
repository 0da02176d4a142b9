f=$DATA/pprof/good-go126-cpu.pb.gz
"$PANALYZE" top "$f" >/dev/full || echo "[exit $?]"
"$PANALYZE" info --format json "$f" >/dev/full || echo "[exit $?]"
"$PANALYZE" help >/dev/full || echo "[exit $?]"
"$PANALYZE" --version >/dev/full || echo "[exit $?]"
"$PANALYZE" top "$f" >&- || echo "[exit $?]"
"$PANALYZE" top -o /dev/full "$f" || echo "[exit $?]"
