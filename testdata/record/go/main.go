// Recorder for the pprof fixtures made by the Go runtime.
// In: -kind and -out. Out: one profile, gzip'ed protobuf as the runtime writes it.
// It must not touch anything but the file named by -out.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"
)

var sink int

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func create(name string) *os.File {
	f, err := os.Create(name)
	check(err)
	return f
}

// cpu profiles body until the given time is over.
func cpu(out string, d time.Duration, body func(until time.Time)) {
	f := create(out)
	check(pprof.StartCPUProfile(f))
	body(time.Now().Add(d))
	pprof.StopCPUProfile()
	check(f.Close())
}

func lookup(name, out string) {
	f := create(out)
	check(pprof.Lookup(name).WriteTo(f, 0))
	check(f.Close())
}

// legacy writes the heap profile in the text form from before profile.proto.
func legacy(out string) {
	f := create(out)
	check(pprof.Lookup("heap").WriteTo(f, 1))
	check(f.Close())
}

func main() {
	kind := flag.String("kind", "cpu", "profile to record")
	out := flag.String("out", "out.pb.gz", "file to write")
	secs := flag.Float64("seconds", 3, "length of CPU profiles")
	flag.Parse()
	d := time.Duration(*secs * float64(time.Second))
	switch *kind {
	case "cpu":
		cpu(*out, d, func(until time.Time) {
			for k := 0; time.Now().Before(until); k++ {
				sink += round(k)
			}
		})
	case "labels":
		cpu(*out, d, labelled)
	case "tags":
		cpu(*out, d, tagged)
	case "generics":
		cpu(*out, d, func(until time.Time) {
			for time.Now().Before(until) {
				sink += generics(90) + int(inlineHeavy(60)) + int(shapes(400))
			}
		})
	case "threads":
		cpu(*out, d, threads)
	case "deep":
		cpu(*out, d, deep)
	case "cgo":
		cpu(*out, d, cgoWork)
	case "heap", "allocs", "heaptext":
		runtime.MemProfileRate = 512
		keep := allocate()
		runtime.GC()
		if *kind == "heaptext" {
			legacy(*out)
		} else {
			lookup(*kind, *out)
		}
		runtime.KeepAlive(keep)
	case "mutex":
		runtime.SetMutexProfileFraction(1)
		contend()
		lookup("mutex", *out)
	case "block":
		runtime.SetBlockProfileRate(1)
		contend()
		lookup("block", *out)
	case "goroutine", "goroutineleak":
		park(*kind, *out)
	case "threadcreate":
		makeThreads(*out)
	default:
		check(fmt.Errorf("unknown kind %q", *kind))
	}
}
