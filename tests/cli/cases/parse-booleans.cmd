f=$DATA/pprof/good-go126-cpu.pb.gz
flat=$("$PANALYZE" top "$f") cum=$("$PANALYZE" top --cum "$f")
is() {
    local got; got=$("$PANALYZE" top "${@:2}" "$f" 2>&1)
    if [ "$got" = "${!1}" ]; then echo "$1: ${*:2}"; else echo "not $1: ${*:2}"; fi
}
[ "$flat" = "$cum" ] && echo 'flat and cum are the same: nothing is shown by this case'
is cum --cum=true
is cum -cum=1
is flat --cum=false
is flat --cum=0
is flat --cum --flat
is cum --flat --cum
is cum --cum --flat=false
p top --cum=maybe "$f"
p top --lines=maybe "$f"
p top --cum= "$f"
