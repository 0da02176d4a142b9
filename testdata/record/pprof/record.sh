#!/bin/sh
# Makes the fixtures that `go tool pprof -proto` writes itself: merges,
# differences, a legacy text heap profile, pseudo frames, split gzip members.
# In: the directory with the good-go* fixtures. Out: more files in it.
set -eu
out=$(realpath "${1:?usage: record.sh DIR-WITH-GO-FIXTURES}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}
mkdir -p "$dir"
export PPROF_TMPDIR="$dir"
cd "$out"

proto() { # proto OUTPUT ARGS...
	target=$1
	shift
	go tool pprof -proto -output "$target" "$@"
}

proto good-pprof-merge.pb.gz -symbolize=none -add_comment 'two runs, merged' \
	good-go126-cpu.pb.gz good-go122-cpu.pb.gz
proto good-pprof-mergeheap.pb.gz -symbolize=none good-go126-heap.pb.gz good-go119-heap.pb.gz
proto good-pprof-diffbase.pb.gz -symbolize=none -diff_base good-go122-tags.pb.gz good-go126-tags.pb.gz
proto good-pprof-base.pb.gz -symbolize=none -base good-go122-heap.pb.gz good-go126-heap.pb.gz
proto good-pprof-normalize.pb.gz -symbolize=none -normalize -diff_base good-go119-cpu.pb.gz good-go126-cpu.pb.gz
proto good-pprof-tagroot.pb.gz -symbolize=none -tagroot handler -tagleaf phase good-go126-tags.pb.gz
proto good-pprof-focus.pb.gz -symbolize=none -focus 'main\.request' -hide '^runtime\.' good-go126-labels.pb.gz

# The text form carries addresses only; symbols come from the program, and
# pprof adds drop_frames/keep_frames while it converts.
cp "$here"/../go/*.go "$here/../go/go.mod" "$dir"
(cd "$dir" && GOTOOLCHAIN=go1.26.8 CGO_ENABLED=0 go build -trimpath -o fixture . &&
	./fixture -kind heaptext -out "$dir/heap.txt")
proto good-pprof-heaptext.pb.gz -symbolize=local "$dir/fixture" "$dir/heap.txt"
proto good-pprof-heaptext-addr.pb.gz -symbolize=none "$dir/heap.txt"

# One profile as two gzip members: legal, and pprof reads it.
gzip -dc good-go126-threads.pb.gz >"$dir/whole"
head -c 3000 "$dir/whole" | gzip -n9 >odd-multimember.pb.gz
tail -c +3001 "$dir/whole" | gzip -n9 >>odd-multimember.pb.gz
cp "$dir/whole" good-go126-threads-raw.pb
