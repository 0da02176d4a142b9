// Benchmarks for the profiles that `go test` writes itself.
package main

import (
	"sync"
	"testing"
)

func BenchmarkRound(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += round(i)
	}
}

func BenchmarkContended(b *testing.B) {
	var mu sync.Mutex
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.Lock()
			sink += fib(12)
			mu.Unlock()
		}
	})
}
