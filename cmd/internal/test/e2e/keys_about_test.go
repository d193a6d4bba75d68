//go:build linux || darwin

package e2e

import (
	"slices"
	"strings"

	"ticktop/ui/keymap"
)

// pages are the built-in ones, each with a panel that only it has.
var pages = []struct{ name, only string }{
	{"Overview", "─ Notifications "}, {"Positions", "─ Orders "}, {"Market", "─ All symbols "}, {"Health", "─ Health "},
}

// onPage waits for a page: what only it has, and the tab in another style.
func (c *console) onPage(i int) {
	c.t.Helper()
	c.until("page "+pages[i].name, func(s *screen) bool {
		if !s.has(pages[i].only) || !strings.HasSuffix(s.title, pages[i].name) {
			return false
		}
		looks := map[string]int{}
		for _, p := range pages {
			x, y, ok := s.find(p.name)
			if !ok || y != 0 {
				return false
			}
			looks[s.cells[y][x].style]++
		}
		x, y, _ := s.find(pages[i].name)
		return looks[s.cells[y][x].style] == 1
	})
}

// focused waits until a panel has the focus.
func (c *console) focused(title string) {
	c.t.Helper()
	c.until("the focus is on "+title, func(s *screen) bool { return strings.HasPrefix(s.focus(), title) })
}

// open waits for an overlay; shut for its end.
func (c *console) open(title string) { c.t.Helper(); c.see(mark(title)) }
func (c *console) shut(title string) { c.t.Helper(); c.gone(mark(title)) }

// mark is what only an overlay's border says: there is a panel Account too.
func mark(title string) string {
	if title == "Account" {
		return "enter switch"
	}
	return "╭─ " + title + " ──"
}

// row waits for an overlay's row that holds all of the texts.
func (c *console) row(texts ...string) {
	c.t.Helper()
	c.until("a row with "+strings.Join(texts, ", "), func(s *screen) bool { return s.row(texts...) >= 0 })
}

// row returns the line that holds all of the texts, -1 for none.
func (s *screen) row(texts ...string) int {
	for y := range s.h {
		l := s.line(y)
		if !slices.ContainsFunc(texts, func(t string) bool { return !strings.Contains(l, t) }) {
			return y
		}
	}
	return -1
}

var gettingAbout = map[keymap.Action]keyTest{
	"page": func(c *console, key string) {
		i := int(key[0] - '1')
		c.press(key)
		if i >= len(pages) {
			c.see("there is no page " + key)
			return
		}
		c.onPage(i)
	},
	"next-page": func(c *console, key string) {
		for i := range pages {
			c.press(key)
			c.onPage((i + 1) % len(pages))
		}
	},
	"previous-page": func(c *console, key string) {
		for i := range pages {
			c.press(key)
			c.onPage(len(pages) - 1 - i)
		}
	},
	"focus-right": func(c *console, key string) {
		c.focused("Account")
		c.press(key)
		c.focused("Equity")
		c.press("H")
		c.focused("Account")
	},
	"focus-left": func(c *console, key string) {
		c.press("L")
		c.focused("Equity")
		c.press(key)
		c.focused("Account")
	},
	"focus-down": func(c *console, key string) {
		c.press(key)
		c.focused("Quotes")
		c.press("K")
		c.focused("Account")
	},
	"focus-up": func(c *console, key string) {
		c.press("J")
		c.focused("Quotes")
		c.press(key)
		c.focused("Account")
	},
	"palette": testPalette,
	"account": func(c *console, key string) {
		c.press(key)
		c.open("Account")
		c.row("ACC-1001", "shown now")
		c.typ("ACC-1002")
		c.row("ACC-1002", "as typed")
		c.press("enter")
		c.shut("Account")
		c.until("the bar names the account", func(s *screen) bool { return strings.Contains(s.line(0), "ACC-1002") })
		c.until("the title names the account", func(s *screen) bool { return strings.Contains(s.title, "ACC-1002") })
		c.see("Balance")
	},
	"watchlists": func(c *console, key string) {
		c.press(key)
		c.open("Watchlists")
		c.row("XAUUSD", "watched")
		c.press("/")
		c.typ("symbol xau")
		c.until("only what was typed", func(s *screen) bool { return s.row("NAS100", "watched") < 0 && s.row("XAUUSD", "watched") >= 0 })
		c.press("enter")
		c.row("XAUUSD", "enter adds")
		c.press("esc")
		c.shut("Watchlists")
		c.press("u")
		c.see("undone")
		c.press(key)
		c.row("XAUUSD", "watched")
		c.press("/")
		c.typ("GBPUSD,XAUUSD")
		c.row("GBPUSD,XAUUSD", "as typed")
		c.press("enter", "esc")
		c.shut("Watchlists")
		c.press("u")
	},
	"undo": func(c *console, key string) {
		c.press(key)
		c.see("nothing to undo")
	},
	"options": func(c *console, key string) {
		c.press(key)
		c.open("Options")
		c.row("mouse", "on")
		c.press("q")
		c.shut("Options")
	},
	"open": func(c *console, key string) {
		c.onQuotes()
		c.press(key)
		c.until("the page of the symbol", func(s *screen) bool { return strings.Contains(s.line(0), "› EURUSD") })
		c.see("My position and orders", "Alerts", "Notifications")
		c.press("n")
		c.until("the next symbol", func(s *screen) bool { return strings.Contains(s.line(0), "› GBPUSD") })
		c.press("N", "esc")
		c.until("the desk again", func(s *screen) bool { return !strings.Contains(s.line(0), "›") })
	},
	"add-alert": func(c *console, key string) {
		c.onQuotes()
		c.press(key)
		c.until("a form or the reason", func(s *screen) bool { return s.has("New alert") || s.has("no alerts can be made here") })
		c.press("esc")
	},
	"indicators": func(c *console, key string) {
		c.press(key)
		c.until("indicators or the reason", func(s *screen) bool { return s.has("─ Indicators ─") || s.has("no chart with indicators") })
		c.press("esc")
	},
	"browse": func(c *console, key string) {
		c.press(key)
		c.until("keys or the reason", func(s *screen) bool { return s.has("─ Keys") || s.has("no rights limit") })
		c.press("esc")
	},
	"write-config": func(c *console, key string) {
		c.press(key)
		c.until("said", func(s *screen) bool { return s.has("file already") || s.has("wrote ") })
	},
}

// testPalette goes to each kind of thing that the palette knows.
func testPalette(c *console, key string) {
	ask := func(text string, row ...string) {
		c.press(key)
		c.open("Go to")
		c.typ(text)
		c.until("the best match is "+strings.Join(row, " "), func(s *screen) bool {
			p, ok := s.panel("Go to")
			return ok && len(s.inside(p)) > 2 && allIn(s.inside(p)[2], row)
		})
		c.press("enter")
		c.shut("Go to")
	}
	ask("health", "page", "Health", "4")
	c.onPage(3)
	ask("overview", "page", "Overview", "1")
	c.onPage(0)
	ask("orders", "panel", "Orders", "Positions")
	c.onPage(1)
	c.focused("Orders")
	ask("overview", "page", "Overview")
	c.onPage(0)
	ask("pause", "action", "pause", "p")
	c.see("PAUSED")
	ask("pause", "action", "pause")
	c.gone("PAUSED")
	ask("account ACC-1003", "account", "ACC-1003")
	c.until("the bar names the account", func(s *screen) bool { return strings.Contains(s.line(0), "ACC-1003") })
	ask("account ACC-1001", "account", "ACC-1001")
	c.until("the bar names the account", func(s *screen) bool { return strings.Contains(s.line(0), "ACC-1001") })
	ask("symbol NAS100", "symbol", "NAS100")
	c.until("the page of the symbol", func(s *screen) bool { return strings.Contains(s.line(0), "› NAS100") })
	c.press("esc")
	c.until("the desk again", func(s *screen) bool { return !strings.Contains(s.line(0), "›") })
	ask("symbols "+strings.Join(symbols, ","), "symbols", "EURUSD,GBPUSD", "as typed")
	c.see("Quotes · 12")
	edge := c.edge()
	ask("high-contrast", "theme", "high-contrast")
	c.until("another theme", func(s *screen) bool { p, ok := s.panel("Equity"); return ok && p.edge != edge })
	ask("colour-blind", "theme", "colour-blind")
	c.press(key)
	c.open("Go to")
	c.typ("no such thing at all")
	c.see("no match")
	c.press("esc")
	c.shut("Go to")
}

// edge is the style of the border of a panel without the focus.
func (c *console) edge() (style string) {
	c.look(func(s *screen) {
		p, _ := s.panel("Equity")
		style = p.edge
	})
	return style
}

func allIn(line string, texts []string) bool {
	return !slices.ContainsFunc(texts, func(t string) bool { return !strings.Contains(line, t) })
}
