//go:build linux || darwin

package e2e

import (
	"regexp"
	"strings"

	"ticktop/ui/keymap"
)

var behind = regexp.MustCompile(`PAUSED .* [1-9][0-9,k.]* updates? behind`)

// picture is what the panels show, without the bar and its clock.
func (s *screen) picture() string {
	_, rest, _ := strings.Cut(s.String(), "╭")
	return rest
}

var theData = map[keymap.Action]keyTest{
	"pause": func(c *console, key string) {
		c.press(key)
		c.see("PAUSED", "data keeps arriving")
		var held string
		c.look(func(s *screen) { p, _ := s.panel("Quotes"); held = strings.Join(s.inside(p), "\n") })
		c.until("data arrive", func(s *screen) bool { return behind.MatchString(s.String()) })
		c.alive()
		c.look(func(s *screen) {
			p, _ := s.panel("Quotes")
			if got := bids(strings.Join(s.inside(p), "\n")); got != bids(held) {
				c.t.Errorf("the picture moved while paused:\n%s\nwas\n%s", got, bids(held))
			}
		})
		c.press(key)
		c.gone("PAUSED")
		c.until("the picture moves", func(s *screen) bool {
			p, ok := s.panel("Quotes")
			return ok && bids(strings.Join(s.inside(p), "\n")) != bids(held)
		})
	},
	"refresh": func(c *console, key string) {
		c.press(key)
		c.see("reading Account again")
	},
	"refresh-all": func(c *console, key string) {
		c.press(key)
		c.see("reading everything again")
	},
}

var price = regexp.MustCompile(`[A-Z0-9]+ +[\d,]+\.\d+`)

// bids are the symbols with their first price.
func bids(text string) string { return strings.Join(price.FindAllString(text, -1), "\n") }

var theProgram = map[keymap.Action]keyTest{
	"help": func(c *console, key string) {
		c.press(key)
		c.open("Help")
		c.see("This panel: Account", "Getting about", "next page")
		c.press("/")
		c.typ("THEME live")
		c.until("the search", func(s *screen) bool {
			return s.row("T", "choose a theme, with a live preview") >= 0 && !s.has("Getting about")
		})
		c.press("enter")
		c.press("esc") // the search first
		c.see("Getting about")
		c.press("G")
		c.see("Marks beside a value", "only reads")
		c.press(key)
		c.shut("Help")
	},
	"back": func(c *console, key string) {
		c.press("z")
		c.until("one panel", func(s *screen) bool { p, _ := s.panels(); return len(p) == 1 })
		c.press(key)
		c.until("all panels", func(s *screen) bool { p, _ := s.panels(); return len(p) == 9 })
		for _, box := range []struct{ key, title string }{{"?", "Help"}, {":", "Go to"}, {"E", "Problems and state changes"}, {"!", "Alerts"}, {"a", "Account"}, {"T", "Theme"}, {"F", "Faults"}} {
			c.press(box.key)
			c.open(box.title)
			c.press(key)
			c.shut(box.title)
		}
		c.press(key)
		c.alive()
		c.press(key)
		c.alive() // it never quits
		c.onPage(0)
	},
	"faults": func(c *console, key string) {
		c.press(key)
		c.open("Faults")
		c.row("· silence the ticks")
		c.press("q")
		c.shut("Faults")
	},
}
