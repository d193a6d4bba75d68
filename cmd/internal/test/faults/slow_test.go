//go:build slow

package faults

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/demo"
	"ticktop/datasource/testkit/servertest"
	"ticktop/ui"
	"ticktop/widgets/theme"
)

// slow tells whether rows that take long are run.
const slow = true

// TestFailover: the master of a sentinel set is killed, or hangs. Healing counts
// from the moment the sentinels have made another one, and means both reads
// and channels.
func TestFailover(t *testing.T) {
	for _, c := range []struct {
		name   string
		broken func(*servertest.Server)
		healed time.Duration
	}{
		{"sentinel failover, master killed", (*servertest.Server).Kill, 3 * time.Second},
		{"sentinel failover, master hung", (*servertest.Server).Stop, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			set := servertest.Sentinel(t)
			old := set.Master()
			r := newRig(t, old, setup{redis: redisURL(set.URL())})
			r.try(row{
				name: c.name, noticed: 4 * time.Second, healed: c.healed,
				inject: func() { c.broken(old) },
				words:  shows(`redis ✕ switching`, `stale .*redis: switching`),
				repair: func() {
					servertest.Until(t, 60*time.Second, "another master", func() bool {
						m := set.Master()
						return m != nil && m != old && fmt.Sprint(m.Do("ROLE").([]any)[0]) == "master"
					})
					fill(set.Master(), 11)
					go keepNotifying(set.Master().Dial(), 33)
				},
				calm: func(text string) bool { return calm(11)(text) && shows(`notice 33`)(text) },
			})
		})
	}
}

// keepNotifying publishes a notice again and again until the test closes c.
func keepNotifying(c *servertest.Conn, n int) {
	for {
		if _, err := c.Do("PUBLISH", "notifications:ACC-1001", fmt.Sprintf(`{"level":"info","text":"notice %02d"}`, n)); err != nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// TestSilentChannel: it is connected and says nothing any more.
func TestSilentChannel(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL())})
	for range 15 {
		fill(s, 10)
		time.Sleep(200 * time.Millisecond) // its rhythm
	}
	r.try(row{
		name: "channel silent", noticed: 6 * time.Second, healed: nextPoll,
		inject: func() {}, // the producer is gone
		words:  shows(`pubsub ●`, `quote.EURUSD +live.* channel is silent`, `quiet \d+ s`),
		repair: func() { fill(s, 11) }, calm: func(text string) bool { return calm(11)(text) && !shows(`silent|quiet`)(text) },
	})
}

// TestDemoSoak: as many ticks as the demo makes in an hour, in a few minutes
// (TICKTOP_SOAK), which are longer than any key lives: every key is renewed, no
// value is ever blank, and memory stays what it was after the first quarter, when
// what is kept for a while is full.
func TestDemoSoak(t *testing.T) {
	duration := 3 * time.Minute
	if d, err := time.ParseDuration(os.Getenv("TICKTOP_SOAK")); err == nil {
		duration = d
	}
	c, err := config.Load(config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rate := demo.DefaultRate * float64(time.Hour) / float64(duration)
	platform := app.StartDemo(app.DemoOptions{Seed: 1, Rate: rate}, slog.New(slog.DiscardHandler))
	a, err := app.New(app.Options{Config: c, Demo: platform})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close(); _ = platform.Close() })
	m := ui.New(ui.Options{Desk: a.Desk(app.Principal{}), Cache: a.Cache, Profile: theme.ProfileTrue, Width: 160, Height: 50})
	r := &rig{screen: newScreen(t, m, map[string]string{
		"equity": `(?i)equity +\d[\d,]*\.\d\d`, "EURUSD": `EURUSD +[\d.]+`, "notices": `\d\d:\d\d:\d\d +(INFO|WARN)`,
	}), app: a}
	r.until(patience, "the demo", r.when(shows(`redis ●`, `pubsub ●`, `EURUSD`)))
	stop := r.press()
	time.Sleep(duration / 4)
	m1, worst1 := levels(duration / 4)
	_, worst2 := levels(duration / 4)
	m3, worst3 := levels(duration / 4)
	l := line{name: "demo for an hour", keys: stop(), memGrown: max(0, max(worst2, worst3)-m1), memLimit: 10e6,
		note: fmt.Sprintf("of %.1f MB, %.0f ticks a second for %v", float64(m1)/1e6, rate, duration)}
	l.check(t)
	report.add(l)
	t.Logf("heap: %.2f MB in the second quarter, at most %.2f; %.2f MB in the last, at most %.2f",
		float64(m1)/1e6, float64(worst1)/1e6, float64(m3)/1e6, float64(max(worst2, worst3))/1e6)
	if l.memGrown > l.memLimit {
		t.Errorf("memory grew by %d bytes", l.memGrown)
	}
	if m3-m1 > 1e6 { // a leak of little is one too: nothing may go up from quarter to quarter
		t.Errorf("memory is not flat: %d bytes in the middle of the second quarter, %d in that of the last", m1, m3)
	}
	r.neverBlank()
	r.forget() // other pages show other values
	for i := range 4 {
		r.send(tea.KeyPressMsg{Code: rune('1' + i), Text: string(rune('1' + i))}, true)
	}
	r.until(patience, "everything is live on the last page", r.when(func(text string) bool {
		return shows(`account +live`, `positions +live`)(text) && !shows(` stale| missing`)(text)
	}))
}

// forget ends the watch of the values that must stay.
func (s *screen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = nil
}

// levels looks at the memory in use a few times and returns the middle and the
// worst.
func levels(duration time.Duration) (middle, worst int64) {
	const times = 15
	all := make([]int64, times)
	for i := range all {
		time.Sleep(duration / times)
		all[i] = live()
	}
	slices.Sort(all)
	return all[times/2], all[times-1]
}
