//go:build linux || darwin

package e2e

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// TestSizes: from one cell to a wall. Too small says what is needed; from 60×16
// on every border is whole.
func TestSizes(t *testing.T) {
	t.Parallel()
	c := start(t, terminal{args: []string{"demo", "--config", desk(t)}, w: 300, h: 90})
	c.until("the demo is drawn", ready)
	c.bordered(5)
	for _, sz := range [][2]int{{1, 1}, {2, 1}, {1, 40}, {20, 5}, {59, 15}, {59, 40}, {200, 15}} {
		c.size(sz[0], sz[1])
		c.until(fmt.Sprintf("a card of %d×%d", sz[0], sz[1]), func(s *screen) bool {
			return !s.resized && !s.has("╭") && (sz[0] < 20 || s.has("60×16") && s.has(fmt.Sprintf("%d×%d", sz[0], sz[1])))
		})
	}
	for _, sz := range [][2]int{{60, 16}, {79, 24}, {80, 24}, {119, 30}, {120, 40}, {160, 45}, {200, 60}} {
		c.size(sz[0], sz[1])
		c.until(fmt.Sprintf("a dashboard of %d×%d", sz[0], sz[1]), func(s *screen) bool {
			return !s.resized && s.has("╭─ Account") && strings.Contains(s.line(s.h-1), "keys")
		})
		c.bordered(2)
	}
	c.size(1, 1)
	c.press("q")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	c.restored()
}

// bordered checks every box on the screen.
func (c *console) bordered(least int) {
	c.t.Helper()
	c.look(func(s *screen) {
		found, broken := s.panels()
		for _, b := range broken {
			c.t.Errorf("%d×%d: %s", s.w, s.h, b)
		}
		if len(found) < least {
			c.t.Errorf("%d×%d: only %d panels\n%s", s.w, s.h, len(found), s)
		}
	})
}

// TestStartsTiny: the first frame is already of the window's size.
func TestStartsTiny(t *testing.T) {
	t.Parallel()
	for _, sz := range [][2]int{{1, 1}, {20, 5}, {59, 15}, {80, 24}} {
		c := start(t, terminal{args: []string{"demo", "--config", desk(t)}, w: sz[0], h: sz[1]})
		c.until("something is drawn", func(s *screen) bool { return s.modes[1049] && strings.TrimSpace(s.String()) != "" })
		c.press("q")
		if got := c.status(); got != 0 {
			t.Errorf("%v: exit status %d", sz, got)
		}
		c.restored()
	}
}

// TestResizeStorm: sizes that come faster than frames end in a whole picture.
func TestResizeStorm(t *testing.T) {
	t.Parallel()
	c := startDemo(t)
	for i := range 300 {
		c.size(1+(i*37)%250, 1+(i*23)%80)
	}
	begun := time.Now()
	c.size(121, 41)
	c.until("the last size", func(s *screen) bool {
		return s.has("╭─ Account") && strings.Contains(s.line(s.h-1), "keys") && clock(s) != ""
	})
	servertest.Measured(t, "resize storm in a terminal", time.Second, time.Since(begun), "300 sizes, then the last one is drawn")
	// Pictures of sizes before may still be on their way: drawn again, all is whole.
	c.press("ctrl+l")
	c.alive()
	c.bordered(5)
	c.look(func(s *screen) { s.violations = nil }) // what was drawn for a window that was gone
	c.alive()
}

// TestNoColor: any value that is not empty; bold, dim, underline and reverse are
// no colours.
func TestNoColor(t *testing.T) {
	t.Parallel()
	for _, env := range [][]string{{"NO_COLOR=1"}, {"NO_COLOR=0"}, {"NO_COLOR=false"}, {"NO_COLOR=x", "CLICOLOR_FORCE=1"}} {
		t.Run(strings.Join(env, " "), func(t *testing.T) {
			c := start(t, terminal{args: []string{"demo", "--config", desk(t)}, env: env})
			c.until("the demo is drawn", ready)
			c.press("2", "3", "4", "p", "?")
			c.see("╔═ Help ══") // mono: the border of what has the keys is double
			c.look(func(s *screen) {
				for style := range s.styles {
					if colourful(style) {
						t.Errorf("SGR %q", style)
					}
				}
				if len(s.styles) < 2 {
					t.Error("not even bold or underlined")
				}
			})
		})
	}
}

// colourful reports whether the parameters of an SGR set a colour.
func colourful(style string) bool {
	for _, p := range strings.FieldsFunc(style, func(r rune) bool { return r == ';' || r == ':' }) {
		var n int
		_, _ = fmt.Sscan(p, &n)
		if n >= 30 && n != 39 && n != 49 {
			return true
		}
	}
	return false
}

// TestColours: what a terminal can show is what it is sent.
func TestColours(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		env  []string
		ok   func(style string) bool
	}{
		{"true colour", []string{"COLORTERM=truecolor"}, func(s string) bool { return strings.Contains(s, "38;2;") }},
		{"256", []string{"COLORTERM="}, func(s string) bool { return strings.Contains(s, "38;5;") }},
		{"16", []string{"COLORTERM=", "TERM=xterm"}, func(s string) bool { return colourful(s) && !strings.Contains(s, "38;") }},
		{"forced", []string{"COLORTERM=", "TERM=vt100", "CLICOLOR_FORCE=1"}, colourful},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := start(t, terminal{args: []string{"demo", "--config", desk(t)}, env: tc.env})
			c.until("the demo is drawn", ready)
			c.look(func(s *screen) {
				found := false
				for style := range s.styles {
					found = found || tc.ok(style)
					if colourful(style) && !tc.ok(style) && !strings.HasPrefix(style, "3") && tc.name == "16" {
						t.Errorf("SGR %q", style)
					}
				}
				if !found {
					t.Errorf("no such colour in %v", s.styles)
				}
			})
		})
	}
}

// TestSevenBits: in a locale that has no more, nothing else is written.
func TestSevenBits(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"LANG=C", "LC_ALL=POSIX", "LANG=en_US.ISO-8859-1"} {
		t.Run(env, func(t *testing.T) {
			c := start(t, terminal{args: []string{"demo", "--config", desk(t)}, env: []string{env}})
			c.until("the demo is drawn", func(s *screen) bool { return s.has("EURUSD") && s.has("Balance") && s.has("redis *") })
			for i, p := range pages {
				c.press(string(rune('1' + i)))
				c.until("page "+p.name, func(s *screen) bool { return strings.HasSuffix(s.title, p.name) })
			}
			c.press("x")
			c.see("balances hidden")
			c.press("t")
			c.see("times of day")
			for _, box := range []struct{ key, see string }{{"?", "Getting about"}, {"E", "Degraded"}, {"!", "no alert is firing"}, {"T", "enter keep"}} {
				c.press(box.key)
				c.see(box.see)
				c.press("q")
				c.gone(box.see)
			}
			c.press("p")
			c.see("PAUSED")
			for i, b := range []byte(c.bytes()) {
				if b >= 0x80 {
					raw := c.bytes()
					t.Fatalf("byte %#x in %q", b, raw[max(0, i-60):min(len(raw), i+20)])
				}
			}
		})
	}
}

// TestDumbTerminal: nothing to draw on: one snapshot of text, no escape.
func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	c := start(t, terminal{args: []string{"demo", "--config", desk(t)}, env: []string{"TERM=dumb"}, w: 200, h: 100})
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	if out := c.bytes(); strings.Contains(out, "\x1b") || !strings.Contains(out, "EURUSD") {
		t.Errorf("%q", out)
	}
	c.restored()
}

// TestNoTerminal: data on stdout without escapes, messages on stderr.
func TestNoTerminal(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	redis.Do("HSET", "account:ACC-1001", "equity", "12345.67", "note", "\x1b[2Jx")
	cmd := exec.Command(binary, "--redis", redis.URL(), "--config", desk(t))
	cmd.Dir = t.TempDir()
	cmd.Env = environ(cmd.Dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if got := exitStatus(t, cmd.Run()); got != 3 {
		t.Errorf("exit status %d, want 3: most keys are missing; %s", got, errs.String())
	}
	if strings.Contains(out.String(), "\x1b") || !strings.Contains(out.String(), "12345.67") && !strings.Contains(out.String(), "12,345.67") {
		t.Errorf("stdout %q", out.String())
	}
	if errs.Len() > 0 {
		t.Errorf("stderr %q", errs.String())
	}
}
