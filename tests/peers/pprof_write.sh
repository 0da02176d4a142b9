#!/bin/bash
# What is written as pprof says the same to Go's tools as what was read.
# In: testdata/pprof; PANALYZE (its directory holds libpanalyze.a). `check`: nothing left behind, exit 77 without go;
# `show FILE`: the normalised text of one profile.
# 1. `go tool pprof -raw` of each fixture and of our rewriting: equal once ids are replaced by content, duplicates are
#    summed and what nothing refers to is dropped.
# 2. `go build -pgo` takes two CPU profiles merged by us; start lines survive: it reads the same edges from our merged
#    profile as from the one Go's tool merges.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
src=$root/testdata/pprof
export TZ=UTC LC_ALL=C GOTOOLCHAIN=local GOFLAGS=-mod=mod GO111MODULE=on PPROF_BINARY_PATH=/nonexistent

usage() {
	echo "usage: pprof_write.sh check | show FILE" >&2
	exit 2
}

# normalise RAW: header, first mapping, then one line a distinct sample, sorted.
normalise() {
	awk '
		/^Samples:$/ && !part { part = "samples"; next }
		part == "samples" && !types { types = $0; print "types " types; next }
		/^Locations$/ && part == "samples" { part = "locations"; next }
		/^Mappings$/ && part == "locations" { part = "mappings"; next }
		!part { print "head " $0; next }
		part == "samples" && /^ *-?[0-9]+( +-?[0-9]+)*: ([0-9]+ )*$/ {
			n++
			at = index($0, ":")
			values[n] = substr($0, 1, at - 1)
			stack[n] = substr($0, at + 1)
			next
		}
		part == "samples" { labels[n] = labels[n] "\n" $0; next }
		part == "locations" && match($0, /^ *[0-9]+: 0x[0-9a-f]+ /) {
			id = $1 + 0
			location[id] = substr($0, RLENGTH - length($2))
			next
		}
		part == "locations" { location[id] = location[id] " <- " substr($0, 14); next }
		part == "mappings" {
			id = $1 + 0
			mapping[id] = substr($0, index($0, ":") + 2)
			if (!first++) print "first mapping " mapping[id]
		}
		function frames(s,   part, n, i, text, l) {
			n = split(s, part, " ")
			text = ""
			for (i = 1; i <= n; i++) {
				l = location[part[i]]
				if (match(l, / M=[0-9]+ /))
					l = substr(l, 1, RSTART) "M=" mapping[substr(l, RSTART + 3, RLENGTH - 4) + 0] " " substr(l, RSTART + RLENGTH)
				text = text " ;" l
			}
			return text
		}
		END {
			for (i = 1; i <= n; i++) {
				key = frames(stack[i]) " |" labels[i]
				gsub(/\n/, " ", key)
				k = split(values[i], v, " ")
				if (!(key in seen)) { seen[key] = values[i]; continue }
				split(seen[key], sum, " ")
				text = ""
				for (j = 1; j <= k; j++) text = text " " sprintf("%.0f", sum[j] + v[j])
				seen[key] = text
			}
			for (key in seen) {
				k = split(seen[key], v, " ")
				text = ""
				for (j = 1; j <= k; j++) text = text " " v[j]
				print "sample" text " :" key | "sort"
			}
		}' "$1"
}

# raw FILE: what Go reads; its complaints about missing binaries are not ours.
raw() {
	"$tool" -raw -symbolize=none "$1" 2>"$tmp/stderr" || { cat "$tmp/stderr" >&2; return 1; }
}

build_helper() {
	local library libraries
	library=$(dirname "$PANALYZE")/libpanalyze.a
	libraries=$(pkg-config --libs zlib libdeflate libprotobuf-c libcjson gsl libpcre2-8 libzstd libxxhash libutf8proc)
	# shellcheck disable=SC2086 # words
	${CC:-gcc} -O2 -std=c11 -D_GNU_SOURCE -I"$root" "$root/tests/peers/rewrite.c" "$library" $libraries -liberty -lm -pthread \
		-o "$tmp/rewrite"
}

check_raw() {
	local f name n=0
	for f in "$src"/good-*.pb "$src"/good-*.pb.gz "$src"/odd-*.pb.gz; do
		name=$(basename "$f")
		raw "$f" >"$tmp/raw" && normalise "$tmp/raw" >"$tmp/want"
		"$tmp/rewrite" "$tmp/written" "$f"
		raw "$tmp/written" >"$tmp/raw" && normalise "$tmp/raw" >"$tmp/got"
		[ -s "$tmp/want" ] || { echo "$name: nothing to compare"; failed=1; }
		cmp -s "$tmp/want" "$tmp/got" || { echo "$name: differs"; diff "$tmp/want" "$tmp/got" | cut -c1-300 | head -n 10; failed=1; }
		n=$((n + 1))
	done
	echo "$n profiles rewritten"
}

# The compiler takes names, line offsets from the start line, and weights from a profile.
check_pgo() {
	local a=$src/good-go126-cpu.pb.gz b=$src/good-go126-labels.pb.gz
	"$tmp/rewrite" "$tmp/merged.pb.gz" "$a" "$b"
	"$tool" -proto -symbolize=none -output "$tmp/theirs.pb.gz" "$a" "$b" >/dev/null 2>&1
	go tool preprofile -i "$tmp/merged.pb.gz" -o "$tmp/ours.edges"
	go tool preprofile -i "$tmp/theirs.pb.gz" -o "$tmp/theirs.edges"
	[ "$(wc -l <"$tmp/ours.edges")" -gt 30 ] || { echo "pgo: hardly any edges"; failed=1; }
	sort "$tmp/ours.edges" >"$tmp/ours.sorted"
	sort "$tmp/theirs.edges" >"$tmp/theirs.sorted"
	cmp "$tmp/ours.sorted" "$tmp/theirs.sorted" || { echo "pgo: other edges"; failed=1; }
	mkdir "$tmp/program"
	printf 'module fixture\n\ngo 1.21\n' >"$tmp/program/go.mod"
	printf 'package main\n\nfunc main() { println("built") }\n' >"$tmp/program/main.go"
	(cd "$tmp/program" && go build -pgo="$tmp/merged.pb.gz" -o "$tmp/built" .) || { echo "pgo: refused"; failed=1; return; }
	[ "$("$tmp/built" 2>&1)" = built ] || { echo "pgo: the program does not run"; failed=1; }
	go version -m "$tmp/built" | grep -q -e '-pgo=.*merged.pb.gz' || { echo "pgo: built without the profile"; failed=1; }
	echo "go build -pgo: accepted"
}

if ! command -v go >/dev/null 2>&1; then
	echo "SKIP: go is not installed"
	exit 77
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export PPROF_TMPDIR=$tmp
go tool pprof -h >/dev/null 2>&1 || true # newer versions of Go build it on first use
tool=$(go tool -n pprof)
failed=0
case ${1:-} in
check)
	[ $# = 1 ] || usage
	: "${PANALYZE:?must name the panalyze binary}"
	build_helper
	check_raw
	check_pgo
	;;
show)
	[ $# = 2 ] || usage
	raw "$2" >"$tmp/raw"
	normalise "$tmp/raw"
	;;
*) usage ;;
esac
exit "$failed"
