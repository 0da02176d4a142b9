#!/bin/sh
# Records the refused fixtures that a producer makes, and writes those made by hand.
# In: an output directory. Out: one file or more for each row of formats/refuse.def. Long ones are cut to their head:
# only that is looked at. Needs perf, gcc, clang, llvm-profdata, gprof, valgrind, strace, lz4, xz, bzip2, zip, tar,
# sqlite3, go, google-perftools, libjemalloc2, a JDK with maven, node, gcore and python3 with venv.
set -eu
out=$(realpath "${1:?usage: record.sh OUTDIR}")
here=$(cd "$(dirname "$0")" && pwd)
dir=${FIXTURE_DIR:-/src/fixture}/refuse
mkdir -p "$dir/bench" "$dir/dump"
cp "$here/burn.c" "$dir"
cd "$dir"
cut_to() { # cut_to BYTES FILE FIXTURE
	head -c "$1" "$2" >"$out/$3"
}

# --- Linux perf
gcc -g -O1 -o burn burn.c
perf record -q -F 500 -e cpu-clock -g -o perf.data ./burn || :
perf record -q -F 500 -e cpu-clock -o - ./burn >pipe.data || :
cut_to 256 perf.data perf-data.data
cut_to 256 pipe.data perf-data-pipe.data
perf report --stdio -i perf.data 2>/dev/null >"$out/perf-report.txt"
perf report --stdio --header --no-children -g none -i perf.data 2>/dev/null |
	sed -n '/^# event :/,$p' | sed '1i # ========' >"$out/perf-report-header.txt"
perf diff perf.data perf.data 2>/dev/null >"$out/perf-diff.txt"
perf stat -e task-clock,page-faults -o "$out/perf-stat.txt" ./burn || :
perf stat -j -e task-clock -o "$out/perf-stat.json" ./burn || :
perf stat record -o stat.data -e task-clock ./burn 2>/dev/null >/dev/null || :
perf script -i stat.data >"$out/perf-stat-script.txt"
head -n 4 /sys/kernel/tracing/trace >"$out/ftrace.txt"

# --- other tools for programs
gcc -pg -O1 -o burn-pg burn.c
./burn-pg || :
cut_to 256 gmon.out gmon.out
gprof burn-pg gmon.out | head -n 12 >"$out/gprof.txt"
gprof -b -q burn-pg gmon.out >"$out/gprof-graph.txt"
clang -fprofile-instr-generate -o burn-counted burn.c
LLVM_PROFILE_FILE=burn.profraw ./burn-counted || :
llvm-profdata merge -o burn.profdata burn.profraw
cut_to 256 burn.profraw llvm-profraw.profraw
cut_to 256 burn.profdata llvm-profdata.profdata
strace -c -o "$out/strace-count.txt" true
valgrind -q --xml=yes --xml-file=memcheck.xml ./burn || :
cut_to 700 memcheck.xml valgrind-errors.xml
valgrind --log-file=memcheck.txt ./burn || :
cut_to 700 memcheck.txt valgrind-errors-log.txt
cut_to 200 burn elf.so
sleep 20 &
gcore -o core $! >/dev/null 2>&1
cut_to 200 "core.$!" elf-core.core
kill $!
LD_PRELOAD=$(ls /usr/lib/*/libprofiler.so.0) CPUPROFILE=cpu.prof ./burn 2>/dev/null || :
cut_to 256 cpu.prof gperftools-cpu.prof
rm -f jemalloc.*.heap
LD_PRELOAD=$(ls /usr/lib/*/libjemalloc.so.2) \
	MALLOC_CONF=prof:true,prof_final:true,lg_prof_sample:10,prof_prefix:jemalloc ./burn || :
cut_to 600 jemalloc.*.heap jemalloc-heap.heap

# --- wrappings
printf 'main;a 3\n' >stacks.txt
lz4 -q -f stacks.txt "$out/lz4.lz4"
lz4 -q -f -l stacks.txt "$out/lz4-legacy.lz4"
xz -c stacks.txt >"$out/xz.xz"
xz -c --format=lzma stacks.txt >"$out/lzma.lzma"
bzip2 -c stacks.txt >"$out/bzip2.bz2"
rm -f "$out/zip.zip"
zip -q -X "$out/zip.zip" stacks.txt
tar --owner=0 --group=0 -cf stacks.tar stacks.txt
cut_to 1024 stacks.tar tar.tar
tar --format=ustar --owner=0 --group=0 -cf stacks.tar stacks.txt
cut_to 1024 stacks.tar tar-ustar.tar
rm -f stacks.db
sqlite3 stacks.db 'create table stacks (frames, value)'
cut_to 256 stacks.db sqlite.sqlite

# --- Python
cat >work.py <<'PYTHON'
import sys


def inner(n):
    return sum(i * i for i in range(n))


def outer():
    return [[inner(20000)] * 10000 for _ in range(int(sys.argv[1]))]


outer()
PYTHON
[ -d venv ] || python3 -m venv venv
venv/bin/pip -q install memray==1.20.0 memory_profiler==0.61.0 scalene==2.4.0 austin-dist==3.7.0
venv/bin/memray run -q -f -o work.bin work.py 20
venv/bin/memray run -q -f --no-compress -o raw.bin work.py 20
cut_to 64 work.bin memray.bin
cut_to 64 raw.bin memray-raw.bin
cat >snapshot.py <<'PYTHON'
import pickle
import sys
import tracemalloc

tracemalloc.start(3)
strings = [str(i) for i in range(20)]
snapshot = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__)])
snapshot.dump(sys.argv[1] + "/tracemalloc.pickle")
for protocol in (2, 3, 5):
    with open(f"{sys.argv[1]}/tracemalloc-{protocol}.pickle", "wb") as f:
        pickle.dump(snapshot, f, protocol)
for protocol in (4, 5):
    with open(f"{sys.argv[1]}/python-pickle-{protocol}.pickle", "wb") as f:
        pickle.dump({"stacks": []}, f, protocol)
PYTHON
python3 snapshot.py "$out"
rm -f mprof.dat
(PATH=$dir/venv/bin:$PATH && mprof run -o mprof.dat work.py 20 >/dev/null)
cut_to 2000 mprof.dat mprof.dat
venv/bin/scalene run --cpu-only -o scalene.json work.py 400 >/dev/null
venv/bin/scalene view --html scalene.json </dev/null >/dev/null
cut_to 700 scalene.json scalene.json
cut_to 1100 scalene-profile.html scalene-page.html
venv/bin/austin -b -i 1ms -o work.mojo python3 work.py 100 >/dev/null
cut_to 256 work.mojo austin-mojo.mojo
python3 -m cProfile work.py 20 >"$out/cprofile-text.txt"

# --- Go
cat >bench/go.mod <<'GO'
module fixture

go 1.22
GO
cat >bench/sum_test.go <<'GO'
package fixture

import (
	"os"
	"runtime"
	"runtime/pprof"
	"testing"
)

func BenchmarkSum(b *testing.B) {
	s := 0
	for i := 0; i < b.N; i++ {
		s += i
	}
	runtime.KeepAlive(s)
}

func TestDumps(t *testing.T) {
	for name, debug := range map[string]int{"heap": 1, "threadcreate": 1, "goroutine": 1, "mutex": 1, "stacks": 2} {
		f, err := os.Create("../" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if debug == 2 {
			name = "goroutine"
		}
		if err := pprof.Lookup(name).WriteTo(f, debug); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}
GO
(cd bench && go test -run '^$' -bench . -benchtime 10ms -count 2 >"$out/go-bench.txt" &&
	go test -count 1 -run Dumps -memprofilerate 1 -trace ../go.trace -cpuprofile ../go.pb.gz >/dev/null)
cut_to 256 go.trace go-trace.trace
for name in heap threadcreate goroutine mutex; do
	cut_to 600 $name.txt pprof-text-$name.txt
done
cut_to 600 stacks.txt go-stacks.txt
go tool pprof -top -nodecount=5 go.pb.gz 2>/dev/null >"$out/pprof-report.txt"

# --- node
cat >work.js <<'JS'
let sum = 0;
for (let i = 0; i < 3e7; i++) sum += i % 7;
if (sum < 0) console.log(sum);
JS
node --prof --logfile=work-v8.log --no-logfile-per-isolate work.js
cut_to 600 work-v8.log v8-log.log
node -e 'require("v8").writeHeapSnapshot("work.heapsnapshot")'
cut_to 600 work.heapsnapshot v8-heapsnapshot.heapsnapshot

# --- Java
java -Xlog:gc -version 2>/dev/null >"$out/gc-log.txt"
java '-Xlog:gc*,safepoint=debug:file=gc.txt:time,pid,level,tags' -Xmx16m -version 2>/dev/null
cut_to 1000 gc.txt gc-log-tags.txt
cat >Sleeper.java <<'JAVA'
public class Sleeper {
    public static void main(String[] args) throws Exception {
        Thread.sleep(20000);
    }
}
JAVA
javac Sleeper.java
java -Xmx16m Sleeper &
sleep 2
rm -f dump/sleeper.hprof
jcmd $! GC.heap_dump "$dir/dump/sleeper.hprof" >/dev/null
kill $!
cut_to 256 dump/sleeper.hprof java-heap-dump.hprof
[ -f jfr-converter-4.1.jar ] ||
	mvn -q -B dependency:copy -Dartifact=tools.profiler:jfr-converter:4.1 -DoutputDirectory=. -Dmdep.useBaseVersion=true
printf 'main;a 3\nmain;b 5\n' >two.collapsed
java -jar jfr-converter-4.1.jar -o html two.collapsed two.html >/dev/null
sed '/<script>/,$d' two.html >"$out/flame-graph-html.html" # without the page's program

# --- by hand: producers that are not at hand, or of which only the documented first bytes are wanted
printf 'PERFFILE\150\0\0\0\0\0\0\0' >"$out/perf-data-v1.data"
printf '2ELIFREP\0\0\0\0\0\0\0\150' >"$out/perf-data-swapped.data"
printf '7z\274\257\047\034\0\004\215\233\325\017\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$out/7z.7z"
printf ']\0\0\200\0\011\0\0\0\0\0\0\0\0' >"$out/lzma-length.lzma"
printf 'PK\005\006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$out/zip-empty.zip"
printf 'Nettrace\024\0\0\0!FastSerialization.1\005\005\001\0\0\0\0\0\0\0\0\0' >"$out/nettrace.nettrace"
printf 'NVR\0\020\0\0\0' >"$out/ncu-rep.ncu-rep"
printf '\377\330\377\340\0\020JFIF\0\001\001\0\0\001\0\001\0\0\377\331' >"$out/jpeg.jpg"
printf 'GIF89a\001\0\001\0\0\0\0!\371\004\001\0\0\0\0,\0\0\0\0\001\0\001\0\0\002\002D\001\0;' >"$out/gif.gif"
printf '%%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%%%EOF\n' >"$out/pdf.pdf"
python3 - "$out" <<'PYTHON'
import struct
import sys
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
png += chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
open(sys.argv[1] + "/png.png", "wb").write(png)
words = (0, 3, 0, 10000, 0, 2, 1, 0x401136, 0, 1, 0)
for name, layout in (("be64", ">11Q"), ("le32", "<11I"), ("be32", ">11I")):
    open(f"{sys.argv[1]}/gperftools-cpu-{name}.prof", "wb").write(struct.pack(layout, *words))
PYTHON
cat >"$out/gc-log-java8.txt" <<'TEXT'
OpenJDK 64-Bit Server VM (25.382-b05) for linux-amd64 JRE (1.8.0_382-b05)
CommandLine flags: -XX:MaxHeapSize=16777216 -XX:+PrintGC -XX:+PrintGCDetails -XX:+PrintGCTimeStamps
0.131: [GC (Allocation Failure) [PSYoungGen: 4096K->496K(4608K)] 4096K->1032K(15872K), 0.0013 secs] [Times: user=0.00 sys=0.00, real=0.00 secs]
TEXT
cat >"$out/macos-sample.txt" <<'TEXT'
Analysis of sampling burn (pid 4711) every 1 millisecond
Process:         burn [4711]
Path:            /src/fixture/refuse/burn
Code Type:       ARM64
----

Call graph:
    2510 Thread_81234   DispatchQueue_1: com.apple.main-thread  (serial)
      2510 start  (in dyld) + 2236  [0x18f0b90e0]
        2510 main  (in burn) + 48  [0x100003f60]
          2510 inner  (in burn) + 20  [0x100003f14]

Total number in stack (recursive counted multiple, when >=5):
TEXT
cat >"$out/pprof-text-contention.txt" <<'TEXT'
--- contentionz 1 ---
cycles/second = 3201000000
sampling period = 100
ms since reset = 16502830
discarded samples = 0
19490304 27 @ 0xbccc97 0xc61202 0x42ed5f 0x42edc1
TEXT
cat >"$out/flame-graph-svg.svg" <<'TEXT'
<?xml version="1.0" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg version="1.1" width="1200" height="70" onload="init(evt)" viewBox="0 0 1200 70" xmlns="http://www.w3.org/2000/svg">
<!-- Flame graph stack visualization. See https://github.com/brendangregg/FlameGraph for latest version. -->
<g id="frames"><g><title>main (3 samples, 100.00%)</title><rect x="10.0" y="37" width="1180.0" height="15.0" fill="rgb(230,90,20)"/></g></g>
</svg>
TEXT
printf '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>\n' >"$out/svg.svg"
printf '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>\n' >"$out/svg-declared.svg"
# Formats without a signature that is public: only the name says something.
for name in jprofiler.jps yourkit.snapshot windows-etl.etl nsys-rep.nsys-rep nsys-rep-old.qdrep; do
	printf '\001\002stand-in for a file of this name\n' >"$out/$name"
done
printf '{"name": "a profile nobody knows", "values": [{"inner": [1, 2]}], "a\\"b": {}, "d": 1, "e": 2, "f": 3}\n' >"$out/json.json"
printf '[{"ts": 1, "x": "a:b"}, {"other": 2}]\n' >"$out/json-array.json"
printf '["a", "b"]\n' >"$out/json-strings.json"
printf '{}\n' >"$out/json-empty.json"
printf '\n<!DOCTYPE html>\n<html><head><title>A page</title></head></html>\n' >"$out/html.html"
printf '<html><body>bare</body></html>\n' >"$out/html-bare.html"
printf '<?xml version="1.0"?>\n<trace-query-result/>\n' >"$out/xml.xml"
