#!/bin/sh
# Records a C++ program with gperftools and turns its own formats into
# profile.proto with pprof. In: an output directory. Out: good-gperftools-*.
# Needs g++, libgoogle-perftools-dev, binutils, go, and PPROF naming the
# stand-alone pprof (module github.com/google/pprof): the one inside Go cannot
# name C++ functions. Columns appear if llvm-symbolizer is installed.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/cpp
mkdir -p "$dir"
cp "$here/main.cc" "$dir"
cd "$dir"
rm -f ./*.prof ./mem.*.heap
g++ -std=c++17 -O1 -g -fno-omit-frame-pointer main.cc -o fixture-pie -Wl,--no-as-needed -ltcmalloc_and_profiler -pthread

proto() { # proto TOOL SYMBOLIZE BINARY INPUT OUTPUT
	tool=$1
	shift
	PPROF_TMPDIR=$dir $tool -proto -symbolize="$1" -output "$out/$4" "$dir/$2" "$3"
}
pprof=${PPROF:-pprof}
go_pprof='go tool pprof'

CPUPROFILE=$dir/pie.prof ./fixture-pie
proto "$go_pprof" none fixture-pie pie.prof good-gperftools-cpu-addr.pb.gz
# File names without function names: that is what Go's pprof makes of C++.
proto "$go_pprof" local fixture-pie pie.prof good-gperftools-cpu-nonames.pb.gz
proto "$pprof" local:demangle=none fixture-pie pie.prof good-gperftools-cpu-mangled.pb.gz
proto "$pprof" local:demangle=full fixture-pie pie.prof good-gperftools-cpu.pb.gz

HEAPPROFILE=$dir/mem HEAP_PROFILE_ALLOCATION_INTERVAL=0 ./fixture-pie
proto "$pprof" local fixture-pie mem.0001.heap good-gperftools-heap.pb.gz
