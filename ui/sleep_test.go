package ui

import (
	"testing"
	"time"
	"unsafe"

	"ticktop/datasource"
)

// before returns t as it was read before a sleep of the machine: the wall clock
// has gone on since, the monotonic one has not.
func before(t time.Time, slept time.Duration) time.Time {
	out := t
	wall := (*uint64)(unsafe.Pointer(&out)) // with a monotonic reading: 33 bits of seconds above 30 of nanoseconds
	*wall = uint64(int64(*wall) - int64(slept/time.Second)<<30)
	if out.Sub(t) != 0 || t.Round(0).Sub(out.Round(0)) != slept {
		panic("time.Time is laid out in another way")
	}
	return out
}

// TestAlertsSlept: an alert that has been on through a sleep is not told again,
// and stays acknowledged; a snooze is over.
func TestAlertsSlept(t *testing.T) {
	const slept = 8 * time.Hour
	now := time.Now()
	then := before(now, slept)
	a := datasource.Alert{Rule: 1, Since: then.Add(-time.Minute)}
	var b alertBook
	b.follow([]datasource.Alert{a}, then)
	b.ack(&a)
	b.snooze(&datasource.Alert{Rule: 2}, then)
	sleep := datasource.Sleep{For: slept, Seen: now}
	b.slept(sleep)
	a.Since = sleep.Shift(a.Since)
	if fresh := b.follow([]datasource.Alert{a}, now); len(fresh) != 0 {
		t.Errorf("told again: %v", fresh)
	}
	if s := b.state(&a, now); s != "acknowledged" {
		t.Errorf("state %q", s)
	}
	if s := b.state(&datasource.Alert{Rule: 2}, now); s != "" {
		t.Errorf("state %q", s)
	}
}
