#!/bin/bash
# Expected reports of `go tool pprof -list` and `-tags` (testdata/pprof/reports/cases.txt).
# `derive DIR` writes NAME.out for every case into DIR; `check` derives into a temporary directory and fails on any
# difference.  Skipped without the tool, or with another version of it than the expectations were made with.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
src=$root/testdata/pprof

usage() {
	echo "usage: pprof_reports.sh derive DIR | check" >&2
	exit 2
}

# The output must depend on the fixtures and sources only.
find_tool() {
	export TZ=UTC LC_ALL=C GOTOOLCHAIN=local PPROF_BINARY_PATH=/nonexistent PPROF_TMPDIR=$1
	version=$(go env GOVERSION)
	go tool pprof -h >/dev/null 2>&1 || true # newer versions of Go build it on first use
	tool=$(go tool -n pprof)
}

derive() {
	local out name fixture options words
	mkdir -p "$1"
	out=$(cd "$1" && pwd)
	cd "$root" # source paths are relative
	while IFS= read -r line; do
		case $line in '' | '#'*) continue ;; esac
		name=${line%% | *} line=${line#* | }
		fixture=${line%% | *} options=${line#* | }
		read -ra words <<<"$options"
		"$tool" -symbolize=none -source_path=testdata/record/go:testdata/record -trim_path=fixture:/src/fixture \
			"${words[@]}" "$src/$fixture" 2>/dev/null | sed 's/^ Error: .*/ Error:/' >"$out/$name.out"
		case $name in tags-none) ;; *) [ -s "$out/$name.out" ] || { echo "$name: no report" >&2; return 1; } ;; esac
	done <"$src/reports/cases.txt"
}

check() {
	local wanted
	wanted=$(cat "$src/PEER_VERSION")
	if [ "${version%.*}" != "${wanted%.*}" ]; then
		echo "SKIP: go tool pprof is $version, expectations were made with $wanted"
		return 0
	fi
	derive "$work/new"
	diff -ru --exclude=cases.txt "$src/reports" "$work/new" || { echo "FAIL: expected files differ" >&2; return 1; }
	echo "ok: $(find "$work/new" -name '*.out' | wc -l) expected files agree with go tool pprof $version"
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
