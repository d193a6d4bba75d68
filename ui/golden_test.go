package ui

import (
	"fmt"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// screens are the states of the chrome, by the keys that lead to them.
var screens = []struct {
	name string
	keys []string
	make func(m *Model, feed *fakeFeed)
}{
	{name: "base"},
	{name: "zoom", keys: []string{"J", "z"}},
	{name: "paused", keys: []string{"p"}, make: func(m *Model, feed *fakeFeed) {
		m.Update(clock(95 * time.Second))
		feed.put(laterSnapshot(feed.snap, 41))
		m.Update(dataMsg{m.watch.gen})
	}},
	{name: "filter", keys: []string{"J", "/", "U", "S", "D"}},
	{name: "filter-wrong", keys: []string{"J", "/", "("}},
	{name: "help", keys: []string{"?"}},
	{name: "help-search", keys: []string{"?", "/", "c", "o", "p", "y"}},
	{name: "palette", keys: []string{":"}},
	{name: "palette-typed", keys: []string{":", "a", "c", "c", "o"}},
	{name: "inspect", keys: []string{"J", "j", "j", "i"}},
	{name: "events", keys: []string{"E"}},
	{name: "alert", make: withAlerts},
	{name: "alerts", make: withAlerts, keys: []string{"!", "j", "a"}},
	{name: "theme", keys: []string{"T", "j"}},
	{name: "faults", keys: []string{"F"}},
	{name: "symbols", keys: []string{"w"}},
	{name: "config-broken", make: func(m *Model, _ *fakeFeed) {
		broken := *m.dash
		broken.Banner = safe("ticktop.yaml:12:5: unknown key \"widht\" (did you mean \"width\")")
		m.dash = &broken
		m.markChanged()
	}},
	{name: "replay", make: func(m *Model, feed *fakeFeed) {
		s := *feed.snap
		s.Replay = &datasource.Replay{At: at.Add(90 * time.Second), From: at, To: at.Add(time.Hour), Speed: 4}
		m.watch.feed = &fakePlayer{fakeFeed: feed}
		m.markChanged()
		showSnapshot(m, &s)
	}},
	{name: "down", make: func(m *Model, feed *fakeFeed) {
		s := *feed.snap
		for id := range s.Sources {
			s.Sources[id] = datasource.Status{Light: datasource.LightDown, Since: at, Fault: &datasource.Fault{
				Class: datasource.ClassRefused, Text: safe("connection refused"), Hint: safe("is it running"), RetryAt: at.Add(4 * time.Second)}}
		}
		showSnapshot(m, &s)
	}},
}

func laterSnapshot(s *datasource.Snapshot, by uint64) *datasource.Snapshot {
	next := *s
	next.Seq += by
	return &next
}

func withAlerts(m *Model, feed *fakeFeed) {
	s := *feed.snap
	s.Alerts = []datasource.Alert{
		{Rule: 0, When: safe("account.equity < 45000"), Level: datasource.LevelCritical, Name: safe("account"), Text: safe("account.equity 44,910.20 (was 45,012.00)"), Since: at.Add(-75 * time.Second)},
		{Rule: 1, When: safe("age(quote.EURUSD) > 5s"), Level: datasource.LevelWarning, Name: safe("quote.EURUSD"), Text: safe("quote.EURUSD is 6 s old"), Since: at.Add(-6 * time.Second)},
	}
	m.alerts.History = []datasource.Alert{{Rule: 1, When: safe("age(quote.EURUSD) > 5s"), Level: datasource.LevelWarning, Text: safe("quote.EURUSD was 9 s old"), Since: at.Add(-time.Hour), Ended: at.Add(-50 * time.Minute)}}
	showSnapshot(m, &s)
}

// TestScreens compares the chrome in every state, at every size, in colour and
// without, with its golden files.
func TestScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
			for _, s := range screens {
				name := fmt.Sprintf("%s-%dx%d-%s", s.name, size[0], size[1], profile)
				t.Run(name, func(t *testing.T) {
					m, _, feed := session(t, size[0], size[1], func(o *Options) { o.Profile = profile; o.Faults = &menu{on: true} })
					if s.make != nil && s.name != "paused" {
						s.make(m, feed)
					}
					press(m, s.keys...)
					if s.name == "paused" {
						s.make(m, feed)
					}
					widgettest.Golden(t, name, screen(m), size[0], size[1])
				})
			}
		}
	}
}

// TestTooSmall: below the smallest size stands a card that names it; it grows
// back into the dashboard.
func TestTooSmall(t *testing.T) {
	m, _, _ := session(t, 59, 30)
	mustSee(t, m, "ticktop needs 60×16", "this window is 59×30")
	for _, size := range [][2]int{{1, 1}, {2, 1}, {5, 3}, {20, 200}, {500, 15}} {
		press(m, "x", "T", ":", "z") // keys do nothing on a card
		m.Update(resized(size[0], size[1]))
		exact(t, screen(m), size[0], size[1])
	}
	m.Update(resized(60, 16))
	exact(t, screen(m), 60, 16)
	mustSee(t, m, "Account", "redis")
	if m.overlay != nil || m.private {
		t.Error("a key on the card reached the dashboard")
	}
	m.Update(resized(1<<31-1, 1<<31-1))
	exact(t, screen(m), maxWidth, maxHeight)
}
