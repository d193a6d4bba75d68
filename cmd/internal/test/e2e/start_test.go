//go:build linux || darwin

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ticktop/datasource/testkit/servertest"
)

// TestStart_EmptyRedis shows a card with the next steps.
func TestStart_EmptyRedis(t *testing.T) {
	s := servertest.Redis(t)
	other := s.Dial()
	for _, cmd := range [][]any{{"SELECT", "3"}, {"SET", "x", "1"}} {
		if _, err := other.Do(cmd...); err != nil {
			t.Fatal(err)
		}
	}
	c := start(t, terminal{args: []string{"--redis", s.URL()}})
	c.see("─ This Redis is empty", "has no keys", "db3 with 1 keys", "ticktop demo", "ticktop simulate", "ticktop discover")
	c.press("esc")
	c.gone("This Redis is empty")
	s.Do("SET", "quote:EURUSD", `{"bid":1.08412,"ask":1.08415}`)
	c.see("1 live")
}

// TestStart_DiscoveredAndWritten: without a configuration, and where no preset
// fits, what is discovered is shown; W writes it without a secret, and the next
// start finds it.
func TestStart_DiscoveredAndWritten(t *testing.T) {
	s := servertest.Redis(t, servertest.User("ana", "on", ">hunter2", "~*", "&*", "+@all"))
	for i, symbol := range []string{"EURUSD", "GBPUSD", "USDJPY", "XAUUSD"} {
		s.Do("HSET", "px."+symbol, "bid", fmt.Sprintf("1.%d", i+1), "ask", fmt.Sprintf("1.%d", i+2))
	}
	s.Do("HSET", "acct.7001", "balance", "50000", "equity", "48250.75")
	url := strings.Replace(s.URL(), "redis://", "redis://ana:hunter2@", 1)
	dir := t.TempDir()
	c := start(t, terminal{args: []string{"--redis", url}, dir: dir})
	c.see("discovered 2 families · W writes ticktop.yaml", "EURUSD", "48,250.75")
	c.press("j")
	c.see("W writes ticktop.yaml")
	c.press("W")
	c.see("wrote ticktop.yaml")
	c.gone("W writes ticktop.yaml")
	text, err := os.ReadFile(filepath.Join(dir, "ticktop.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "hunter2") {
		t.Errorf("the password is in\n%s", text)
	}
	c.press("W")
	c.see("exists already")
	c.press("q")
	c.status()
	c = start(t, terminal{args: []string{"--redis", url}, dir: dir})
	c.see("EURUSD", "48,250.75")
	c.look(func(s *screen) {
		if s.has("discovered") {
			t.Error("discovered again")
		}
	})
}

// TestStart_RemembersThePreset of an address, until keys of another are there.
func TestStart_RemembersThePreset(t *testing.T) {
	s := servertest.Redis(t)
	s.Do("SET", "tick:EURUSD", `{"bid":1.08412,"ask":1.08415}`)
	dir := t.TempDir()
	preset := func(want string) {
		t.Helper()
		out := ticktop(t, s, dir, "snapshot", "--format", "json")
		if !strings.Contains(out, `"config":"`+want+`"`) {
			t.Errorf("not %s: %.120s", want, out)
		}
	}
	c := start(t, terminal{args: []string{"--redis", s.URL()}, dir: dir})
	c.see("1.08413")
	c.press("q")
	c.status()
	s.Do("FLUSHALL")
	preset("preset:ticks") // remembered
	s.Do("SET", "latest_tick:EURUSD", `{"bid":1.08412,"ask":1.08415}`)
	s.Do("SET", "account_info", `{"balance":1}`)
	s.Do("SET", "open_positions", `[]`)
	preset("preset:pulse")
}
