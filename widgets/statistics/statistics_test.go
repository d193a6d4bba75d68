package statistics

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func mustNew(t testing.TB, s Spec) *Widget {
	t.Helper()
	w, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func trade(symbol, pnl string, closed time.Duration) datasource.Value {
	at := widgettest.Now.Add(-closed)
	return widgettest.Object("symbol", symbol, "pnl", pnl, "opened_at", at.Add(-7*time.Minute).Format(time.RFC3339), "closed_at", at.Format(time.RFC3339))
}

// day are the trades of a morning, and one of yesterday.
func day() datasource.Value {
	v := widgettest.Array(trade("EURUSD", "40.00", 24*time.Hour))
	for i, pnl := range []string{"34.50", "-14.60", "-36.19", "12.00", "-4.20", "58.10", "0.00", "-9.00", "21.35", "-3.60"} {
		v.Items = append(v.Items, trade(widgettest.Symbols()[i%5], pnl, time.Duration(i*37)*time.Minute))
	}
	return v
}

func desk(s datasource.State) *datasource.Snapshot {
	return widgettest.Snapshot(widgettest.In(s, "trades", day()), widgettest.Live("account", widgettest.Object("currency", "USD")))
}

var spec = Spec{Data: "trades", Currency: "account.currency"}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "day", mustNew(t, spec), desk, [2]int{110, 12}, [2]int{70, 14}, [2]int{40, 18}, [2]int{32, 7})
}

func TestSweep(t *testing.T) {
	w := mustNew(t, spec)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "equity"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account", All: true}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, desk(datasource.StateLive))
	widgettest.Hostile(t, w, desk(datasource.StateStale))
}

func TestNew(t *testing.T) {
	if _, err := New(Spec{}); err == nil || !strings.HasPrefix(err.Error(), "statistics: ") {
		t.Errorf("without data: %v", err)
	}
}

// TestSums: the figures are those that a pencil gives, of today alone.
func TestSums(t *testing.T) {
	w := mustNew(t, spec)
	f := widgettest.Context(110, 14, desk(datasource.StateLive), theme.ProfileNone)
	s := w.add(&f)
	if s.n != 10 || s.won != 4 || s.lost != 5 || s.left != 1 {
		t.Errorf("%d trades, %d won, %d lost, %d of other days", s.n, s.won, s.lost, s.left)
	}
	got := w.Render(f)
	for _, want := range []string{"today · 10 trades", "net +58.36 USD", "40% · 4 of 10", "1.86", "+5.84 a trade", "+31.49", "-13.52", "+58.10", "-36.19", "7 min"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	all := mustNew(t, Spec{Data: "trades", All: true})
	if s := all.add(&f); s.n != 11 || s.won != 5 {
		t.Errorf("all: %d trades, %d won", s.n, s.won)
	}
}

func TestEdges(t *testing.T) {
	obj := widgettest.Object
	for _, c := range []struct {
		name  string
		value datasource.Value
		want  []string
	}{
		{"no loss", widgettest.Array(obj("profit", "5")), []string{"no loss yet", "100% · 1 of 1"}},
		{"no time: nothing is left out", widgettest.Array(obj("profit", "5"), obj("profit", "-2")), []string{"Statistics · 2 trades", "50% · 1 of 2", "2.50"}},
		{"a hash of trades", obj("1", obj("symbol", "A", "profit", "5"), "2", obj("symbol", "B", "profit", "-6")), []string{"2 trades", "A", "B", "-6"}},
		{"fees are distinguished", widgettest.Array(obj("profit", "5", "commission", "-0.70", "swap", "-0.30")), []string{"commission apart", "-0.7", "swap apart"}},
		{"rows without a result", widgettest.Array(obj("symbol", "A"), obj("profit", "1")), []string{"1 without a result"}},
		{"none has a result", widgettest.Array(obj("symbol", "A")), []string{"no trade has a result"}},
		{"none", widgettest.Array(), []string{"no closed trades yet"}},
		{"yesterday's", widgettest.Array(trade("A", "1", 30*time.Hour)), []string{"no trade closed today", "1 on other days"}},
		{"a number", widgettest.Num("4"), []string{"expected closed trades, have a number"}},
	} {
		f := widgettest.Context(60, 16, widgettest.Snapshot(widgettest.Live("x", c.value)), theme.ProfileNone)
		got := mustNew(t, Spec{Data: "x"}).Render(f)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
	}
}

func TestPrivate(t *testing.T) {
	f := widgettest.Context(60, 16, desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := mustNew(t, spec).Render(f); strings.ContainsAny(got, "0123456789") || !strings.Contains(got, "hidden") {
		t.Errorf("figures under a privacy policy:\n%s", got)
	}
}
