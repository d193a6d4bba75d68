package alert

import (
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/clocktest"
)

// TestSleep: what moved in a night has not moved in the last five minutes, what
// has to be true for long begins anew, and what was true has been for longer.
func TestSleep(t *testing.T) {
	const slept = 8 * time.Hour
	now := time.Now()
	then := func(ago time.Duration) time.Time { return clocktest.Step(now.Add(-ago), -slept) }
	rules := []*Rule{
		mustCompile(t, "change(equity) > 5% over 5m"),
		mustCompile(t, "equity < 1000", For(time.Minute)),
		mustCompile(t, "equity > 50"),
	}
	feed := newFakeFeed(world{"equity": live(num("100"), then(2*time.Minute))}.at(then(2 * time.Minute)))
	w := &watch{feed: feed, rules: rules, names: ruleData(rules, feed.Snapshot())}
	w.evaluateNewest(then(50*time.Second), true)
	if got := said(w.Snapshot().Alerts); got != "equity 100 > 50" {
		t.Fatalf("before: %q", got)
	}
	snap := world{"equity": live(num("200"), now)}.at(now)
	snap.Slept = datasource.Sleep{For: slept, Seen: now}
	feed.set(snap)
	w.evaluateNewest(now.Add(20*time.Second), true)
	alerts := w.Snapshot().Alerts
	if got := said(alerts); got != "equity 200 > 50 (was 100)" {
		t.Errorf("woken: %q", got)
	}
	if lasted := now.Sub(alerts[len(alerts)-1].Since); lasted < slept || lasted > slept+time.Minute {
		t.Errorf("true for %v", lasted)
	}
	w.evaluateNewest(now.Add(90*time.Second), true)
	if got := len(w.Snapshot().Alerts); got != 2 {
		t.Errorf("true for a minute since: %q", said(w.Snapshot().Alerts))
	}
}
