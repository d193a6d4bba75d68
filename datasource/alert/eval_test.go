package alert

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource"
)

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// num, text and object build values as decode does.
func num(s string) datasource.Value {
	n, ok := datasource.ParseNumber(s)
	if !ok {
		panic(s)
	}
	return datasource.Value{Type: datasource.TypeNumber, Num: n}
}

func text(s string) datasource.Value {
	return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, 0)}
}

func flag(b bool) datasource.Value { return datasource.Value{Type: datasource.TypeBool, Bool: b} }

func object(pairs ...any) datasource.Value {
	v := datasource.Value{Type: datasource.TypeObject}
	for i := 0; i < len(pairs); i += 2 {
		var f datasource.Value
		switch p := pairs[i+1].(type) {
		case string:
			f = num(p)
		case datasource.Value:
			f = p
		}
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(pairs[i].(string), 0), Value: f})
	}
	return v
}

// world is the data of one moment.
type world map[string]*datasource.Entry

// order is the order of the configuration in these tests.
var order = []string{"account", "quote.EURUSD", "quote.GBPUSD", "positions", "ticks", "equity", "flag", "session", "quote.BRK.B"}

func (w world) at(t time.Time) *datasource.Snapshot {
	entries := make([]*datasource.Entry, len(order))
	for i, n := range order {
		entries[i] = w[n]
	}
	return datasource.NewSnapshot(t, 1, order, nil, entries)
}

// revs makes every entry another revision, as the store does.
var revs atomic.Uint64

func live(v datasource.Value, at time.Time) *datasource.Entry {
	return &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateLive, Value: v, At: at, Changed: at, Rev: revs.Add(1)}
}

func mustCompile(t testing.TB, when string, opts ...Option) *Rule {
	t.Helper()
	r, err := Compile(when, datasource.LevelWarning, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// said lists what is active, with its text.
func said(alerts []datasource.Alert) string {
	var out []string
	for _, a := range alerts {
		line := a.Text.String()
		if !a.Ended.IsZero() {
			line = "ended: " + line
		}
		out = append(out, line)
	}
	return strings.Join(out, " | ")
}

// TestEval evaluates a condition once on one world.
func TestEval(t *testing.T) {
	msgs := datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{
		{At: nine.Add(-30 * time.Second), Value: object("level", text("critical"), "code", "7")},
	}}
	series := datasource.Value{Type: datasource.TypeSeries, Points: []datasource.Point{
		{MS: nine.Add(-10 * time.Minute).UnixMilli(), V: 100}, {MS: nine.Add(-6 * time.Minute).UnixMilli(), V: 200},
		{MS: nine.Add(-time.Minute).UnixMilli(), V: 210}, {MS: nine.UnixMilli(), V: 220},
	}}
	stamped := live(object("bid", "1.2671", "ask", "1.2673"), nine)
	stamped.Stamp = nine.Add(-8 * time.Second)
	w := world{
		"account": {State: datasource.StateFallback, Origin: datasource.SourceAPI, Value: object("equity", "44910.20", "margin", "1210", "nothing", datasource.Value{Type: datasource.TypeNull}),
			At: nine, Changed: nine, Why: datasource.Clean("key expired", 0)},
		"quote.EURUSD": live(object("bid", "1.0834", "ask", "1.0835"), nine.Add(-7*time.Second)),
		"quote.GBPUSD": stamped,
		"quote.BRK.B":  live(object("bid", "480"), nine),
		"positions":    {State: datasource.StateMissing},
		"ticks":        {State: datasource.StateLive, Value: msgs, At: nine, Quiet: true},
		"equity":       live(series, nine),
		"flag":         live(object("trading", flag(false), "kyc", text("on"), "n", "1"), nine),
		"session":      live(object("state", text("halted")), nine),
	}
	for _, c := range []struct{ when, want string }{
		{"account.equity < 45000", "account.equity 44,910.20 < 45,000"},
		{"account.equity < 45k", "account.equity 44,910.20 < 45,000"},
		{"account.equity <= 44910.2 && account.margin > 1e3", "account.equity 44,910.20 <= 44,910.2"},
		{"account.equity > 45000", ""},
		{"account.equity > 45000 || account.margin == 1210", "account.margin 1,210"},
		{"!(account.equity > 45000)", "account.equity 44,910.20"},
		{"not account.equity > 45000 and account.margin >= 1_210", "account.equity 44,910.20"},
		{"account.margin / account.equity > 0.02", "account.margin 1,210"},
		{"account.margin * 2 - 20 == 2400", "account.margin 1,210"},
		{"account.margin / account.zero > 0", ""},
		{"account.nothere < 1", ""},
		{"!(account.nothere < 1)", ""},
		{"account.nothere < 1 || account.margin > 1", "account.margin 1,210 > 1"},
		{"nobody.equity < 1", ""},
		{"age(quote.EURUSD) > 5s", "quote.EURUSD 7 s old > 5s"},
		{"age(quote.EURUSD) > 7500ms", ""},
		{"age(quote) > 7500ms", "quote.GBPUSD 8 s old > 7500ms"},
		{"age(quote) > 5s", "quote.EURUSD 7 s old > 5s | quote.GBPUSD 8 s old > 5s"},
		{"age(positions) > 1s", ""},
		{"unchanged(quote.EURUSD) >= 7s", "quote.EURUSD unchanged for 7 s >= 7s"},
		{"missing(positions)", "positions missing"},
		{"missing(account)", ""},
		{"missing(account.nothing)", "account.nothing missing (key expired)"},
		{"missing(account.nothere)", "account.nothere missing (key expired)"},
		{"!missing(account)", "account missing (key expired)"},
		{"source(account) == fallback", "account fallback (key expired)"},
		{"source(account) == api", "account fallback (key expired)"},
		{"source(account) != redis", "account fallback (key expired)"},
		{"state(account) == live", ""},
		{"state(positions) == missing", "positions missing"},
		{"silent(ticks) > 10s", "ticks silent for 30 s > 10s"},
		{"silent(ticks) > 1m", ""},
		{"quiet(ticks)", "ticks quieter than usual"},
		{`ticks.level == "critical"`, "ticks.level critical"},
		{"ticks.code == 7", "ticks.code 7"},
		{"change(equity) > 4%", "equity +4.76% > 4% to 220"},
		{"change(equity) == 10", "equity +4.76% to 220"},
		{"change(equity) > 9% over 5m", "equity +10.00% over 5m > 9% to 220"},
		{"change(equity over 5m) > 11%", ""},
		{"change(equity, 1h) == 120", "equity +120.00% over 1h to 220"},
		{"equity >= 220", "equity 220 >= 220"},
		{`session.state == "halted"`, "session.state halted"},
		{"session.state != 'open'", "session.state halted"},
		{`session.state == "open"`, ""},
		{"session.state == 5", ""},
		{"flag.trading", ""},
		{"!flag.trading", "flag.trading false"},
		{"flag.trading == false", "flag.trading false"},
		{"flag.kyc && flag.n", "flag.kyc on"},
		{"quote.bid > 1.2", "quote.GBPUSD.bid 1.2671 > 1.2 | quote.BRK.B.bid 480 > 1.2"},
		{"quote.ask - quote.bid > 0.00015", "quote.GBPUSD.ask 1.2673"},
		{"quote.BRK.B.bid == 480", "quote.BRK.B.bid 480"},
		{"account.equity < 45000 && quote.bid > 2", "account.equity 44,910.20 < 45,000"},
		{"1 < 2", "1 < 2"},
	} {
		r := mustCompile(t, c.when)
		alerts, _ := Eval([]*Rule{r}, w.at(nine), nine, nil)
		if got := said(alerts); got != c.want {
			t.Errorf("%s: got %q, want %q", c.when, got, c.want)
		}
		again, err := Compile(r.String(), datasource.LevelWarning)
		if err != nil || again.String() != r.String() {
			t.Errorf("%s: canonical form %s does not compile to itself: %v", c.when, r, err)
		}
	}
}

// TestSequence evaluates one rule on a value that changes every second.
func TestSequence(t *testing.T) {
	for _, c := range []struct {
		name, when string
		opts       []Option
		values     []string // of account.equity, one a second; "" is not known
		want       []string
	}{
		{
			name: "previous value and end", when: "account.equity < 45000",
			values: []string{"45012.00", "45012.00", "44910.20", "44800", "45100"},
			want: []string{"", "", "account.equity 44,910.20 < 45,000 (was 45,012.00)", "account.equity 44,800 < 45,000 (was 44,910.20)",
				"ended: account.equity 44,800 < 45,000 (was 44,910.20)"},
		}, {
			name: "hysteresis", when: "account.equity < 45000", opts: []Option{Reset("account.equity > 45500")},
			values: []string{"44000", "45100", "45501", "45100"},
			want: []string{"account.equity 44,000 < 45,000", "account.equity 45,100 (was 44,000)", "ended: account.equity 45,100 (was 44,000)",
				"ended: account.equity 45,100 (was 44,000)"},
		}, {
			name: "unknown changes nothing", when: "account.equity < 45000",
			values: []string{"44000", "", "44000"},
			want:   []string{"account.equity 44,000 < 45,000", "account.equity 44,000 < 45,000", "account.equity 44,000 < 45,000"},
		}, {
			name: "for", when: "account.equity < 45000 for 2s",
			values: []string{"44000", "44000", "46000", "44000", "44000", "44000"},
			want:   []string{"", "", "", "", "", "account.equity 44,000 < 45,000 (was 46,000)"},
		}, {
			name: "for as an option, and a label", when: "account.equity < 45000", opts: []Option{For(time.Second), Label("margin call")},
			values: []string{"44000", "44000"},
			want:   []string{"", "margin call: account.equity 44,000 < 45,000"},
		}, {
			name: "change since the last value", when: "change(account.equity) < -1%",
			values: []string{"100", "99.5", "98", "98", "99"},
			want:   []string{"", "", "account.equity -1.51% < -1% to 98 (was 99.5)", "account.equity -1.51% < -1% to 98 (was 99.5)", "ended: account.equity -1.51% < -1% to 98 (was 99.5)"},
		}, {
			name: "change either way", when: "abs(change(account.equity)) >= 5",
			values: []string{"100", "106", "101", "102"},
			want:   []string{"", "account.equity +6.00% to 106 (was 100)", "account.equity -4.72% to 101 (was 106)", "ended: account.equity -4.72% to 101 (was 106)"},
		}, {
			name: "change over a period", when: "change(account.equity) > 2% over 2s",
			values: []string{"100", "101", "102", "103", "104", "104", "104"},
			want:   []string{"", "", "", "", "", "", ""},
		}, {
			name: "fast change over a period", when: "change(account.equity) > 2% over 2s",
			values: []string{"100", "102", "104", "104", "104", "104"},
			want: []string{"", "", "account.equity +4.00% over 2s > 2% to 104 (was 102)", "ended: account.equity +4.00% over 2s > 2% to 104 (was 102)",
				"ended: account.equity +4.00% over 2s > 2% to 104 (was 102)", "ended: account.equity +4.00% over 2s > 2% to 104 (was 102)"},
		}, {
			name: "crossing", when: "crosses(account.equity, 100)",
			values: []string{"99", "100", "101"},
			want:   []string{"", "", "account.equity crossed 100: 101 (was 100)"},
		}, {
			name: "crossing in one direction", when: "crosses(account.equity, 100, below)",
			values: []string{"99", "101", "99"},
			want:   []string{"", "", "account.equity crossed 100: 99 (was 101)"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules := []*Rule{mustCompile(t, c.when, c.opts...)}
			var state *State
			for i, v := range c.values {
				now := nine.Add(time.Duration(i) * time.Second)
				w := world{"account": {State: datasource.StateLoading}}
				if v != "" {
					w["account"] = live(object("equity", v), now)
				}
				var alerts []datasource.Alert
				snap := w.at(now)
				before := fmt.Sprint(state)
				alerts, next := Eval(rules, snap, now, state)
				again, _ := Eval(rules, snap, now, state)
				if said(alerts) != said(again) || fmt.Sprint(state) != before {
					t.Fatalf("second %d: Eval is not pure", i)
				}
				state = next
				if got := said(alerts); got != c.want[i] {
					t.Errorf("second %d, value %q: got %q, want %q", i, v, got, c.want[i])
				}
			}
		})
	}
}

// TestLingers: an ended alert is listed for a while, then gone; a crossing is
// held for a while, then ends.
func TestLingers(t *testing.T) {
	rules := []*Rule{mustCompile(t, "crosses(account.equity, 100, above)")}
	var state *State
	values := map[int]string{0: "99", 1: "101"}
	w := world{}
	for i := range 40 {
		now := nine.Add(time.Duration(i) * time.Second)
		if v := values[i]; v != "" {
			w["account"] = live(object("equity", v), now)
		}
		var alerts []datasource.Alert
		alerts, state = Eval(rules, w.at(now), now, state)
		want := ""
		switch {
		case i >= 1 && i < 11:
			want = "account.equity crossed 100: 101 (was 99)"
		case i >= 11 && i < 21:
			want = "ended: account.equity crossed 100: 101 (was 99)"
		}
		if got := said(alerts); got != want {
			t.Errorf("second %d: got %q, want %q", i, got, want)
		}
	}
}

func TestOrderAndRewind(t *testing.T) {
	warn, _ := Compile("account.equity < 45000", datasource.LevelWarning)
	crit, _ := Compile("account.equity < 44000", datasource.LevelCritical)
	rules := []*Rule{warn, crit}
	w := world{"account": live(object("equity", "43000"), nine)}
	alerts, state := Eval(rules, w.at(nine), nine, nil)
	if len(alerts) != 2 || alerts[0].Level != datasource.LevelCritical || alerts[0].Rule != 1 || alerts[0].Name.String() != "account" {
		t.Fatalf("got %+v", alerts)
	}
	earlier := nine.Add(-time.Hour)
	w["account"] = live(object("equity", "50000"), earlier)
	if alerts, _ = Eval(rules, w.at(earlier), earlier, state); len(alerts) != 0 {
		t.Errorf("after a rewind: %+v", alerts)
	}
}
