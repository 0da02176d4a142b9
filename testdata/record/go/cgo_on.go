//go:build cgo

// C code under a Go CPU profile: its frames have no Go symbols.
package main

/*
static double c_leaf(int n) {
	volatile double x = 1;
	for (int i = 0; i < n; i++)
		x = x * 1.0000001 + i;
	return x;
}

static double c_middle(int n) {
	return c_leaf(n) + c_leaf(n / 2);
}
*/
import "C"

import "time"

func cgoWork(until time.Time) {
	for time.Now().Before(until) {
		sink += int(C.c_middle(200000)) & 1
		sink += fib(20)
	}
}
