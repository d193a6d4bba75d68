package ui

import (
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/clocktest"
)

// TestAlertsSlept: an alert that has been on through a sleep is not told again,
// and stays acknowledged; a snooze is over.
func TestAlertsSlept(t *testing.T) {
	const slept = 8 * time.Hour
	now := time.Now()
	then := clocktest.Step(now, -slept)
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
