//go:build linux || darwin

package e2e

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ticktop/datasource/testkit/servertest"
)

var position = regexp.MustCompile(`(\d+:\d\d) of (\d+:\d\d)`)

var speed = regexp.MustCompile(`(0\.5|1|2|4)×`)

// TestReplay records the demo and types every key of recordings on it.
func TestReplay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "demo.rec")
	cmd := exec.Command(binary, "record", path, "--demo", "--for", "4s", "--config", desk(t))
	cmd.Dir = t.TempDir()
	cmd.Env = environ(cmd.Dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("record: %v\n%s", err, out)
	}
	c := start(t, terminal{args: []string{"replay", path, "--config", desk(t)}})
	c.see("REPLAY", "EURUSD")
	c.see("at the end")
	c.press("p", "<") // stopped, at the beginning
	var begin, end string
	c.until("the beginning", func(s *screen) bool {
		m := position.FindStringSubmatch(s.line(1))
		if m != nil {
			begin, end = m[1], m[2]
		}
		return s.has("stopped") && begin < end
	})
	for _, key := range []string{".", ","} { // both move what is shown
		var was string
		c.look(func(s *screen) { was = s.picture() })
		c.typ(strings.Repeat(key, 10))
		c.until(key+" moves on", func(s *screen) bool { return s.picture() != was })
	}
	for _, tc := range []struct{ key, at string }{{">", end}, {"<", begin}} {
		c.typ(strings.Repeat(tc.key, 6)) // further than the recording is long
		c.until(tc.key+" goes to "+tc.at, func(s *screen) bool {
			m := position.FindStringSubmatch(s.line(1))
			return m != nil && (m[1] == tc.at || tc.at == begin && m[1] < begin) // what there was before the first data
		})
	}
	for _, key := range []string{"+", "_"} {
		c.press("t") // another note in between
		c.gone("×")
		c.press(key)
		c.until(key+" says the speed", func(s *screen) bool { return speed.MatchString(s.line(s.h - 1)) })
	}
	c.press("F")
	c.see("only in the demo")
	c.press("i")
	c.see("╭─ quote.")
	c.press("q", "2")
	c.onPage(1)
	c.press("q")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	c.restored()
}

// TestRecordedHidden: what "x" hides on the screen is not in the recording
// that is being made.
func TestRecordedHidden(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	redis.Do("HSET", "account:ACC-1001", "equity", "11111.11", "margin_level", "33")
	redis.Do("SET", "quote:EURUSD", `{"last":1.0834}`)
	dir := t.TempDir()
	tape := filepath.Join(dir, "tape")
	c := start(t, terminal{args: []string{"--redis", redis.URL(), "--config", desk(t), "--record", tape}, dir: dir})
	c.see("11,111.11")
	c.press("x")
	c.see("***")
	redis.Do("HSET", "account:ACC-1001", "equity", "22222.22", "margin_level", "4444")
	redis.Do("SET", "quote:EURUSD", `{"last":1.2345}`)
	c.see("1.2345") // market data, read by the same poll
	c.press("q")
	if got := c.status(); got != 0 {
		t.Fatalf("exit status %d", got)
	}
	cmd := exec.Command(binary, "replay", tape, "--config", desk(t))
	cmd.Dir, cmd.Env = dir, environ(dir)
	out, err := cmd.CombinedOutput()
	if text := string(out); err != nil || !strings.Contains(text, "1.2345") || !strings.Contains(text, "***") || strings.Contains(text, "4,444") || strings.Contains(text, "11,111") || strings.Contains(text, "22,222") {
		t.Errorf("%v\n%s", err, text)
	}
}
