#!/bin/sh
# Records the Python fixtures. In: an output directory. Out: good-zprofile-*,
# good-pypprof-*. Needs CPython 3.11 with venv (PYTHON names it).
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/python
mkdir -p "$dir"
cp "$here/fixture.py" "$dir"
cd "$dir"
[ -x venv/bin/python ] || "${PYTHON:-/usr/bin/python3}" -m venv venv
venv/bin/pip install -q 'setuptools<70' six==1.17.0 'protobuf<3.21' mprofile==0.0.15
# zprofile pins a protobuf of its own; the one above serves both packages.
venv/bin/pip install -q --no-deps zprofile==1.0.13 pypprof==0.0.1
venv/bin/python fixture.py "$out"
