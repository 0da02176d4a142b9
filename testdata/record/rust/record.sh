#!/bin/sh
# Records the pprof-rs fixture. In: an output directory. Out: good-pprofrs-cpu.pb
# (raw, as the crate writes it). Registry paths are mapped away.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/rust
mkdir -p "$dir/src"
cp "$here/Cargo.toml" "$dir"
cp "$here/src/main.rs" "$dir/src"
cd "$dir"
# cargo names the unpacked registry after its host: find it, map it to /crates.
cargo fetch -q
registry=$(find "${CARGO_HOME:-$HOME/.cargo}/registry/src" -mindepth 1 -maxdepth 1 -type d | head -n 1)
sysroot=$(rustc --print sysroot)
RUSTFLAGS="--remap-path-prefix=$registry=/crates --remap-path-prefix=$sysroot=/rust" \
	cargo build -q --release -j "${JOBS:-2}"
target/release/fixture "$out/good-pprofrs-cpu.pb"
