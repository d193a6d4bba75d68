//go:build linux || darwin

package e2e

import (
	"regexp"
	"strings"
	"testing"

	"ticktop/cmd/internal/demo"
)

// says reports whether the lower border of a panel holds a text.
func says(title, text string) func(*screen) bool {
	return func(s *screen) bool {
		p, ok := s.panel(title)
		return ok && strings.Contains(bottom(s, p), text)
	}
}

func bottom(s *screen, p panel) string {
	var b strings.Builder
	for _, c := range s.cells[p.y+p.h-1][p.x : p.x+p.w] {
		b.WriteString(c.text)
	}
	return b.String()
}

func shows(texts ...string) func(*screen) bool {
	return func(s *screen) bool { return allIn(s.String(), texts) }
}

func not(f func(*screen) bool) func(*screen) bool { return func(s *screen) bool { return !f(s) } }

// silent: a mark beside the age of a quote.
func silent(s *screen) bool { return quiet.MatchString(s.String()) }

var quiet = regexp.MustCompile(`\d ! `)

var storming = regexp.MustCompile(`pubsub ● *(\d+(\.\d+)?k|\d+,\d\d\d)/s`)

// faultTests: what each fault of the menu looks like, with what else must be
// broken for it to be seen, and how it looks when it is fixed. With events
// the event log is open.
var faultTests = map[string]struct {
	also   []string
	events bool
	broken func(*screen) bool
	mended func(*screen) bool
}{
	demo.FaultStopRedis: {nil, false, shows("redis ✕", "pubsub ✕", "refused"), shows("redis ●", "pubsub ●")},
	demo.FaultHangRedis: {nil, false, shows("redis ✕", "no answer"), shows("redis ●", "pubsub ●")},
	demo.FaultCutPubSub: {nil, false, not(shows("pubsub ●")), shows("redis ●", "pubsub ●")},
	demo.FaultExpireAccount: {nil, false, func(s *screen) bool { return says("Account", "api")(s) && says("Positions", "api")(s) },
		not(says("Account", "api"))},
	demo.FaultExpireQuotes: {[]string{demo.FaultSilence}, false, says("Quotes", "api"), not(says("Quotes", "api"))},
	demo.FaultExpireFlags: {nil, false, func(s *screen) bool { return says("Flags", "api")(s) && says("Counters", "api")(s) },
		not(says("Flags", "api"))},
	demo.FaultSilence:    {nil, false, silent, not(silent)},
	demo.FaultWrongType:  {nil, false, shows("wrong type"), not(shows("wrong type"))},
	demo.FaultHostile:    {nil, false, shows("␛"), shows("redis ●")},
	demo.FaultStorm:      {nil, false, func(s *screen) bool { return storming.MatchString(s.line(0)) }, func(s *screen) bool { return !storming.MatchString(s.line(0)) }},
	demo.FaultAPIDown:    {[]string{demo.FaultExpireAccount}, true, shows("api: refused"), shows("fallback")},
	demo.FaultAPI500:     {[]string{demo.FaultExpireAccount}, true, shows("server error"), shows("fallback")},
	demo.FaultAPI429:     {[]string{demo.FaultExpireAccount}, true, shows("throttled", "retry in"), shows("fallback")},
	demo.FaultAPISlow:    {[]string{demo.FaultExpireAccount}, true, shows("no answer"), shows("fallback")},
	demo.FaultAPIGarbage: {[]string{demo.FaultExpireAccount}, true, shows("bad reply"), shows("fallback")},
	demo.FaultAPI401:     {[]string{demo.FaultExpireAccount}, true, shows("token refused"), shows("api")},
}

// menu lists the faults of the demo: id → title.
func menu(t *testing.T) (ids []string, titles map[string]string) {
	t.Helper()
	d, err := demo.Start(t.Context(), demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	titles = map[string]string{}
	for _, f := range d.Faults() {
		ids = append(ids, f.ID)
		titles[f.ID] = f.Title
	}
	return ids, titles
}

// toggle breaks or fixes something by the menu, found by typing its name.
func (c *console) toggle(title string, on bool) {
	c.t.Helper()
	c.press("F")
	c.open("Faults")
	c.press("/")
	c.typ(title)
	c.until("the menu has "+title, func(s *screen) bool {
		p, ok := s.panel("Faults")
		return ok && len(s.inside(p)) > 2 && strings.Contains(s.inside(p)[2], title)
	})
	c.press("enter")
	c.see(map[bool]string{true: "enabled: ", false: "disabled: "}[on] + title)
	c.press("esc")
	c.shut("Faults")
}

// TestFaultMenu breaks everything that the demo can break, one after the other,
// and looks at the words on the screen; then it heals.
func TestFaultMenu(t *testing.T) {
	t.Parallel()
	ids, titles := menu(t)
	for _, id := range ids {
		test, ok := faultTests[id]
		if !ok {
			t.Errorf("fault %s has no test", id)
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := startDemo(t)
			if id == demo.FaultSilence { // a rhythm must be known to be missed
				c.press("4")
				for range 4 {
					c.alive()
				}
				c.press("1")
				c.onPage(0)
			}
			c.toggle(titles[id], true)
			for _, other := range test.also {
				c.toggle(titles[other], true)
			}
			if test.events {
				c.press("E")
				c.open("Problems and state changes")
			}
			c.until(titles[id]+" is on the screen", test.broken)
			if !test.events {
				c.see("Balance") // never blank
				c.until("EURUSD stays", shows("EURUSD", "1.0"))
				c.bordered(5)
			} else {
				c.press("q")
				c.shut("Problems and state changes")
			}
			c.toggle(titles[id], false)
			for _, other := range test.also {
				if !test.events {
					c.toggle(titles[other], false)
				}
			}
			if test.events {
				c.press("E")
				c.open("Problems and state changes")
			}
			c.until(titles[id]+" is fixed", test.mended)
		})
	}
}
