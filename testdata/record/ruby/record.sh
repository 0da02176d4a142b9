#!/bin/sh
# Records the rbspy fixture. In: an output directory. Out: good-rbspy-wall.pb.gz.
# Needs ruby and rbspy (`cargo install rbspy`); RBSPY names the program.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/ruby
mkdir -p "$dir"
cp "$here/fixture.rb" "$dir"
cd "$dir"
"${RBSPY:-rbspy}" record --silent --rate 100 --format pprof \
	--raw-file "$dir/raw.gz" --file "$out/good-rbspy-wall.pb.gz" -- ruby fixture.rb 4
