package broadcast

import (
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource/testkit/clocktest"
)

// TestClockSteps: a step of the wall clock cuts nobody and lets nobody off, and
// no frame waits for an hour that comes twice.
func TestClockSteps(t *testing.T) {
	h := NewHub(Options{StuckAfter: time.Minute})
	defer h.Close()
	reading := make(chan struct{})
	m := h.Member(nil, &tty{term: newTerm(10, 1), stuck: reading}, nil)
	defer close(reading)
	m.Show(10, 1, func() string { return "hello" })
	for m.writing.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	now := time.Now()
	for _, tc := range []struct {
		after, step time.Duration
		stuck       int
	}{{0, 0, 0}, {0, time.Hour, 0}, {0, -time.Hour, 0}, {2 * time.Minute, 0, 1}, {2 * time.Minute, time.Hour, 1}, {2 * time.Minute, -time.Hour, 1}} {
		if got := len(h.stuckMembers(clocktest.Step(now.Add(tc.after), tc.step))); got != tc.stuck {
			t.Errorf("%v later, the clock set by %v: %d stuck, want %d", tc.after, tc.step, got, tc.stuck)
		}
	}
	for _, step := range []time.Duration{0, time.Hour, -time.Hour} {
		if wait := nextSecond(clocktest.Step(now, step)).Sub(now); wait <= 0 || wait > time.Second {
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
