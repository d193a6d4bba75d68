package alertbook

import (
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/clocktest"
)

// TestBook_SystemSuspend: an alert that fired before the suspend is not new after it,
// and stays acknowledged; a snooze is over.
func TestBook_SystemSuspend(t *testing.T) {
	const slept = 8 * time.Hour
	now := time.Now()
	then := clocktest.Step(now, -slept)
	a := datasource.Alert{Rule: 1, Since: then.Add(-time.Minute)}
	var b Book
	b.Follow([]datasource.Alert{a}, then)
	b.Acknowledge(&a)
	b.ToggleSnooze(&datasource.Alert{Rule: 2}, then)
	sleep := datasource.Sleep{For: slept, Seen: now}
	b.Resumed(sleep)
	a.Since = sleep.Shift(a.Since)
	if fresh := b.Follow([]datasource.Alert{a}, now); len(fresh) != 0 {
		t.Errorf("new again: %v", fresh)
	}
	if s := b.State(&a, now); s != "acknowledged" {
		t.Errorf("state %q", s)
	}
	if s := b.State(&datasource.Alert{Rule: 2}, now); s != "" {
		t.Errorf("state %q", s)
	}
}

// TestBook_AcknowledgeAllKeepsSnoozes (case 18): a snooze survives "acknowledge
// all", and what is acknowledged is still active.
func TestBook_AcknowledgeAllKeepsSnoozes(t *testing.T) {
	now := time.Now()
	alerts := []datasource.Alert{{Rule: 1, Since: now}, {Rule: 2, Since: now}, {Rule: 3, Since: now}}
	var b Book
	b.Follow(alerts, now)
	b.ToggleSnooze(&alerts[1], now)
	b.AcknowledgeAll(now)
	for i, want := range []string{"acknowledged", "snoozed 10 min", "acknowledged"} {
		if got := b.State(&alerts[i], now); got != want {
			t.Errorf("alert %d: %q, want %q", i, got, want)
		}
	}
	if len(b.Active) != 3 || b.Unhandled(now) != 0 {
		t.Errorf("%d active, %d unhandled", len(b.Active), b.Unhandled(now))
	}
	b.Follow(nil, now)
	b.Follow(alerts, now.Add(time.Minute))
	if !b.Snoozed(KeyOf(&alerts[1]), now.Add(time.Minute)) || b.Unhandled(now.Add(time.Minute)) != 2 {
		t.Error("the snooze ended with the firing, or the acknowledgement did not")
	}
}
