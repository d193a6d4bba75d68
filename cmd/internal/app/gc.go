package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// gcPercent is the garbage collector's setting for a live heap. Frames are made
// and dropped all the time: at Go's 100 a flood of eight large sessions grew a
// small server by 110 MB, of which 60 were garbage. Collecting a small heap often
// costs next to nothing; a large one has thousands of sessions, whose processors
// matter more.
func gcPercent(live uint64) int {
	switch {
	case live < 64<<20:
		return 30
	case live < 256<<20:
		return 50
	default:
		return 100
	}
}

// gcEvery is the time between two looks at the heap; the first is when the program
// has started, which postpones collections by itself.
const (
	gcFirst = 2 * time.Second
	gcEvery = 5 * time.Second
)

// tuneGC keeps the collector's setting right until ctx ends. An operator that has
// set GOGC knows better.
func tuneGC(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	now := 0
	for wait := gcFirst; ; wait = gcEvery {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if metrics.Read(live); live[0].Value.Kind() != metrics.KindUint64 {
			return
		}
		if want := gcPercent(live[0].Value.Uint64()); want != now {
			now = want
			debug.SetGCPercent(now)
		}
	}
}
