//go:build !cgo

package main

import (
	"errors"
	"time"
)

func cgoWork(time.Time) { check(errors.New("built without cgo")) }
