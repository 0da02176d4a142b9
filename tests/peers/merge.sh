#!/bin/bash
# Our merge of several profiles says what `go tool pprof -proto` of the same files says.
# In: PANALYZE; testdata/pprof.  `check`: nothing left behind, exit 77 without go; `time DIRECTORY`: how long both take
# to merge the pprof files of a directory, which may be thousands, and whether they agree.
# Compared as tests/peers/pprof_write.sh compares: ids by content, equal samples summed, what is unused left out.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
src=$here/../../testdata/pprof
export TZ=UTC LC_ALL=C GOTOOLCHAIN=local PPROF_BINARY_PATH=/nonexistent

usage() {
	echo "usage: merge.sh check | time DIRECTORY" >&2
	exit 2
}

theirs() { "$tool" -proto -symbolize=none -output "$tmp/theirs.pb.gz" "$@" >/dev/null 2>"$tmp/stderr" || { cat "$tmp/stderr" >&2; return 1; }; }

# What both wrote, in one form.  Go's merge leaves out samples whose values are all zero; ours keeps them.
form() { "$here/pprof_write.sh" show "$1" | grep -v '^sample 0\( 0\)* :'; }

same() {
	form "$tmp/theirs.pb.gz" >"$tmp/want"
	form "$tmp/ours.pb.gz" >"$tmp/got"
	[ "$(grep -c '^sample' "$tmp/want")" -gt 2 ] || { echo "$1: hardly any samples"; return 1; }
	cmp -s "$tmp/want" "$tmp/got" && return 0
	echo "$1: differs"
	diff "$tmp/want" "$tmp/got" | cut -c1-300 | head -n 10
	return 1
}

check() { # NAME FILE...
	local name=$1
	shift
	theirs "$@"
	for jobs in 1 3; do
		"$PANALYZE" merge -q -j "$jobs" -o "$tmp/ours.pb.gz" "$@"
		same "$name, $jobs threads" || failed=1
	done
}

if ! command -v go >/dev/null 2>&1; then
	echo "SKIP: go is not installed"
	exit 77
fi
: "${PANALYZE:?must name the panalyze binary}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export PPROF_TMPDIR=$tmp
go tool pprof -h >/dev/null 2>&1 || true # newer versions of Go build it on first use
tool=$(go tool -n pprof)
failed=0
case ${1:-} in
check)
	[ $# = 1 ] || usage
	cpu=$src/good-go126-cpu.pb.gz labels=$src/good-go126-labels.pb.gz tags=$src/good-go126-tags.pb.gz
	check 'three CPU profiles' "$cpu" "$labels" "$tags"
	check 'five CPU profiles' "$cpu" "$labels" "$cpu" "$tags" "$labels"
	check 'one and itself' "$src/good-go126-heap.pb.gz" "$src/good-go126-heap.pb.gz"
	check 'mutex and itself, four times' "$src"/good-go126-mutex.pb.gz{,,,}
	[ "$failed" = 0 ] && echo "4 merges: the same"
	;;
time)
	[ $# = 2 ] || usage
	TIMEFORMAT='%R s, %U s user, %S s system'
	echo "files: $(find "$2" -maxdepth 1 -type f | wc -l)"
	printf 'go tool pprof -proto: '
	time theirs "$2"/*
	for jobs in 1 2; do
		printf 'panalyze merge -j %s: ' "$jobs"
		time "$PANALYZE" merge -q -j "$jobs" -o "$tmp/ours.pb.gz" "$2"
		same "$2" || failed=1
	done
	;;
*) usage ;;
esac
exit "$failed"
