package alert

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

// TestErrors: a mistake is reported with its place and, where one is near, the word
// that was meant.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		when   string
		column int
		text   string
		hint   string
	}{
		{"", 1, "expects a value, the expression ends", ""},
		{"account.equity <", 17, "expects a value, the expression ends", ""},
		{"account.equity < < 5", 18, `expects a value, not "<"`, ""},
		{"account.equity < 45000 account", 24, `unexpected "account"`, ""},
		{"account.equity = 5", 16, `unexpected "="`, "=="},
		{"a.b & c.d", 5, `unexpected "&"`, "&&"},
		{"agee(quote) > 5s", 1, `unknown function "agee"`, "age"},
		{"chnage(quote.bid) > 1%", 1, `unknown function "chnage"`, "change"},
		{"source(account) == falback", 20, `unknown state "falback" (one of loading, live, fallback, stale, missing, error, redis, pubsub, api)`, "fallback"},
		{"state(account) == redis", 19, `unknown state "redis" (one of loading, live, fallback, stale, missing, error)`, ""},
		{"source(account) < fallback", 17, "only == and != compare text and conditions", "=="},
		{"age(quote) > 5", 12, "a duration needs a duration on both sides, with its unit", "> 5s"},
		{"age(quote) > 5x", 14, `unknown unit "x" (one of ms s m h d % k M)`, ""},
		{"age(quote) > 5sec", 14, `unknown unit "sec" (one of ms s m h d % k M)`, ""},
		{"account.level < 80%", 15, "a percentage compares with change() only; write 0.8 or 80 as the producer does", ""},
		{"change(a.b) > 5s", 13, "a duration needs a duration on both sides, with its unit", "> 5s"},
		{"account.equity < 5 over 5m", 20, "over belongs to change()", "change(…) > 1% over 5m"},
		{"change(a.b) > 1% over 5", 23, "expects a duration here", "5m"},
		{"change(a.b) > 1% over 0s", 23, "a duration is over 0 and at most 30d", ""},
		{"change(a.b) > 1% over 1e9h", 23, "a duration is over 0 and at most 30d", ""},
		{"crosses(a.b)", 12, "expects a level: crosses(value, level) or crosses(value, level, above)", ""},
		{"crosses(a.b, 1, abve)", 17, "expects above or below", "above"},
		{"crosses(a.b, 1%)", 14, "a level is a number, not a percentage", ""},
		{"age(quote", 10, "expects ) here: age(datum)", ""},
		{"age(5)", 5, "expects the name of a datum here", ""},
		{"(a.b > 1", 9, "expects ) here", ""},
		{"age(quote)", 1, "a duration is no condition, compare it with something", ""},
		{"5", 1, "a number is no condition, compare it with something", ""},
		{"age(quote) && a.b", 1, "a duration is no condition, compare it with something", ""},
		{`a.b == "open`, 8, "text is never closed", ""},
		{`a.b < "open"`, 5, "only == and != compare text and conditions", "=="},
		{`5 == "open"`, 3, "a number never equals text", ""},
		{`a.b + "open" > 1`, 5, "cannot calculate with text", ""},
		{"a.b < 1.2.3", 7, `"1.2.3" is no number`, ""},
		{"a.b > 1 for 5", 13, "expects a duration here", "5m"},
		{"日経.値 > 1 §", 10, `unexpected "§"`, ""},
		{strings.Repeat("(", 200) + "a" + strings.Repeat(")", 200), 26, "nested too deep", ""},
		{strings.Repeat("!", 200) + "a", 51, "nested too deep", ""},
		{strings.Repeat("a || ", 400) + "a", 1001, "longer than 1000 bytes", ""},
	} {
		_, err := Compile(c.when, datasource.LevelInfo)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v", c.when, err)
			continue
		}
		if e.Column() != c.column || e.Text != c.text || e.Hint != c.hint {
			t.Errorf("%.40s: got column %d %q hint %q, want column %d %q hint %q", c.when, e.Column(), e.Text, e.Hint, c.column, c.text, c.hint)
		}
		if line := e.Error(); strings.HasSuffix(line, ".") || len(line) > 400 {
			t.Errorf("%q is no line", line)
		}
	}
	_, err := Compile("a.b > 1", datasource.LevelInfo, Reset("a.b <"))
	if err == nil || err.Error() != `alert "a.b <": expects a value, the expression ends at column 6` {
		t.Errorf("a broken reset: %v", err)
	}
}

// TestNames: symbols come in all spellings.
func TestNames(t *testing.T) {
	for when, want := range map[string]string{
		"quote.BTC/USD.bid > 1":      "[quote BTC/USD bid]",
		"quote.EUR-USD.bid > 1":      "[quote EUR-USD bid]",
		"quote.ES:Z26.bid>1":         "[quote ES:Z26 bid]",
		`quote."A B.C".bid > 1`:      "[quote A B.C bid]",
		"quote.日経225.bid > 1":        "[quote 日経225 bid]",
		"positions.0.pnl < -5":       "[positions 0 pnl]",
		"quote.BRK.B.bid - 1 > 1":    "[quote BRK B bid]",
		"flag.trading-enabled":       "[flag trading-enabled]",
		"not_a_keyword.or > 1 or !x": "[not_a_keyword or]",
	} {
		r := mustCompile(t, when)
		if got := fmt.Sprint(r.paths[0].parts); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
}

func TestData(t *testing.T) {
	known := []string{"account", "quote.EURUSD", "quote.GBPUSD", "equity"}
	for _, c := range []struct{ when, want, err string }{
		{"account.equity < 1", "[account]", ""},
		{"quote.bid < 1", "[quote.EURUSD quote.GBPUSD]", ""},
		{"age(quote.EURUSD) > 5s && account.margin > 1", "[account quote.EURUSD]", ""},
		{"acount.equity < 1", "[]", `alert "acount.equity < 1": no datum "acount.equity" at column 1, did you mean account?`},
		{"1 > 2 || halted", "[]", `alert "1 > 2 || halted": no datum "halted" at column 10`},
	} {
		got, err := mustCompile(t, c.when).Data(known)
		if text := fmt.Sprint(err); fmt.Sprint(got) != c.want || (c.err == "") != (err == nil) || err != nil && text != c.err {
			t.Errorf("%s: got %v %v", c.when, got, err)
		}
	}
	r := mustCompile(t, "account.equity < 1", Reset("equity > 2"))
	if got, err := r.Data(known); err != nil || fmt.Sprint(got) != "[account equity]" {
		t.Errorf("with a reset: %v %v", got, err)
	}
}

func TestForOption(t *testing.T) {
	if r := mustCompile(t, "a > 1 for 90s"); r.For != 90*time.Second || r.String() != "a > 1 for 90s" {
		t.Errorf("got %v, %s", r.For, r)
	}
	if r := mustCompile(t, "a > 1 for 90s", For(time.Hour)); r.For != time.Hour {
		t.Errorf("got %v", r.For)
	}
}

// FuzzCompile: no expression breaks the compiler; one that compiles has a
// canonical form that compiles to itself, and can be evaluated on any data.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"account.equity < 45000", "age(quote.EURUSD) > 5s", "missing(positions)", "source(account) == fallback",
		"change(quote.bid) > 0.5% over 5m", "abs(change(quote.bid, 1h)) > -1e3", "crosses(quote.bid, 1.1, above) for 3s",
		`!(a.b != "x" || c) && not d and 1 < 2 or state(e) == live`, "silent(ticks) > 1.5h", "(a < b) == (c > 1k)", "a.0.b - 1 / c * 2M > 1",
		`quote."A.B".bid == 'it"s'`, "quiet(x) == false", "unchanged(x) + 1s > 2s",
	} {
		f.Add(s)
	}
	f.Add("!!!!!!!!!!!!!!!!!!A")
	for _, c := range hostile.Texts() {
		f.Add(c.In)
	}
	w := world{
		"account":      live(object("equity", "44910.20", "b", text("x")), nine),
		"quote.EURUSD": live(object("bid", "1.0834", "ask", "1e400"), nine),
		"quote.GBPUSD": {State: datasource.StateLoading},
		"equity":       live(datasource.Value{Type: datasource.TypeSeries, Points: []datasource.Point{{MS: 1, V: 2}, {MS: 3, V: 0}}}, nine),
		"flag":         live(flag(true), nine),
	}
	f.Fuzz(func(t *testing.T, when string) {
		r, err := Compile(when, datasource.LevelInfo)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Pos < 0 || e.Pos > len(when) {
				t.Fatalf("%q: %v", when, err)
			}
			return
		}
		again, err := Compile(r.String(), datasource.LevelInfo)
		if err != nil || again.String() != r.String() {
			if len(r.String()) <= maxExpr && !strings.Contains(fmt.Sprint(err), "nested too deep") { // its parentheses count too
				t.Fatalf("%q is %q, which does not compile to itself: %v", when, r, err)
			}
		}
		_, _ = r.Data(order)
		alerts, state := Eval([]*Rule{r}, w.at(nine), nine, nil)
		alerts2, _ := Eval([]*Rule{r}, w.at(nine.Add(time.Second)), nine.Add(time.Second), state)
		for _, a := range append(alerts, alerts2...) {
			for _, s := range []datasource.Safe{a.Text, a.Name, a.When} {
				if datasource.Clean(s.String(), 0) != s || len(s.String()) > 3*243 {
					t.Errorf("%q: unsafe text %q", when, s)
				}
			}
		}
	})
}

func BenchmarkEval(b *testing.B) {
	rules := []*Rule{
		mustCompile(b, "account.equity < 40000"), mustCompile(b, "quote.bid > 5000"), mustCompile(b, "age(quote) > 5s"),
		mustCompile(b, "change(quote.bid) > 0.5% over 5m"), mustCompile(b, "source(account) == fallback"),
	}
	w := world{
		"account": live(object("equity", "44910.20"), nine), "quote.EURUSD": live(object("bid", "1.0834"), nine),
		"quote.GBPUSD": live(object("bid", "1.0834"), nine), "quote.BRK.B": live(object("bid", "480"), nine),
	}
	snap := w.at(nine)
	var state *State
	b.ReportAllocs()
	for b.Loop() {
		_, state = Eval(rules, snap, nine, state)
	}
}
