// The load the recorder profiles: stacks of many shapes (recursion, closures,
// interface calls, generics, inlining, standard library leaves).
// In: nothing. Out: a checksum, so the compiler cannot drop the work.
package main

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"regexp"
	"sort"
	"strings"
)

type number interface {
	~int | ~int64 | ~float64
}

type shape interface{ area() float64 }

type circle struct{ r float64 }

type square struct{ side float64 }

func (c circle) area() float64  { return spin(40) * c.r * c.r }
func (s *square) area() float64 { return spin(60) * s.side * s.side }

//go:noinline
func spin(n int) float64 {
	x := 1.0
	for i := 0; i < n; i++ {
		x = math.Sqrt(x*x + float64(i&7))
	}
	return x
}

// step1..step3 are small on purpose: they are inlined three deep.
func step1(x uint32) uint32 { return x*2654435761 + 12345 }
func step2(x uint32) uint32 { return step1(x^0x9e3779b9) ^ step1(x>>3) }
func step3(x uint32) uint32 { return step2(x) + step2(x<<1) }

//go:noinline
func inlineHeavy(n int) uint32 {
	x := uint32(n)
	for i := 0; i < n*400; i++ {
		x = step3(x + uint32(i))
	}
	return x
}

//go:noinline
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

//go:noinline
func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

//go:noinline
func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

//go:noinline
func sumOf[T number](v []T) T {
	var s T
	for r := 0; r < 60; r++ {
		for _, x := range v {
			s = add(s, x)
		}
	}
	return s
}

func add[T number](a, b T) T { return a + b }

type tree[K number, V any] struct {
	left, right *tree[K, V]
	key         K
	val         V
}

//go:noinline
func (t *tree[K, V]) insert(k K, v V) *tree[K, V] {
	if t == nil {
		return &tree[K, V]{key: k, val: v}
	}
	if k < t.key {
		t.left = t.left.insert(k, v)
	} else {
		t.right = t.right.insert(k, v)
	}
	return t
}

func (t *tree[K, V]) walk(f func(K, V)) {
	if t == nil {
		return
	}
	t.left.walk(f)
	f(t.key, t.val)
	t.right.walk(f)
}

func generics(n int) int {
	ints := make([]int, n*8)
	floats := make([]float64, n*8)
	for i := range ints {
		ints[i] = (i * 7919) % 1009
		floats[i] = float64(ints[i]) / 3
	}
	var byInt *tree[int, string]
	var byFloat *tree[float64, []byte]
	for i := range ints {
		byInt = byInt.insert(ints[i], "x")
		byFloat = byFloat.insert(floats[i], nil)
	}
	total := 0
	byInt.walk(func(k int, v string) { total += k + len(v) })
	byFloat.walk(func(k float64, v []byte) { total += int(k) + len(v) })
	return total + sumOf(ints) + int(sumOf(floats))
}

func shapes(n int) float64 {
	list := []shape{circle{1}, &square{2}, circle{3}}
	sum := 0.0
	for i := 0; i < n; i++ {
		sum += list[i%len(list)].area()
	}
	return sum
}

func text(n int) int {
	re := regexp.MustCompile(`(\w+)@(\w+)\.example`)
	var b strings.Builder
	for i := 0; i < n; i++ {
		fmt.Fprintf(&b, "user%d@host%d.example ", i, i%13)
	}
	return len(re.FindAllString(b.String(), -1))
}

func pack(n int) int {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, 6)
	for i := 0; i < n; i++ {
		doc, _ := json.Marshal(map[string]interface{}{"id": i, "name": fmt.Sprint("n", i%17), "v": []int{i, i * i}})
		w.Write(doc)
	}
	w.Close()
	return out.Len() + int(crc32.ChecksumIEEE(out.Bytes()))
}

func digest(n int) byte {
	block := make([]byte, 4096)
	var last [32]byte
	for i := 0; i < n; i++ {
		block[i%len(block)]++
		last = sha256.Sum256(block)
	}
	return last[0]
}

func sorted(n int) int {
	v := make([]string, n)
	for i := range v {
		v[i] = fmt.Sprintf("%08d", (i*7919)%n)
	}
	sort.Slice(v, func(a, b int) bool { return v[a] < v[b] })
	return len(v[0])
}

// round runs every kind of work once; k picks closures of different lines.
func round(k int) int {
	jobs := []func() int{
		func() int { return fib(22) },
		func() int {
			if even(900) {
				return 1
			}
			return 0
		},
		func() int { return int(inlineHeavy(300)) },
		func() int { return generics(60) },
		func() int { return int(shapes(4000)) },
		func() int { return text(200) },
		func() int { return pack(200) },
		func() int { return int(digest(60)) },
		func() int { return sorted(900) },
	}
	sum := 0
	for i := range jobs {
		sum += jobs[(i+k)%len(jobs)]()
	}
	return sum
}
