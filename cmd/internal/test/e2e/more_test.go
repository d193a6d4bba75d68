//go:build linux || darwin

package e2e

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// deskWith is the tests' desk with more sections, in its own file.
func deskWith(t *testing.T, more string) string {
	t.Helper()
	b, err := os.ReadFile(desk(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "desk.yaml")
	if err := os.WriteFile(path, append(b, more...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAlerts: an alert rings, is on the banner, in the title and in the
// list; acknowledged or snoozed it is quiet.
func TestAlerts(t *testing.T) {
	t.Parallel()
	path := deskWith(t, `alerts:
  - {when: "account.equity > 1", level: critical, name: equity is there}
  - {when: "account.balance > 1", level: warning, name: balance is there}
`)
	c := start(t, terminal{args: []string{"demo", "--config", path}})
	c.until("the demo is drawn", ready)
	c.see("equity is there")
	c.until("the title counts alerts", func(s *screen) bool { return strings.HasPrefix(s.title, "(!") })
	c.until("the bell", func(s *screen) bool { return s.bells > 0 })
	c.press("!")
	c.open("Alerts")
	c.see("equity is there", "balance is there")
	c.press("a")
	c.see("acknowledged")
	c.press("j", "s")
	c.see("snoozed")
	c.press("q")
	c.shut("Alerts")
	c.until("the title is quiet", func(s *screen) bool { return !strings.HasPrefix(s.title, "(!") })
}

// TestCopyWrapped: what is copied in tmux or screen is wrapped for the terminal
// around it.
func TestCopyWrapped(t *testing.T) {
	t.Parallel()
	for _, env := range [][]string{{"TMUX=/tmp/tmux-0/default,1,0", "TERM=tmux-256color"}, {"STY=1.pts", "TERM=screen-256color"}} {
		c := start(t, terminal{args: []string{"demo", "--config", desk(t)}, env: env})
		c.until("the demo is drawn", ready)
		c.focused("Quotes")
		c.press("Y")
		c.until("a wrapped copy", func(s *screen) bool {
			return s.wrapped > 0 && strings.Contains(s.clipboard[len(s.clipboard)-1], `"EURUSD"`)
		})
	}
}

// click presses and releases a mouse button on a cell.
func (c *console) click(button, x, y int) {
	c.t.Helper()
	c.typ(fmt.Sprintf("\x1b[<%d;%d;%dM", button, x+1, y+1))
	if button < 64 {
		c.typ(fmt.Sprintf("\x1b[<%d;%d;%dm", button, x+1, y+1))
	}
}

// at returns where a text stands.
func (c *console) at(text string) (x, y int) {
	c.t.Helper()
	c.until("there is "+text, func(s *screen) (ok bool) { x, y, ok = s.find(text); return ok })
	return x, y
}

// TestMouse: tabs, panels, rows, the wheel, the lights, and boxes.
func TestMouse(t *testing.T) {
	t.Parallel()
	c := startDemo(t)
	for _, i := range []int{3, 1, 0} {
		x, y := c.at(pages[i].name)
		c.click(0, x, y)
		c.onPage(i)
	}
	x, y := 4, 0 // a position may have the same symbol, further right
	c.until("there is a quote of XAUUSD", func(s *screen) (ok bool) {
		for y = range s.h {
			if strings.HasPrefix(s.line(y), "│ XAUUSD") {
				return true
			}
		}
		return false
	})
	c.click(0, x, y)
	c.focused("Quotes")
	if got := c.cursor(); got != "XAUUSD" {
		t.Errorf("a click on XAUUSD picks %s", got)
	}
	c.click(65, x, y) // the wheel moves by three
	if got := c.cursor(); got != "ETHUSD" {
		t.Errorf("the wheel goes from XAUUSD to %s", got)
	}
	c.click(64, x, y)
	if got := c.cursor(); got != "XAUUSD" {
		t.Errorf("the wheel goes back to %s", got)
	}
	x, y = c.at("redis ●")
	c.click(0, x, y)
	c.open("Problems and state changes")
	c.click(0, 1, 38)
	c.shut("Problems and state changes")
	c.press("m")
	c.see("mouse off")
}

// TestPaste: a paste is text in an input and nothing elsewhere, however long.
func TestPaste(t *testing.T) {
	t.Parallel()
	c := startDemo(t)
	paste := func(text string) { c.typ("\x1b[200~" + text + "\x1b[201~") }
	paste("qpzx4")
	c.alive()
	c.onPage(0)
	c.press(":")
	c.open("Go to")
	paste("hea\x1b[31mlth\nq")
	c.see("› hea")
	c.press("esc")
	c.shut("Go to")
	// Written beside the test, and with no say in it: it is more than a terminal
	// holds, and may still be on its way when the test ends.
	go func() { _, _ = io.WriteString(c.tty, "\x1b[200~"+strings.Repeat("株q", 1<<18)+"\x1b[201~") }()
	c.alive()
	c.look(func(s *screen) {
		if s.has("PAUSED") || !s.modes[1049] {
			t.Error("a paste triggered keys")
		}
	})
}
