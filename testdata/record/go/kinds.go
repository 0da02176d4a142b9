// Work for the profiles that need more than a busy loop: labels, threads,
// allocations, contention, parked goroutines. In: nothing. Out: runtime state
// for main.go to write down.
package main

import (
	"context"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

// labelled runs requests under pprof labels: several keys, nested labels,
// values with blanks, '=', ',' and non-ASCII, plus goroutine labels and
// unlabelled work in between.
func labelled(until time.Time) {
	handlers := []string{"list", "search by name", "put=1,2", "größe"}
	var wg sync.WaitGroup
	for g := 0; g < 2; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			ctx := pprof.WithLabels(context.Background(), pprof.Labels("worker", []string{"w0", "w1"}[g]))
			pprof.SetGoroutineLabels(ctx)
			for k := 0; time.Now().Before(until); k++ {
				request(ctx, handlers[k%len(handlers)], k)
			}
		}(g)
	}
	for time.Now().Before(until) {
		sink += fib(18)
	}
	wg.Wait()
}

func request(ctx context.Context, handler string, k int) {
	pprof.Do(ctx, pprof.Labels("handler", handler, "tenant", []string{"acme", "globex", "initech"}[k%3]), func(ctx context.Context) {
		sink += sorted(600) + text(60)
		pprof.Do(ctx, pprof.Labels("phase", "encode", "status", []string{"200", "404"}[k&1]), func(context.Context) {
			sink += pack(60) + int(digest(40))
		})
	})
}

// tagged is labelled with few functions: small reports for the filter cases.
func tagged(until time.Time) {
	for k := 0; time.Now().Before(until); k++ {
		ctx := context.Background()
		pprof.Do(ctx, pprof.Labels("handler", []string{"list", "search by name", "put"}[k%3], "size", []string{"8kb", "64kb"}[k&1]), func(ctx context.Context) {
			sink += fib(20) + int(inlineHeavy(150))
			pprof.Do(ctx, pprof.Labels("phase", "encode"), func(context.Context) {
				sink += int(digest(100)) + int(shapes(300))
			})
		})
		sink += int(inlineHeavy(40))
	}
}

func threads(until time.Time) {
	runtime.GOMAXPROCS(16)
	var wg sync.WaitGroup
	for g := 0; g < 24; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			runtime.LockOSThread()
			for k := g; time.Now().Before(until); k++ {
				fib(20)
				inlineHeavy(20)
				digest(10)
			}
		}(g)
	}
	wg.Wait()
}

//go:noinline
func descend(n int) float64 {
	if n == 0 {
		return spin(20000)
	}
	return descend(n-1) + 1
}

// deep makes stacks longer than the runtime's limit, so they are cut.
func deep(until time.Time) {
	for k := 0; time.Now().Before(until); k++ {
		sink += int(descend([]int{30, 90, 150, 300}[k%4]))
	}
}

type record struct {
	name string
	data []byte
	next *record
}

//go:noinline
func newRecord(n int, next *record) *record {
	return &record{name: "r", data: make([]byte, n), next: next}
}

func allocate() []interface{} {
	var keep []interface{}
	var list *record
	index := map[int]*record{}
	for i := 0; i < 400; i++ {
		list = newRecord(16<<(i%9), list)
		index[i] = list
		sink += text(4) + sorted(30)
	}
	for i := 0; i < 6; i++ {
		sink += pack(30) + generics(4)
	}
	var t *tree[int, []byte]
	for i := 0; i < 200; i++ {
		t = t.insert((i*7919)%211, make([]byte, 48))
	}
	return append(keep, list, index, t, make([]byte, 1<<20))
}

func contend() {
	var mu sync.Mutex
	var rw sync.RWMutex
	ch := make(chan int)
	var wg sync.WaitGroup
	for g := 0; g < 6; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			for k := 0; k < 30; k++ {
				hold(&mu, g)
				share(&rw, k)
				select {
				case ch <- k:
				case v := <-ch:
					sink += v
				case <-time.After(time.Millisecond):
				}
			}
		}(g)
	}
	wg.Wait()
}

//go:noinline
func hold(mu *sync.Mutex, g int) {
	mu.Lock()
	defer mu.Unlock()
	time.Sleep(time.Duration(g+1) * 100 * time.Microsecond)
}

//go:noinline
func share(rw *sync.RWMutex, k int) {
	if k%5 == 0 {
		rw.Lock()
		time.Sleep(300 * time.Microsecond)
		rw.Unlock()
		return
	}
	rw.RLock()
	time.Sleep(50 * time.Microsecond)
	rw.RUnlock()
}

// park blocks goroutines in different places, some under labels; for
// goroutineleak they wait on channels nobody else can reach any more.
func park(kind, out string) {
	var mu sync.Mutex
	mu.Lock()
	stop := make(chan struct{})
	if kind == "goroutineleak" {
		for i := 0; i < 9; i++ {
			go leakRecv(make(chan int))
			go leakSend(make(chan int))
		}
	}
	for i := 0; i < 7; i++ {
		depth := i
		go func() { <-stop }()
		go func() { mu.Lock(); mu.Unlock() }()
		go pprof.Do(context.Background(), pprof.Labels("pool", "io", "slot", string(rune('a'+depth%3))), func(context.Context) {
			waitFor(stop, depth)
		})
	}
	time.Sleep(100 * time.Millisecond)
	lookup(kind, out)
	close(stop)
	mu.Unlock()
}

//go:noinline
func leakRecv(c chan int) { <-c }

//go:noinline
func leakSend(c chan int) { c <- 1 }

//go:noinline
func waitFor(stop chan struct{}, depth int) {
	if depth > 0 {
		waitFor(stop, depth-1)
		return
	}
	<-stop
}

func makeThreads(out string) {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for i := 0; i < 12; i++ {
		wg.Add(1)
		go func() {
			runtime.LockOSThread()
			wg.Done()
			<-stop
		}()
	}
	wg.Wait()
	lookup("threadcreate", out)
	close(stop)
}
