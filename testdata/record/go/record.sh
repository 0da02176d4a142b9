#!/bin/bash
# Records the Go fixtures. In: an output directory. Out: good-go*-*.pb.gz there.
# Needs Go 1.21 or newer (it fetches the older toolchains itself); builds in
# $FIXTURE_DIR (default /src/fixture) so that no private path enters a recording.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}
mkdir -p "$dir"
cp "$here"/*.go "$here"/go.mod "$dir"
cd "$dir"

# build TOOLCHAIN TARGET: older tools refuse to work from inside the module
# cache they were fetched into, hence the other GOMODCACHE.
build() {
	root=$(GOTOOLCHAIN=$1 go env GOROOT)
	GOTOOLCHAIN=local GOMODCACHE=$dir/modcache "$root/bin/go" build -trimpath -o "$2" .
}

# record TAG TOOLCHAIN KIND...
record() {
	tag=$1
	CGO_ENABLED=0 build "$2" fixture
	shift 2
	for kind; do
		./fixture -kind "$kind" -out "$out/good-$tag-$kind.pb.gz"
	done
}

newest() {
	record go126 go1.26.8 cpu labels tags generics threads deep heap allocs mutex block goroutine threadcreate
	CGO_ENABLED=1 build go1.26.8 fixture-cgo
	./fixture-cgo -kind cgo -out "$out/good-go126-cgo.pb.gz"
	CGO_ENABLED=0 GOEXPERIMENT=goroutineleakprofile build go1.26.8 fixture-leak
	./fixture-leak -kind goroutineleak -out "$out/good-go126-goroutineleak.pb.gz"
}

# `go test` writes its own profiles, here with one more version of Go.
benchmarks() {
	export GOTOOLCHAIN=go1.24.6 GOTMPDIR=$dir/tmp
	mkdir -p "$GOTMPDIR"
	CGO_ENABLED=0 go test -trimpath -run '^$' -bench . -benchtime 1s -outputdir "$dir" \
		-cpuprofile t.cpu -memprofile t.mem -blockprofile t.block -mutexprofile t.mutex
	for kind in cpu mem block mutex; do
		mv "t.$kind" "$out/good-gotest124-$kind.pb.gz"
	done
	unset GOTMPDIR
}

# The Go compiler profiling itself on a large package. Given a directory it
# writes its heap profile as protobuf, given a file as legacy text.
large() {
	export GOTOOLCHAIN=go1.26.8 GOCACHE=$dir/cache
	pkg=cmd/compile/internal/ssa
	go build -trimpath -o /dev/null "$pkg"
	rm -rf "$dir/large.cpu" "$dir/large.mem"
	mkdir "$dir/large.mem"
	go build -gcflags="-cpuprofile=$dir/large.cpu" -o /dev/null "$pkg"
	go build -gcflags="-memprofile=$dir/large.mem/ -memprofilerate=131072" -o /dev/null "$pkg"
	mv "$dir/large.cpu" "$out/good-large-gocompile-cpu.pb.gz"
	mv "$dir"/large.mem/*.memprof "$out/good-large-gocompile-mem.pb.gz"
	rm -rf "$dir/cache" "$dir/large.mem"
}

for step in ${2:-newest older benchmarks large}; do
	case $step in
	newest | benchmarks | large) "$step" ;;
	older)
		record go122 go1.22.12 cpu labels tags deep heap mutex
		record go119 go1.19.13 cpu labels heap block goroutine
		;;
	*) echo "unknown step $step" >&2; exit 2 ;;
	esac
done
