package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ticktop/cmd/internal/config"
	"ticktop/datasource/redisdb"
	"ticktop/datasource/testkit/servertest"
	"ticktop/ui/browse"
)

// openApp starts an app on a configuration file that reads a server.
func openApp(t *testing.T, s *servertest.Server, yaml string) (*App, config.Options) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ticktop.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o640); err != nil {
		t.Fatal(err)
	}
	o := config.Options{File: path, Overrides: config.Overrides{Redis: s.URL()}}
	c, err := config.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{Load: o, Config: c, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a, o
}

const pinsYAML = "# my desk\ndata:\n  account: {hash: \"account:1\"}  # the account\npages:\n  - {name: Mine, rows: [{widgets: [{type: account, data: account}]}]}\n"

func TestPins_AreShownRememberedAndWritten(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("HSET", "account:1", "equity", 1)
	for _, symbol := range []string{"EURUSD", "GBPUSD"} {
		s.Do("SET", "quote:"+symbol, `{"bid":1.1,"ask":1.2}`)
	}
	s.Do("SET", "user:1:password", "hunter2")
	a, o := openApp(t, s, pinsYAML)
	kept := ""
	pins := NewPins(o, "", func(text string) { kept = text }, quiet)
	b := a.keyBrowser(Principal{}, pins)
	desk := a.Desk(Principal{})
	desk.pins = pins
	if _, err := b.Pin("user:1:password", false); err == nil || err.Error() != "not pinned: secrets" {
		t.Errorf("a secret: %v", err)
	}
	if _, err := b.Pin("gone", false); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("a key that is gone: %v", err)
	}
	for _, p := range []struct {
		name   string
		family bool
	}{{"quote:", true}, {"quote:EURUSD", false}} {
		if done, err := b.Pin(p.name, p.family); err != nil || !done.On {
			t.Fatal(p, err)
		}
	}
	if got := b.Pins(); !slices.Equal(got, []string{"quote:*", "quote:EURUSD"}) {
		t.Errorf("pins %v", got)
	}
	board, feed, err := desk.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	feed.Close()
	if n := len(board.Pages); n != 2 || board.Pages[1].Name != "Pinned" {
		t.Errorf("%d pages", n)
	}
	if board, feed, err := a.Desk(Principal{}).Open(nil); err != nil || len(board.Pages) != 1 {
		t.Errorf("another session sees the pins: %v", err)
	} else {
		feed.Close()
	}
	if again := NewPins(o, kept, nil, quiet); len(again.Names()) != 2 || again.Apply(a.Config()) == a.Config() {
		t.Errorf("remembered %s", kept)
	}
	if strings.Contains(kept, "1.1") {
		t.Error("a value is remembered")
	}

	path, err := a.writer(false, pins, nil)()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); !strings.HasPrefix(got, pinsYAML[:40]) || !strings.Contains(got, "quote:EURUSD") || strings.Contains(got, s.Addr()) {
		t.Errorf("wrote\n%s", got)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v", info.Mode())
	}
	if len(pins.Names()) != 0 || len(a.Config().PageNames()) != 2 {
		t.Errorf("pins %v, pages %v", pins.Names(), a.Config().PageNames())
	}
	if _, err := a.writer(false, pins, nil)(); err == nil || !strings.Contains(err.Error(), "file already") {
		t.Errorf("nothing to write: %v", err)
	}
}

func TestPins_ComeOffAgain(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("SET", "quote:EURUSD", "1.1")
	a, o := openApp(t, s, pinsYAML)
	pins := NewPins(o, "", nil, quiet)
	b := a.keyBrowser(Principal{}, pins)
	for _, on := range []bool{true, false, true} {
		if done, err := b.Pin("quote:EURUSD", false); err != nil || done.On != on {
			t.Fatal(done, err)
		}
		if pinned := pins.Apply(a.Config()) != a.Config(); pinned != on {
			t.Errorf("on %v, shown %v", on, pinned)
		}
	}
}

func TestWriter_AFileThatHasChanged(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("SET", "quote:EURUSD", "1.1")
	a, o := openApp(t, s, pinsYAML)
	pins := NewPins(o, "", nil, quiet)
	if _, err := a.keyBrowser(Principal{}, pins).Pin("quote:EURUSD", false); err != nil {
		t.Fatal(err)
	}
	c := a.Config()
	if err := os.WriteFile(c.Path, []byte(pinsYAML+"theme: auto\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := replaceConfig(c, []byte("x")); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") {
		t.Errorf("%v", err)
	}
}

// TestBrowser_OnlyWithoutLimits: users with limits do not browse.
func TestBrowser_OnlyWithoutLimits(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	a, o := openApp(t, s, pinsYAML)
	pins := NewPins(o, "", nil, quiet)
	for _, c := range []struct {
		name string
		who  Principal
		may  bool
	}{
		{"local", Principal{}, true},
		{"a key of a file", Principal{Name: "ops"}, true},
		{"a user without limits", Principal{Name: "bob", Bound: true}, true},
		{"private", Principal{Name: "ana", Bound: true, Private: true}, false},
		{"variables", Principal{Name: "ana", Bound: true, Vars: vars("account=1")}, false},
		{"pages", Principal{Name: "ana", Bound: true, Pages: []string{"Mine"}}, false},
	} {
		if b := a.keyBrowser(c.who, pins); (b != nil) != c.may {
			t.Errorf("%s: %v", c.name, b)
		}
	}
}

func TestBrowser_ReadsAndMasks(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("HSET", "session:1", "api_key", "abc", "name", "joe")
	s.Do("SET", "user:1:password", "hunter2")
	s.Do("SET", "evil\x1b[2J", "\x1b]0;x\x07")
	s.Do("SETRANGE", "big", 1_000_000, "end")
	a, o := openApp(t, s, pinsYAML)
	b := a.keyBrowser(Principal{}, NewPins(o, "", nil, quiet))
	page, err := b.Scan(b.Pattern("", ""), "")
	if err != nil || len(page.Keys) != 4 || page.Total != 4 || page.Cursor != "" {
		t.Fatalf("%+v %v", page, err)
	}
	facts, err := b.Look([]string{"session:1", "user:1:password", "evil\x1b[2J", "big", "gone"})
	if err != nil {
		t.Fatal(err)
	}
	if p := facts[0].Preview.String(); !strings.Contains(p, "joe") || strings.Contains(p, "abc") {
		t.Errorf("preview %s", p)
	}
	if p := facts[1].Preview.String(); strings.Contains(p, "hunter2") {
		t.Errorf("preview %s", p)
	}
	if facts[3].Size != "977 KB" || !facts[4].Gone {
		t.Errorf("%+v %+v", facts[3], facts[4])
	}
	for key, hidden := range map[string]string{"session:1": "abc", "user:1:password": "hunter2", "evil\x1b[2J": "\x1b"} {
		p, err := b.Inspect(browse.Request{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(p.Value.Text.String(), hidden) || key != "evil\x1b[2J" && strings.Contains(string(p.Raw), hidden) {
			t.Errorf("%q: %s %q", key, p.Value.Text, p.Raw)
		}
	}
	p, err := b.Inspect(browse.Request{Key: "big"})
	if err != nil || len(p.Raw) > 64<<10 || p.Next == "" || !strings.HasPrefix(p.Place, "bytes 0 to 65,536") {
		t.Errorf("%d %q %q %v", len(p.Raw), p.Next, p.Place, err)
	}
}

var _ pinReader = (*redisdb.Client)(nil)
