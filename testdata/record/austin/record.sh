#!/bin/sh
# Records the austin fixture. In: an output directory. Out: good-austin-wall.pb
# (raw, as austin2pprof writes it). Needs CPython 3.11 with venv (PYTHON names
# it) and the right to read another process's memory.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/austin
mkdir -p "$dir"
cp "$here/load.py" "$dir"
cd "$dir"
[ -x venv/bin/python ] || "${PYTHON:-/usr/bin/python3}" -m venv venv
venv/bin/pip install -q austin-dist==3.7.0 austin-python==2.4.0
venv/bin/austin -i 10ms -o load.mojo "${PYTHON:-/usr/bin/python3}" load.py 2
venv/bin/austin2pprof load.mojo "$out/good-austin-wall.pb"
