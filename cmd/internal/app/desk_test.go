package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/demo"
	"ticktop/datasource"
	"ticktop/ui"
)

const deskYAML = `
vars: {account: ACC-1, symbols: [A, B, C]}
choices: {account: [ACC-2]}
data:
  account: {hash: "account:{account}"}
  quote: {string: "quote:{symbol}", for: {symbol: symbols}}
  secret: {string: "secret"}
pages:
  - {name: Mine, rows: [{widgets: [{type: account, data: account}]}]}
  - {name: All, rows: [{widgets: [{type: quotes, data: quote}, {type: text, data: secret}]}]}
`

func vars(pairs ...string) map[string][]string {
	out := map[string][]string{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		out[k] = strings.Split(v, ",")
	}
	return out
}

// TestPrincipals: what a user may not see is never read.
func TestPrincipals(t *testing.T) {
	ana := Principal{Name: "ana", Bound: true, Vars: vars("account=ACC-7,ACC-8", "symbols=A,B"), Pages: []string{"Mine"}}
	bob := Principal{Name: "bob", Bound: true}
	for _, c := range []struct {
		name   string
		who    Principal
		wanted map[string][]string
		read   string
		err    string
	}{
		{"local", Principal{}, nil, "account=account:ACC-1 quote.A=quote:A quote.B=quote:B quote.C=quote:C secret=secret", ""},
		{"local, one of the choices", Principal{}, vars("account=ACC-2", "symbols=C"), "account=account:ACC-2 quote.C=quote:C secret=secret", ""},
		{"local, not one of the choices", Principal{}, vars("account=ACC-9"), "", `account "ACC-9" is not allowed here`},
		{"local, a free list", Principal{}, vars("symbols=X,Y"), "account=account:ACC-1 quote.X=quote:X quote.Y=quote:Y secret=secret", ""},
		{"a user starts with her first", ana, nil, "account=account:ACC-7", ""},
		{"a user's other one", ana, vars("account=ACC-8"), "account=account:ACC-8", ""},
		{"another's account", ana, vars("account=ACC-1"), "", `account "ACC-1" is not allowed here`},
		{"a path", ana, vars("account=../../x"), "", `account "../../x" is not allowed here`},
		{"a pattern", ana, vars("account=*"), "", `account "*" is not allowed here`},
		{"two accounts", ana, vars("account=ACC-7,ACC-8"), "", "account takes one value"},
		{"another's symbol", ana, vars("symbols=A,C"), "", `symbols "C" is not allowed here`},
		{"a variable that isn't one", ana, vars("x=y"), "", "there is no variable x"},
		{"a user without variables has the configured ones", bob, nil, "account=account:ACC-1 quote.A=quote:A quote.B=quote:B quote.C=quote:C secret=secret", ""},
		{"and no others", bob, vars("account=ACC-3"), "", `account "ACC-3" is not allowed here`},
		{"nothing at all", bob, map[string][]string{"account": nil}, "", "account takes one value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := &source{}
			d := &Desk{dashboards: newDashboards(parse(t, deskYAML), src, quiet, nil), principal: c.who}
			_, feed, err := d.Open(c.wanted)
			if c.err != "" {
				if err == nil || err.Error() != c.err {
					t.Fatalf("error %v, want %s", err, c.err)
				}
				if len(src.refs) > 0 {
					t.Fatal("refused, and read all the same")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			feed.Close()
			if got := strings.Join(src.last(), " "); got != c.read {
				t.Errorf("reads %s\nwant %s", got, c.read)
			}
		})
	}
}

func TestDashboardsAreShared(t *testing.T) {
	o := newDashboards(parse(t, deskYAML), &source{}, quiet, nil)
	open := func(p Principal, v map[string][]string) *ui.Dashboard {
		t.Helper()
		board, feed, err := (&Desk{dashboards: o, principal: p}).Open(v)
		if err != nil {
			t.Fatal(err)
		}
		feed.Close()
		return board
	}
	a, b := open(Principal{}, nil), open(Principal{Name: "other"}, nil)
	if a != b {
		t.Error("two who see the same have two dashboards: their pictures would not be shared")
	}
	if c := open(Principal{}, vars("account=ACC-2")); c == a {
		t.Error("two accounts share a dashboard")
	}
	if c := open(Principal{Bound: true, Private: true}, nil); c == a || !c.Private {
		t.Error("a private user shares an open dashboard")
	}
	if c := open(Principal{Bound: true, Pages: []string{"Mine"}}, nil); len(c.Pages) != 1 {
		t.Errorf("%d pages, want 1", len(c.Pages))
	}
}

func TestReload(t *testing.T) {
	o := newDashboards(parse(t, deskYAML), &source{}, quiet, nil)
	d := &Desk{dashboards: o}
	changed := d.Changed()
	o.showWarning("config not reloaded: x.yaml:1:1: \x1b[2J")
	<-changed
	board, _, err := d.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	if board.Banner.Empty() || strings.Contains(board.Banner.String(), "\x1b") || len(board.Pages) != 2 {
		t.Errorf("banner %q, %d pages: a broken file must leave the last good one up and say so", board.Banner, len(board.Pages))
	}
	changed = d.Changed()
	o.replaceConfig(parse(t, "data: {x: {string: x}}"), &source{})
	<-changed
	board, _, err = d.Open(nil)
	if err != nil || !board.Banner.Empty() || len(board.Pages) != 1 {
		t.Errorf("after a good file: %v, banner %q, %d pages", err, board.Banner, len(board.Pages))
	}
}

func TestHints(t *testing.T) {
	h := originHints([]datasource.Ref{{Name: "q", Kind: datasource.KindString, Key: "q\x1b", Live: "t", Fallback: datasource.Endpoint{Path: "/p/"}}})
	if got, want := h["q"].String(), "string q␛, live t, else /p/"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestChoicesHoldWhatIsConfigured(t *testing.T) {
	got := Principal{}.allChoices(parse(t, deskYAML))["account"]
	if !slices.Equal(got, []string{"ACC-1", "ACC-2"}) {
		t.Errorf("choices %v", got)
	}
}

// TestDemoOffersItsAccounts: the built-in dashboard of a demo can be switched to
// every account that the simulator writes, and a file of one's own says itself
// what it may be switched to.
func TestDemoOffersItsAccounts(t *testing.T) {
	want := []string{"ACC-1001", "ACC-1002", "ACC-1003"}
	for _, vars := range []map[string]string{nil, {"account": "ACC-1002"}} {
		c, err := DemoConfig(config.Options{Overrides: config.Overrides{Vars: vars}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := slices.Sorted(slices.Values(Principal{}.allChoices(c)["account"]))
		if !slices.Equal(got, want) {
			t.Errorf("%v: choices %v, want %v", vars, got, want)
		}
		if _, err := (Principal{}).allowVariable(c, "account", []string{"ACC-1003"}); err != nil {
			t.Errorf("%v: %v", vars, err)
		}
	}
	file := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(file, []byte(deskYAML), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := DemoConfig(config.Options{File: file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Choices["account"]; slices.Contains(got, "ACC-1003") {
		t.Errorf("a file's choices became %v", got)
	}
}

// TestDemoDashboard_HasAllAccounts: what the comments of the built-in dashboard
// say of several accounts is what the demo does.
func TestDemoDashboard_HasAllAccounts(t *testing.T) {
	c, err := DemoConfig(config.Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Vars["accounts"]; len(got) != len(demo.AccountIDs()) {
		t.Errorf("accounts are %q", got)
	}
	if text := string(demoDashboard()); !strings.Contains(text, "{type: accounts, data: accounts,") || strings.Contains(text, "# accounts:") {
		t.Error("the comments of the built-in dashboard have changed")
	}
}
