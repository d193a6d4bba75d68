//go:build linux || darwin

package e2e

import (
	"encoding/json"
	"regexp"
	"strings"

	"ticktop/ui/keymap"
)

var lookingCloser = map[keymap.Action]keyTest{
	"inspect": func(c *console, key string) {
		c.onQuotes()
		c.press(key)
		c.see("╭─ quote.EURUSD ─")
		for _, fact := range [][]string{
			{"state", "live"}, {"source"}, {"age", "read"}, {"ttl", "left"}, {"key", "quote:EURUSD"}, {"kind", "string"},
			{"type", "object"}, {"channel", "ticks:EURUSD"}, {"fallback", "/api/quotes/EURUSD/"}, {"Last changes"}, {"Value"},
		} {
			c.row(fact...)
		}
		c.press("G")
		c.see("Raw value (")
		c.press(key)
		c.gone("╭─ quote.EURUSD ─")
	},
	"zoom": func(c *console, key string) {
		c.press(key)
		c.until("one panel", func(s *screen) bool {
			p, _ := s.panels()
			return len(p) == 1 && p[0].title == "Account" && p[0].w == s.w
		})
		c.press(key)
		c.until("all panels", func(s *screen) bool { p, _ := s.panels(); return len(p) == 9 })
	},
	"events": func(c *console, key string) {
		c.press(key)
		c.open("Problems and state changes")
		c.see("Sources", "everything is live", "Changes, newest first", "connecting up")
		c.press("/")
		c.typ("redis connecting")
		c.until("the search", func(s *screen) bool { return s.row("redis", "connecting", "up") >= 0 && !s.has("Degraded") })
		c.press("esc")
		c.see("Degraded")
		c.press(key)
		c.shut("Problems and state changes")
	},
	"alerts": func(c *console, key string) {
		c.press(key)
		c.open("Alerts")
		c.see("no alert is firing")
		c.press(key)
		c.shut("Alerts")
	},
	"copy": func(c *console, key string) {
		c.onQuotes()
		n := c.copies()
		c.press(key)
		c.see("copied ")
		c.until("the clipboard", func(s *screen) bool { return len(s.clipboard) == n+1 })
		c.look(func(s *screen) {
			if got := s.clipboard[n]; !strings.Contains(got, "1.08") && !json.Valid([]byte(got)) {
				c.t.Errorf("copied %q", got)
			}
		})
	},
	"copy-row": func(c *console, key string) {
		c.onQuotes()
		n := c.copies()
		c.press("j", key)
		c.until("the clipboard", func(s *screen) bool { return len(s.clipboard) == n+1 })
		var row struct {
			Symbol   string
			Bid, Ask json.Number
		}
		c.look(func(s *screen) {
			if err := json.Unmarshal([]byte(s.clipboard[n]), &row); err != nil || row.Symbol != "GBPUSD" || row.Bid == "" || row.Ask == "" {
				c.t.Errorf("copied %q (%v)", s.clipboard[n], err)
			}
		})
	},
}

// copies is how often something was copied so far.
func (c *console) copies() (n int) {
	c.look(func(s *screen) { n = len(s.clipboard) })
	return n
}

var theView = map[keymap.Action]keyTest{
	"theme": func(c *console, key string) {
		before := c.edge()
		differs := func(want bool) {
			c.t.Helper()
			c.until("the theme changes", func(s *screen) bool {
				p, ok := s.panel("Account")
				if !ok {
					return false
				}
				return ok && (s.cells[p.y+p.h-1][p.x].style != before) == want
			})
		}
		c.press("L") // the panel looked at has no focus
		c.focused("Equity")
		c.press(key)
		c.open("Theme")
		c.press("j", "j")
		differs(true) // a live preview
		c.press("esc")
		c.shut("Theme")
		differs(false)
		c.press(key)
		c.open("Theme")
		c.press("j", "j", "enter")
		c.shut("Theme")
		differs(true)
	},
	"stamps": func(c *console, key string) {
		c.press(key)
		c.see("times of day")
		c.press(key)
		c.see("ages")
	},
	"private": testPrivate,
	"mouse": func(c *console, key string) {
		c.until("the mouse is ours", func(s *screen) bool { return s.modes[1002] && s.modes[1006] })
		c.press(key)
		c.see("mouse off")
		c.until("the mouse is the terminal's", func(s *screen) bool { return !s.modes[1002] && !s.modes[1003] })
		c.press(key)
		c.see("mouse on")
		c.until("the mouse is ours", func(s *screen) bool { return s.modes[1002] && s.modes[1006] })
	},
	"redraw": func(c *console, key string) {
		n := strings.Count(c.bytes(), "\x1b[2J")
		c.look(func(s *screen) { // another program wrote over the screen
			for x := range s.cells[5] {
				s.cells[5][x].text = "#"
			}
		})
		c.press(key)
		c.until("all is drawn again", func(s *screen) bool {
			return strings.Count(string(c.raw), "\x1b[2J") > n && !s.has("###") && ready(s)
		})
	},
}

var (
	balance = regexp.MustCompile(`Balance +([\d,.]+)`)
)

// testPrivate: balances are gone from the screen, from the inspector and from
// copies, and come back.
func testPrivate(c *console, key string) {
	var was string
	c.look(func(s *screen) {
		if m := balance.FindStringSubmatch(s.String()); m != nil {
			was = m[1]
		}
	})
	if was == "" {
		c.t.Fatalf("no balance\n%s", c.text())
	}
	c.press(key)
	c.see("balances hidden")
	c.until("balances are hidden", func(s *screen) bool { return s.row("Balance", "***") >= 0 && !s.has(was) })
	n := c.copies()
	c.press("y")
	c.see("balances are hidden")
	c.press("i")
	c.see("╭─ account ─", "balances are hidden: x shows them")
	c.look(func(s *screen) {
		if s.has(was) || len(s.clipboard) != n {
			c.t.Errorf("a hidden balance is reported")
		}
	})
	c.press("q")
	c.gone("╭─ account ─")
	c.press(key)
	c.see("balances shown")
	c.until("balances are shown", func(s *screen) bool { return balance.MatchString(s.String()) })
}
