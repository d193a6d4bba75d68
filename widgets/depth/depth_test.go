package depth

import (
	"strings"
	"testing"

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

var gold = Spec{Data: "book.XAUUSD", Title: "Depth XAUUSD"}

func TestNew(t *testing.T) {
	for _, s := range []Spec{{}, {Data: "x", Levels: -1}, {Data: "x", Price: "y"}, {Data: "x", Size: "y"}} {
		if _, err := New(s); err == nil || !strings.HasPrefix(err.Error(), "depth: ") {
			t.Errorf("New(%+v): %v", s, err)
		}
	}
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "gold", mustNew(t, gold), widgettest.Desk, [2]int{50, 13}, [2]int{28, 7})
}

func TestSweep(t *testing.T) {
	w := mustNew(t, gold)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, widgettest.Desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "quote.EURUSD"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Sweep(t, mustNew(t, Spec{Data: "equity"}), widgettest.Desk(datasource.StateLive))
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateError))
}

func picture(t *testing.T, w, h int, pairs ...any) string {
	t.Helper()
	f := widgettest.Frame(w, h, widgettest.Snapshot(widgettest.Live("x", widgettest.Object(pairs...))), theme.ProfileNone)
	lines := strings.Split(mustNew(t, Spec{Data: "x"}).Render(f), "\n")
	var out []string
	for _, l := range lines[1 : len(lines)-1] {
		out = append(out, strings.TrimRight(strings.Trim(l, "│"), " "))
	}
	return strings.Join(out, "\n")
}

func TestShapes(t *testing.T) {
	obj := widgettest.Object
	for _, c := range []struct {
		name  string
		pairs []any
		want  string
	}{
		{"pairs, in any order", []any{"bids", widgettest.Array(widgettest.Array(widgettest.Num("1.0"), widgettest.Num("5")), widgettest.Array(widgettest.Num("1.1"), widgettest.Num("5"))),
			"asks", widgettest.Array(widgettest.Array(widgettest.Num("1.2"), widgettest.Num("10")))}, `
 ask 1.2  10  ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆
 spread 0.1 · 869.6 bps · bids 50 %
 bid 1.1   5  ▆▆▆▆▆▆▆▆▆▆▆
 bid 1.0   5  ▆▆▆▆▆▆▆▆▆▆▆
`},
		{"objects", []any{"b", widgettest.Array(obj("p", "1", "q", "2")), "a", widgettest.Array(obj("price", "2", "size", "2"))}, `
 ask 2  2  ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆
 spread 1 · 6666.7 bps · bids 50 % ─
 bid 1  2  ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆

`},
		{"a quote", []any{"bid", "1.5", "ask", "1.6", "bid_size", "3"}, `
 ask 1.6
 spread 0.1 · 645.2 bps · bids 100 %
 bid 1.5  3  ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆

`},
		{"one side", []any{"bids", widgettest.Array(widgettest.Num("1")), "asks", widgettest.Array()}, `
 ───────────────────────────────────
 bid 1


`},
		{"crossed", []any{"bid", "2", "ask", "1"}, `
 ask 1
 spread -1 · crossed · -6666.7 bps ─
 bid 2

`},
		{"nothing", []any{"bids", widgettest.Array()}, `
 … no bids and no asks
   key x:ACC-1001


`},
	} {
		got := "\n" + picture(t, 39, 6, c.pairs...) + "\n"
		if strings.ReplaceAll(got, "─", "") != strings.ReplaceAll(c.want, "─", "") {
			t.Errorf("%s:\n%s\nwant%s", c.name, got, c.want)
		}
	}
}

func TestLevels(t *testing.T) {
	w := mustNew(t, Spec{Data: "book.XAUUSD", Levels: 2})
	f := widgettest.Frame(50, 20, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	got := w.Render(f)
	if strings.Count(got, "ask ") != 2 || strings.Count(got, "bid ") != 2 || !strings.Contains(got, "2,406.09") || !strings.Contains(got, "2,405.85") {
		t.Errorf("not the two best levels of each side:\n%s", got)
	}
}

// TestUnreadable: a level that is none is told: it may have been the best.
func TestUnreadable(t *testing.T) {
	level := func(price, size string) datasource.Value {
		return widgettest.Array(widgettest.Text(price), widgettest.Text(size))
	}
	good := widgettest.Array(widgettest.Num("1.0834"), widgettest.Num("2"))
	w := mustNew(t, Spec{Data: "x"})
	for _, c := range []struct {
		bids datasource.Value
		want []string
	}{
		{widgettest.Array(good, level("1,084", "1"), level("NaN", "1")), []string{"· 2 unreadable", "1.0834"}},
		{widgettest.Array(level("x", "y")), []string{"· 1 unreadable", "no level can be read"}},
	} {
		f := widgettest.Frame(50, 8, widgettest.Snapshot(widgettest.Live("x", widgettest.Object("bids", c.bids))), theme.ProfileNone)
		for _, want := range c.want {
			if got := w.Render(f); !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
	}
}
