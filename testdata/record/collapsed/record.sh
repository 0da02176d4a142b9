#!/bin/sh
# Records collapsed stacks with the programs that write them. In: an output
# directory and what to record (python java ruby perf; all if not said).
# Out: good-*.txt, odd-*.txt. Needs CPython 3.11 with venv, a JDK and maven, ruby
# and rbspy, gcc, perf and inferno (`cargo install inferno`), each for its own
# part; the right to read other processes' memory and to use perf.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR [python|java|ruby|perf]...}")
shift
here=$(cd "$(dirname "$0")" && pwd)
base=${FIXTURE_DIR:-/src/fixture}
python=${PYTHON:-/usr/bin/python3}

record_python() {
	mkdir -p "$base/python"
	cp "$here/../austin/load.py" "$base/python"
	cd "$base/python"
	[ -x venv/bin/python ] || "$python" -m venv venv
	venv/bin/pip install -q py-spy==0.4.3 austin-dist==3.7.0
	venv/bin/py-spy record -f raw -r 100 -o "$out/good-pyspy.txt" -- "$python" load.py 2
	venv/bin/py-spy record -f raw -r 50 -t -s -o "$out/good-pyspy-threads.txt" -- "$python" load.py 2
	venv/bin/py-spy record -f raw -r 50 -n -o "$out/good-pyspy-native.txt" -- "$python" load.py 1
	venv/bin/austin -i 20ms -o "$out/good-austin3-wall.txt" "$python" load.py 1
	venv/bin/austin -i 20ms -s -o "$out/good-austin3-cpu.txt" "$python" load.py 1
	venv/bin/austin -i 10ms -m -o "$out/good-austin3-memory.txt" "$python" load.py 1
	venv/bin/austin -i 20ms -f -o "$out/good-austin3-full.txt" "$python" load.py 1
}

record_java() {
	version=4.1
	mkdir -p "$base/java"
	cp "$here/../java/Fixture.java" "$base/java"
	cd "$base/java"
	for name in async-profiler jfr-converter; do
		mvn -q -B dependency:copy -Dartifact=tools.profiler:$name:$version -DoutputDirectory=. -Dmdep.useBaseVersion=true
	done
	unzip -qo async-profiler-$version.jar 'linux-x64/*'
	javac Fixture.java
	agent=$base/java/linux-x64/libasyncProfiler.so
	java "-agentpath:$agent=start,event=ctimer,interval=20ms,cstack=vm,threads,ann,collapsed,file=$out/good-async-ann.txt" Fixture 2
	java "-agentpath:$agent=start,event=ctimer,interval=20ms,sig,lib,dot,collapsed,file=$out/good-async-sig.txt" Fixture 2
	java "-agentpath:$agent=start,event=alloc,alloc=4m,total,ann,collapsed,file=$out/good-async-alloc.txt" Fixture 2
	java -agentpath:"$agent"=start,event=ctimer,interval=20ms,alloc=1m,lock=10us,jfr,file=ap.jfr Fixture 2
	java -jar jfr-converter-$version.jar -o collapsed --cpu --threads --lines ap.jfr "$out/good-jfrconv-cpu.txt"
	java -jar jfr-converter-$version.jar -o collapsed --lock --total ap.jfr "$out/good-jfrconv-lock.txt"
}

record_ruby() {
	mkdir -p "$base/ruby"
	cp "$here/../ruby/fixture.rb" "$base/ruby"
	cd "$base/ruby"
	"${RBSPY:-rbspy}" record --silent --rate 100 --format collapsed --raw-file raw.gz --file "$out/good-rbspy.txt" -- ruby fixture.rb 2
}

# One recording of the kernel's, folded in two ways, and the difference of two.
record_perf() {
	mkdir -p "$base/perf"
	cp "$here/load.c" "$base/perf"
	cd "$base/perf"
	gcc -O1 -g -fno-omit-frame-pointer -fno-optimize-sibling-calls load.c -o load
	for run in 1 2; do
		perf record -q -e cpu-clock -F 200 -g -o perf.$run ./load 1
		perf script -i perf.$run >script.$run 2>script.log
		inferno-collapse-perf script.$run >folded.$run
	done
	cp folded.1 "$out/good-inferno-perf.txt"
	inferno-collapse-perf --all --pid --tid script.1 >"$out/good-inferno-perf-all.txt"
	inferno-diff-folded folded.1 folded.2 >"$out/good-inferno-diff.txt"
}

[ $# -gt 0 ] || set -- python java ruby perf
for what; do
	(record_"$what")
done
