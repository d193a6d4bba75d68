//go:build linux || darwin

package e2e

import (
	"regexp"
	"slices"
	"strings"

	"ticktop/ui/keymap"
)

// symbols are those of the demo, in their order.
var symbols = []string{"EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCHF", "XAUUSD", "XAGUSD", "BTCUSD", "ETHUSD", "US500", "NAS100", "WTI"}

var quoteTitle = regexp.MustCompile(`╭─ quote\.(\w+) ─`)

// cursor tells on which symbol the cursor of the quotes stands: the inspector
// knows.
func (c *console) cursor() (symbol string) {
	c.t.Helper()
	c.press("i")
	c.until("the inspector", func(s *screen) bool {
		if m := quoteTitle.FindStringSubmatch(s.String()); m != nil {
			symbol = m[1]
		}
		return symbol != ""
	})
	c.press("q")
	c.until("the inspector is closed", func(s *screen) bool { return !quoteTitle.MatchString(s.String()) })
	return symbol
}

// onQuotes moves the focus to the quotes and their cursor to the first row.
func (c *console) onQuotes() {
	c.t.Helper()
	c.look(func(s *screen) {
		if !strings.HasPrefix(s.focus(), "Quotes") {
			c.press("J")
		}
	})
	c.focused("Quotes")
	c.press("g")
}

// cursorTest presses keys, then the one under test, and says where the cursor
// must be then.
func cursorTest(before []string, want func(row int) bool) keyTest {
	return func(c *console, key string) {
		c.onQuotes()
		c.press(append(slices.Clone(before), key)...)
		if row := slices.Index(symbols, c.cursor()); !want(row) {
			c.t.Errorf("%v %s: the cursor is on row %d", before, key, row)
		}
	}
}

func isRow(n int) func(int) bool { return func(row int) bool { return row == n } }

// header is the line of column names of the quotes.
func (s *screen) header() string {
	if p, ok := s.panel("Quotes"); ok {
		return s.inside(p)[0]
	}
	return ""
}

var sortMark = regexp.MustCompile(`(\w+) ?([↑↓])`)

// sorted waits until the quotes are sorted, and returns column and direction.
func (c *console) sorted() (column, way string) {
	c.t.Helper()
	c.until("a sorted column", func(s *screen) bool {
		m := sortMark.FindStringSubmatch(s.header())
		if m != nil {
			column, way = m[1], m[2]
		}
		return m != nil
	})
	return column, way
}

// shows waits until the quotes hold these symbols and no others.
func (c *console) shows(want ...string) {
	c.t.Helper()
	c.until("quotes of "+strings.Join(want, ", "), func(s *screen) bool {
		p, ok := s.panel("Quotes")
		if !ok {
			return false
		}
		text := strings.Join(s.inside(p), "\n")
		for _, symbol := range symbols {
			if strings.Contains(text, symbol) != slices.Contains(want, symbol) {
				return false
			}
		}
		return true
	})
}

var crosshair = regexp.MustCompile(`Equity · .* (\d\d:\d\d:\d\d) `)

// cross waits for a crosshair other than before and returns its time.
func (c *console) cross(before string) (at string) {
	c.t.Helper()
	c.until("the crosshair moves", func(s *screen) bool {
		at = ""
		if m := crosshair.FindStringSubmatch(s.line(1)); m != nil {
			at = m[1]
		}
		return at != "" && at != before
	})
	return at
}

// onEquity moves the focus to the chart.
func (c *console) onEquity() {
	c.t.Helper()
	c.look(func(s *screen) {
		if !strings.HasPrefix(s.focus(), "Equity") {
			c.press("L")
		}
	})
	c.focused("Equity")
}

var insidePanels = map[keymap.Action]keyTest{
	"up":        cursorTest([]string{"j", "j"}, isRow(1)),
	"down":      cursorTest(nil, isRow(1)),
	"top":       cursorTest([]string{"j", "j", "j"}, isRow(0)),
	"bottom":    cursorTest(nil, isRow(11)),
	"page-up":   cursorTest([]string{"G"}, func(row int) bool { return row > 2 && row < 10 }),
	"page-down": cursorTest(nil, func(row int) bool { return row > 1 && row < 9 }),
	"left": func(c *console, key string) {
		c.onEquity()
		c.press(key)
		first := c.cross("")
		c.press(key)
		if second := c.cross(first); second >= first {
			c.t.Errorf("left of %s is %s", first, second)
		}
		c.see("●")
	},
	"right": func(c *console, key string) {
		c.onEquity()
		first := ""
		for range 3 {
			c.press("left")
			first = c.cross(first)
		}
		for range 3 { // a new sample, every 5 s, moves the crosshair too
			c.press(key)
			second := c.cross(first)
			if second > first {
				return
			}
			first = second
		}
		c.t.Errorf("the key does not move right of %s", first)
	},
	"sort": func(c *console, key string) {
		c.onQuotes()
		c.press(key)
		first, _ := c.sorted()
		c.press(key)
		c.until("the next column", func(s *screen) bool {
			m := sortMark.FindStringSubmatch(s.header())
			return m != nil && m[1] != first
		})
	},
	"sort-flip": func(c *console, key string) {
		c.onQuotes()
		c.press("s")
		column, way := c.sorted()
		c.press(key)
		c.until("the other way round", func(s *screen) bool {
			m := sortMark.FindStringSubmatch(s.header())
			return m != nil && m[1] == column && m[2] != way
		})
	},
	"sort-column": func(c *console, key string) {
		c.onQuotes()
		c.press(key)
		c.until("sorted by the column with "+key, func(s *screen) bool {
			m := sortMark.FindStringSubmatch(s.header())
			return m != nil && m[1][:1] == key
		})
	},
	"hide-column": func(c *console, key string) {
		c.onQuotes()
		c.press("s", "s") // the first column, the symbol, always stays
		var column string
		c.until("sorted by another column", func(s *screen) bool {
			m := sortMark.FindStringSubmatch(s.header())
			if m != nil {
				column = m[1]
			}
			return m != nil && column != "SYMBOL"
		})
		c.press(key)
		c.until("no such column", func(s *screen) bool { return s.header() != "" && !strings.Contains(s.header(), column) })
	},
	"shorter": func(c *console, key string) {
		c.onEquity()
		c.see("Equity · 4 h")
		c.press(key)
		c.see("Equity · 2 h")
	},
	"longer": func(c *console, key string) {
		c.onEquity()
		c.press("[", "[")
		c.see("Equity · 1 h")
		c.press(key, key)
		c.see("Equity · 4 h")
	},
	"zoom-in": func(c *console, key string) {
		c.onEquity()
		c.press(key)
		c.see("· ×2 ")
		c.press(key)
		c.see("· ×4 ")
	},
	"zoom-out": func(c *console, key string) {
		c.onEquity()
		c.press("=", "=")
		c.see("· ×4 ")
		c.press(key)
		c.see("· ×2 ")
		c.press(key)
		c.gone("· ×")
	},
	"interval": func(c *console, key string) {
		c.onEquity()
		c.press("L")
		c.focused("EURUSD · 1m")
		c.press(key)
		c.focused("EURUSD · 5m")
	},
	"filter":          testFilter,
	"next-symbol":     matchTest([]string{}, "XAUUSD"),
	"previous-symbol": matchTest([]string{"n", "n"}, "XAUUSD"),
}

func testFilter(c *console, key string) {
	c.onQuotes()
	c.press(key)
	c.typ("XA")
	c.shows("XAUUSD", "XAGUSD")
	c.until("the prompt", func(s *screen) bool { return strings.Contains(s.line(s.h-1), "/XA") && s.modes[25] })
	c.press("enter")
	c.until("the prompt is gone", func(s *screen) bool { return !strings.Contains(s.line(s.h-1), "/XA") && !s.modes[25] })
	c.shows("XAUUSD", "XAGUSD")
	c.press("esc")
	c.shows(symbols...)
	c.press(key)
	c.typ("!USD$")
	c.shows("USDJPY", "USDCHF", "US500", "NAS100", "WTI")
	c.press("backspace", "backspace", "backspace", "backspace", "backspace")
	c.shows(symbols...)
	c.typ("(")
	c.see("missing closing )")
	c.press("esc")
	c.until("the prompt is gone", func(s *screen) bool { return !s.modes[25] })
	c.shows(symbols...)
	// Typing never triggers keys: neither letters nor digits nor signs.
	c.press(key)
	c.typ("qpxzE4!:?TFm")
	c.until("all of it is text", func(s *screen) bool { return strings.Contains(s.line(s.h-1), "/qpxzE4!:?TFm") })
	c.press("esc")
	c.shows(symbols...)
	c.onPage(0)
	c.alive()
	c.look(func(s *screen) {
		if s.has("PAUSED") || s.has("•••") || !s.modes[1002] {
			c.t.Error("typing in the filter triggered keys")
		}
	})
}

// matchTest filters for three rows, then walks over what matches.
func matchTest(before []string, want string) keyTest {
	return func(c *console, key string) {
		c.onQuotes()
		c.press("/")
		c.typ("GBP|XA")
		c.press("enter")
		c.shows("GBPUSD", "XAUUSD", "XAGUSD")
		c.press(before...)
		c.press(key)
		if got := c.cursor(); got != want {
			c.t.Errorf("%s is on %s, want %s", key, got, want)
		}
	}
}
