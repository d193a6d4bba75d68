package broadcast

import (
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// stepped returns t with its wall clock moved and its monotonic clock as it
// was, as after the administrator's date -s. No function of package time does
// that; the layout is checked by what comes out.
func stepped(t time.Time, by time.Duration) time.Time {
	out := t
	wall := (*uint64)(unsafe.Pointer(&out)) // with a monotonic reading: 33 bits of seconds above 30 of nanoseconds
	*wall = uint64(int64(*wall) + int64(by/time.Second)<<30)
	if out.Sub(t) != 0 || out.Round(0).Sub(t.Round(0)) != by {
		panic("time.Time is laid out in another way")
	}
	return out
}

// TestClockSteps: a step of the wall clock cuts nobody and lets nobody off, and
// no picture waits for an hour that comes twice.
func TestClockSteps(t *testing.T) {
	h := NewHub(Options{StuckAfter: time.Minute})
	defer h.Close()
	reading := make(chan struct{})
	m := h.Member(&tty{term: newTerm(10, 1), stuck: reading}, nil)
	defer close(reading)
	m.Show("hello", 10, 1)
	for m.writing.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	now := time.Now()
	for _, tc := range []struct {
		after, step time.Duration
		stuck       int
	}{{0, 0, 0}, {0, time.Hour, 0}, {0, -time.Hour, 0}, {2 * time.Minute, 0, 1}, {2 * time.Minute, time.Hour, 1}, {2 * time.Minute, -time.Hour, 1}} {
		if got := len(h.stuck(stepped(now.Add(tc.after), tc.step))); got != tc.stuck {
			t.Errorf("%v later, the clock set by %v: %d stuck, want %d", tc.after, tc.step, got, tc.stuck)
		}
	}
	for _, step := range []time.Duration{0, time.Hour, -time.Hour} {
		if wait := nextSecond(stepped(now, step)).Sub(now); wait <= 0 || wait > time.Second {
			t.Errorf("the clock set by %v: the next second in %v", step, wait)
		}
	}
}

func TestNextSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(300 * time.Millisecond)
		time.Sleep(time.Until(nextSecond(time.Now())))
		if ns := time.Now().Nanosecond(); ns != 0 {
			t.Errorf("woke %d ns after the second", ns)
		}
	})
}
