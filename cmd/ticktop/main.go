// Ticktop is a terminal dashboard for trading data in Redis.
package main

import (
	"os"
	"runtime/debug"
	"time"
)

// Set by the release build.
var (
	version = ""
	commit  = ""
	date    = ""
)

func main() {
	postponeGC()
	os.Exit(run(os.Args[1:]))
}

// Garbage is not collected while the program starts: it would be a third of the
// work until the first frame. The memory limit holds all the same.
const (
	startTime   = time.Second
	startMemory = 32 << 20
)

func postponeGC() {
	percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, startMemory))
	time.AfterFunc(startTime, func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	})
}
