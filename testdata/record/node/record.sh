#!/bin/sh
# Records the Node fixtures. In: an output directory. Out: good-node-*.
# Needs node (18 or newer) and npm; the package brings its binary along.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/node
mkdir -p "$dir"
cp "$here/package.json" "$here/fixture.js" "$here/bundle.js" "$dir"
cd "$dir"
npm install --silent --no-audit --no-fund
node fixture.js "$out"
