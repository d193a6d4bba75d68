//go:build linux || darwin

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ticktop/datasource/testkit/servertest"
)

// TestBrowse_PinWriteAndStartAgain types everything that the tree of keys knows,
// on a real server.
func TestBrowse_PinWriteAndStartAgain(t *testing.T) {
	s := servertest.Redis(t)
	s.Do("HSET", "account:1", "equity", "48250.5")
	for _, symbol := range []string{"EURUSD", "GBPUSD", "USDJPY"} {
		s.Do("SET", "quote:"+symbol, `{"bid":1.1,"ask":1.2}`)
	}
	s.Do("EVAL", "for i=1,300 do redis.call('SET', 'noise:'..i, i) end", 0)
	s.Do("SET", "evil\x1b[2J\x1b]0;owned\x07", "\x1b[31mred")
	s.Do("SET", "user:1:password", "hunter2")
	s.Do("SETRANGE", "big", 1_000_000, "end")
	dir := t.TempDir()
	file := filepath.Join(dir, "ticktop.yaml")
	if err := os.WriteFile(file, []byte("# mine\ndata:\n  account: {hash: \"account:1\"}\npages:\n  - {name: Mine, rows: [{widgets: [{type: account, data: account}]}]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--config", file, "--redis", s.URL()}
	c := start(t, terminal{args: args, dir: dir})
	c.see("48,250.50")

	c.press("B")
	c.see("─ Keys", "quote:", "3 keys", "noise:", "300 keys", "account:1", "1 field", "listpack", "evil␛[2J")
	c.press("/")
	c.typ("gbp")
	c.see("/ gbp", "quote:GBPUSD")
	c.gone("noise:")
	c.press("enter") // asks the server
	c.see("─ Keys with gbp", "quote:GBPUSD", "1.1")
	c.press("enter")
	c.see("─ quote:GBPUSD", "Raw value", `"bid": 1.1`, "does not expire")
	c.press("esc")
	c.see("─ Keys with gbp")
	c.press("+")
	c.see("pinned quote:GBPUSD on the last page", "2 Pinned")
	c.press("esc")
	c.see("─ Keys ·", "noise:")

	c.press("/")
	c.typ("big")
	c.see("977 KB")
	c.press("enter")
	c.see("─ Keys with big · 1 key ·", "1.0 MB")
	c.press("enter")
	c.see("─ big", "bytes 0 to 65,536", "n next piece")
	c.press("n")
	c.see("bytes 65,536 to 131,072", "b piece before")
	c.press("esc")
	c.see("─ Keys with big")
	c.press("esc")
	c.see("─ Keys ·")
	c.press("q")
	c.gone("─ Keys")

	c.press("2")
	c.see("Quote gbpusd", "Ask")
	c.press("W")
	c.see("wrote " + file[:12])
	text, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(text), "# mine\n") || !strings.Contains(string(text), `"quote:GBPUSD"`) {
		t.Fatalf("wrote\n%s\n%v", text, err)
	}
	c.press("q")
	if n := c.status(); n != 0 {
		t.Errorf("exit status %d", n)
	}
	c = start(t, terminal{args: args, dir: dir})
	c.see("2 Pinned")
	c.press("2")
	c.see("Quote gbpusd", "Ask")
	if stats := s.Do("INFO", "commandstats").(string); strings.Contains(stats, "cmdstat_keys:") {
		t.Error("KEYS was used")
	}
}

// TestBrowse_AUserWithoutScan gets one line that says what is missing.
func TestBrowse_AUserWithoutScan(t *testing.T) {
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~*", "&*", "+@all", "-scan"))
	s.Do("SET", "x", "1")
	url := strings.Replace(s.URL(), "redis://", "redis://ana:pw@", 1)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.yaml"), []byte("data:\n  x: {string: \"x\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := start(t, terminal{args: []string{"--config", "t.yaml", "--redis", url}, dir: dir})
	c.see("Overview")
	c.press("B")
	c.see("keys cannot be listed: no permission (scan)", "ACL SETUSER ana +scan")
	c.press("q")
	c.gone("─ Keys")
}
