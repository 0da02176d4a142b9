# Every report of testdata/pprof/reports as go tool pprof printed it: list and tags.  Tabs of sources are blanks here.
cd "$ROOT"
n=0 bad=0
while IFS= read -r line; do
    case $line in '' | '#'*) continue ;; esac
    name=${line%% | *} line=${line#* | }
    fixture=testdata/pprof/${line%% | *}
    read -ra words <<<"${line#* | }"
    arguments=() command='' sources=()
    for word in "${words[@]}"; do
        case $word in
        -list=*) command=list arguments=("${word#-list=}" "${arguments[@]}")
            sources=(-source_path=testdata/record/go:testdata/record -trim_path=fixture:/src/fixture) ;;
        -tags) command=tags ;;
        *) arguments+=("$word") ;;
        esac
    done
    n=$((n + 1))
    "$PANALYZE" "$command" --compat pprof --names raw "${sources[@]}" "${arguments[@]}" "$fixture" 2>&1 |
        sed 's/^ Error: .*/ Error:/' | diff <(expand "testdata/pprof/reports/$name.out") - >"$HOME/diff" ||
        { bad=$((bad + 1)); echo "$name differs:"; head -n 10 "$HOME/diff"; }
done <testdata/pprof/reports/cases.txt
echo "$n reports, $bad differ"
