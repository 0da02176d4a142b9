#!/bin/bash
# Expected reports of the pprof fixtures, derived from `go tool pprof`.
# In: testdata/pprof (fixtures, filters/cases.txt, graph/cases.txt). Out: `derive DIR` writes
# FIXTURE.TYPE.top (everything, base unit), .topdef (the tool's defaults),
# .topcum (the same by cumulative value) and filters/NAME.out and graph/NAME.* into DIR;
# `check` derives into a temporary directory and fails on any difference.
# It must not change testdata unless told to by `derive testdata/pprof`.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
src=$root/testdata/pprof

usage() {
	echo "usage: pprof.sh derive DIR | check" >&2
	exit 2
}

# The output must depend on the fixtures only: fixed zone, no settings, no
# search path on which a binary could be found.
find_tool() {
	export TZ=UTC LC_ALL=C GOTOOLCHAIN=local PPROF_BINARY_PATH=/nonexistent
	version=$(go env GOVERSION)
	# Newer versions of Go build the tool on first use; ask for it once.
	go tool pprof -h >/dev/null 2>&1 || true
	tool=$(go tool -n pprof)
	export PPROF_TMPDIR=$1
}

# report ARGS...: the report -top, then what the tool said beside it; report_of: the report that ARGS name.
report() { report_of -top "$@"; }
report_of() {
	local status=0
	"$tool" -symbolize=none "$@" 2>"$PPROF_TMPDIR/stderr" || status=$?
	sed -n '/^Main binary filename not available/!s/^/!stderr /p' "$PPROF_TMPDIR/stderr"
	[ "$status" = 0 ] || echo "!status $status"
}

# types FIXTURE: one "type/unit" per line. A type may hold blanks, a unit not.
types() {
	"$tool" -raw -symbolize=none "$1" 2>/dev/null | awk '
		seen {
			gsub(/\[dflt\]/, "")
			for (i = 1; i <= NF; i++) {
				word = word (word == "" ? "" : " ") $i
				if ($i ~ /\//) { print word; word = "" }
			}
			exit
		}
		/^Samples:/ { seen = 1 }'
}

# unit_of UNIT: the option value that shows numbers as they are stored.
unit_of() {
	case $1 in
	nanoseconds) echo ns ;;
	bytes) echo B ;;
	*) echo "$1" ;;
	esac
}

derive_fixture() {
	local fixture=$1 out=$2 type unit base limit last
	types "$fixture" >"$PPROF_TMPDIR/types"
	[ -s "$PPROF_TMPDIR/types" ] || { echo "$fixture: not readable" >&2; return 1; }
	last=$(tail -n 1 "$PPROF_TMPDIR/types")
	while IFS=/ read -r type unit; do
		base=$out/$fixture.${type// /_} # no blanks in file names
		limit=()
		# Size: of the large files only the last type is kept whole.
		[[ $fixture == good-large-* && $type/$unit != "$last" ]] && limit=(-nodecount=200)
		report -nodefraction=0 "${limit[@]}" -unit="$(unit_of "$unit")" -sample_index="$type" "$fixture" >"$base.top"
		report -sample_index="$type" "$fixture" >"$base.topdef"
		report -cum -sample_index="$type" "$fixture" >"$base.topcum"
	done <"$PPROF_TMPDIR/types"
}

# unit_for FIXTURE TYPE: of the type with that name or number.
unit_for() {
	types "$1" | awk -F/ -v want="$2" '
		$1 == want || NR - 1 "" == want { print $2; exit }'
}

derive_case() {
	local name=$1 fixture=$2 type=$3 options=$4 out=$5 words
	read -ra words <<<"$options"
	report -nodefraction=0 -unit="$(unit_of "$(unit_for "$fixture" "$type")")" \
		-sample_index="$type" "${words[@]}" "$fixture" >"$out/filters/$name.out"
}

derive_cases() {
	local out=$1 name fixture type options
	while IFS= read -r line; do
		case $line in '' | '#'*) continue ;; esac
		name=${line%% | *} line=${line#* | }
		fixture=${line%% | *} line=${line#* | }
		type=${line%% |*} options=${line#* |}
		derive_case "$name" "$fixture" "$type" "$options" "$out"
	done <"$src/filters/cases.txt"
}

# Call graphs: graph/NAME.tree, .peek and .traces, by the first option.
derive_graph() {
	local name=$1 fixture=$2 options=$3 out=$4 words kind
	read -ra words <<<"$options"
	kind=${words[0]#-}
	report_of "${words[@]}" "$fixture" >"$out/graph/$name.${kind%%=*}"
}

derive_graphs() {
	local out=$1 name fixture options
	while IFS= read -r line; do
		case $line in '' | '#'*) continue ;; esac
		name=${line%% | *} line=${line#* | }
		fixture=${line%% | *} options=${line#* | }
		derive_graph "$name" "$fixture" "$options" "$out"
	done <"$src/graph/cases.txt"
}

derive() {
	local out fixture
	mkdir -p "$1/filters" "$1/graph"
	out=$(cd "$1" && pwd)
	cd "$src"
	for fixture in good-*.pb good-*.pb.gz odd-multimember.pb.gz; do
		derive_fixture "$fixture" "$out"
	done
	derive_cases "$out"
	derive_graphs "$out"
}

# stored DIR: the names of the derived files in it.
stored() {
	(cd "$1" && find . -name '*.top' -o -name '*.topdef' -o -name '*.topcum' -o -path './filters/*.out' \
		-o -path './graph/*.tree' -o -path './graph/*.peek' -o -path './graph/*.traces') | sort
}

check() {
	local wanted
	wanted=$(cat "$src/PEER_VERSION")
	if [ "${version%.*}" != "${wanted%.*}" ]; then
		echo "SKIP: go tool pprof is $version, expectations were made with $wanted"
		return 0
	fi
	derive "$work/new"
	if ! diff -u <(stored "$src") <(stored "$work/new"); then
		echo "FAIL: the set of expected files differs" >&2
		return 1
	fi
	local name failed=0 count=0
	while IFS= read -r name; do
		count=$((count + 1))
		diff -u "$src/$name" "$work/new/$name" || failed=$((failed + 1))
	done < <(stored "$src")
	[ "$failed" = 0 ] || { echo "FAIL: $failed of $count expected files differ" >&2; return 1; }
	[ "$count" -gt 0 ] || { echo "FAIL: no expected files" >&2; return 1; }
	echo "ok: $count expected files agree with go tool pprof $version"
}

if ! command -v go >/dev/null 2>&1; then
	echo "SKIP: go tool pprof not installed"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find_tool "$work"
case ${1-} in
derive)
	[ $# = 2 ] || usage
	derive "$2"
	;;
check) check ;;
*) usage ;;
esac
