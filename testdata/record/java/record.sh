#!/bin/sh
# Records the JVM fixtures: async-profiler and the JDK's own recorder, both
# turned into profile.proto by jfrconv. In: an output directory.
# Out: good-jfrconv-*.pb. Needs a JDK (17 or newer) and maven.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/java
version=4.1
mkdir -p "$dir"
cp "$here/Fixture.java" "$dir"
cd "$dir"
for name in async-profiler jfr-converter; do
	mvn -q -B dependency:copy -Dartifact=tools.profiler:$name:$version -DoutputDirectory=. -Dmdep.useBaseVersion=true
done
unzip -qo async-profiler-$version.jar 'linux-x64/*'
javac Fixture.java
java -agentpath:"$dir"/linux-x64/libasyncProfiler.so=start,event=ctimer,interval=5ms,alloc=64k,lock=10us,cstack=vm,jfr,file=ap.jfr \
	Fixture 3
java -XX:StartFlightRecording=filename=jdk.jfr,settings=profile Fixture 3
conv() { # conv INPUT OUTPUT OPTIONS...
	input=$1
	output=$2
	shift 2
	java -jar jfr-converter-$version.jar -o pprof "$@" "$input" "$out/$output"
}
# jfrconv never compresses, whatever the file is called.
conv ap.jfr good-jfrconv-cpu.pb --cpu --threads --lines
conv ap.jfr good-jfrconv-alloc.pb --alloc --total
conv ap.jfr good-jfrconv-lock.pb --lock --total
conv jdk.jfr good-jfrconv-jdk.pb --simple --dot
# A JDK recording has no samples of this kind: a profile without any sample.
conv jdk.jfr good-jfrconv-empty.pb --nativemem
