//go:build linux || darwin

package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplay records the demo and types every key of recordings on it.
func TestReplay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "demo.rec")
	cmd := exec.Command(binary, "record", path, "--demo", "--for", "3s", "--config", desk(t))
	cmd.Dir = t.TempDir()
	cmd.Env = environ(cmd.Dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("record: %v\n%s", err, out)
	}
	c := start(t, terminal{args: []string{"replay", path, "--config", desk(t)}})
	c.see("REPLAY", "EURUSD")
	c.see("at the end")
	c.press("<")
	c.see("0:00 of 0:0")
	c.press("p")
	for _, tc := range []struct{ key, see string }{
		{".", ""}, {",", "0:00 of"}, {">", ""}, {"<", "0:00 of"}, {"+", "2×"}, {"+", "4×"}, {"_", "2×"}, {"_", "1×"}, {"_", "0.5×"},
	} {
		switch tc.key {
		case ".", ",": // more steps than there are
			c.typ(strings.Repeat(tc.key, 200))
		default:
			c.press(tc.key)
		}
		if tc.see != "" {
			c.see(tc.see)
			continue
		}
		c.until("it moves on", func(s *screen) bool { return s.has("REPLAY") && !s.has("0:00 of") })
	}
	c.press("F")
	c.see("only in the demo")
	c.press("i")
	c.see("╭─ account ─")
	c.press("q", "2")
	c.onPage(1)
	c.press("q")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	c.restored()
}
