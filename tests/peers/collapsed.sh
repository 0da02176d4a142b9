#!/bin/bash
# What is written as collapsed stacks is read the same by others as by us.
# In: testdata/collapsed; PANALYZE; inferno's programs on PATH or in INFERNO_BIN, speedscope's npm package in SPEEDSCOPE or
# below `npm root -g`. `check`: nothing left behind, exit 77 with a SKIP line if one of them is missing.
# 1. Of each fixture that is read: written, read and written again: the same bytes; sorted by the bytes of the stack.
# 2. inferno-flamegraph draws the same total, inferno-diff-folded finds the same stacks with the same values.
# 3. speedscope reads the same total and the same own value of each function (it takes whole numbers only).
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
src=$root/testdata/collapsed
panalyze=${PANALYZE:-$root/build/panalyze}
export LC_ALL=C

[ "${1:-}" = check ] || { echo "usage: collapsed.sh check" >&2; exit 2; }
PATH=${INFERNO_BIN:+$INFERNO_BIN:}$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 skipped=0 checks=0
fail() {
	echo "FAIL: $1" >&2
	failed=$((failed + 1))
}
skip() {
	echo "SKIP: $1"
	skipped=$((skipped + 1))
}

inferno='' speedscope=''
if command -v inferno-flamegraph >/dev/null && command -v inferno-diff-folded >/dev/null; then
	inferno=yes
else
	skip "inferno is not installed"
fi
if command -v node >/dev/null; then
	speedscope=${SPEEDSCOPE:-$(npm root -g 2>/dev/null || true)/speedscope}
	[ -d "$speedscope/dist/release" ] || speedscope=
fi
[ -n "$speedscope" ] || skip "node with speedscope's package is not installed"

# options FIXTURE: what its name says it is to be read with.
options() {
	case $1 in
	*.two.*) echo --two-columns ;;
	*.us.*) echo --input-unit us ;;
	esac
}

stacks() { sed 's/ [^ ]*$//' "$1"; }
total() { awk '{ sum += $NF } END { printf "%.0f\n", sum }' "$1"; }

check_inferno() { # name, file
	local svg want
	inferno-flamegraph "$2" >"$work/svg" 2>"$work/log" || { fail "$1: inferno-flamegraph: $(head -n 1 "$work/log")"; return; }
	svg=$(grep -o 'total_samples="[0-9]*"' "$work/svg" | tr -dc 0-9)
	want=$(total "$2")
	[ "$svg" = "$want" ] || fail "$1: inferno draws $svg samples of $want"
	inferno-diff-folded "$2" "$2" 2>"$work/log" | sort >"$work/diff"
	awk '{ print $0, $NF }' "$2" | sort | cmp -s - "$work/diff" || fail "$1: inferno reads other stacks"
	checks=$((checks + 2))
}

# Frame kinds are parts of names there, and another column here.
check_speedscope() { # name, file
	local status=0
	node "$root/tests/peers/speedscope.js" "$speedscope" "$2" >"$work/theirs" || status=$?
	if [ "$status" = 77 ]; then
		speedscope=
		skip "this version of speedscope cannot be driven"
		return
	fi
	"$panalyze" top --names raw --threshold 0 --format json "$2" >"$work/ours.json"
	node -e '
		const sums = new Map();
		const add = (name, value) => sums.set(name, (sums.get(name) || 0) + value);
		const fs = require("fs");
		const ours = JSON.parse(fs.readFileSync(process.argv[1], "utf8"));
		const [first, ...theirs] = fs.readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
		if (first !== "total " + ours.total) throw new Error(first + ", ours " + ours.total);
		for (const row of ours.rows) add(row.function, row.flat);
		for (const line of theirs) {
			const [name, value] = line.split("\t");
			add(name === "[no stack]" ? name : name.replace(/_\[[kji01]\]$/, ""), -Number(value));
		}
		for (const [name, rest] of sums)
			if (rest !== 0 && name !== "[no stack]") throw new Error(name + ": differs by " + rest);
		' "$work/ours.json" "$work/theirs" 2>"$work/log" || fail "$1: speedscope: $(grep -m 1 Error "$work/log")"
	checks=$((checks + 1))
}

for fixture in "$src"/good-*.txt "$src"/odd-*.txt; do
	name=${fixture##*/}
	read -ra with < <(options "$name"; echo)
	# what cannot be kept is said on standard error: no matter here
	"$panalyze" convert -q "${with[@]}" "$fixture" --to collapsed -o "$work/once"
	"$panalyze" convert -q "$work/once" --from collapsed --to collapsed -o "$work/twice"
	cmp -s "$work/once" "$work/twice" || fail "$name: written twice, other bytes"
	stacks "$work/once" | sort -c 2>"$work/log" || fail "$name: not sorted: $(cat "$work/log")"
	checks=$((checks + 2))
	# negative values have no width, and fractions are for FlameGraph alone
	grep -qE ' (-|[0-9]*\.)[0-9]+$' "$work/once" && continue
	# inferno wants text, so its answer to other bytes is no comparison
	iconv -f UTF-8 -t UTF-8 "$work/once" >/dev/null 2>&1 || continue
	[ -z "$inferno" ] || check_inferno "$name" "$work/once"
	[ -z "$speedscope" ] || check_speedscope "$name" "$work/once"
done

[ "$failed" = 0 ] || { echo "FAIL: $failed of $checks comparisons" >&2; exit 1; }
[ "$checks" -gt 0 ] || { echo "FAIL: nothing was compared" >&2; exit 1; }
echo "ok: $checks comparisons"
[ "$skipped" = 0 ] || exit 77
