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
	f := widgettest.Context(w, h, widgettest.Snapshot(widgettest.Live("x", widgettest.Object(pairs...))), theme.ProfileNone)
	lines := strings.Split(mustNew(t, Spec{Data: "x"}).Render(f), "\n")
	var out []string
	for _, l := range lines[1 : len(lines)-1] {
		out = append(out, strings.TrimRight(strings.Trim(l, "│"), " "))
	}
	return strings.Join(out, "\n")
}

// TestShapes: books as their producers write them.
func TestShapes(t *testing.T) {
	obj, num, arr := widgettest.Object, widgettest.Num, widgettest.Array
	for _, c := range []struct {
		name  string
		pairs []any
		want  string // lines without bars, blanks folded
	}{
		{"pairs, in any order", []any{"bids", arr(arr(num("1.0"), num("5")), arr(num("1.1"), num("5"))), "asks", arr(arr(num("1.2"), num("10")))},
			"1.2 10|1.15 mid 0.1 · 50% bids|1.1 5|1.0 5"},
		{"objects", []any{"b", arr(obj("p", "1", "q", "2")), "a", arr(obj("price", "2", "size", "2"))}, "2 2|1.5 mid 1 · 50% bids|1 2"},
		{"a quote", []any{"bid", "1.5", "ask", "1.6", "bid_size", "3"}, "1.6 –|1.55 mid 0.1|1.5 3"},
		{"bare prices", []any{"bids", arr(num("1")), "asks", arr()}, "no asks|1"},
		{"crossed", []any{"bid", "2", "ask", "1"}, "1|1.5 mid -1 · crossed|2"},
		{"one sorted set of orders (case 12)", []any{"data", arr(obj("score", "97225.1", "side", "buy", "size", "2"), obj("score", "97226.1", "side", "sell", "size", "1"), obj("score", "97224.1", "side", "BUY", "size", "3"))}, "97,226.1 1|97,225.6 mid 1.0 · 83% bids|97,225.1 2|97,224.1 3"},
		{"price to size (case 13)", []any{"bid", obj("97258.50", "0.3", "97257.00", "1"), "ask", obj("97259.00", "0.5")}, "97,259.00 0.5|97,258.75 mid 0.50 · 72% bids|97,258.50 0.3|97,257.00 1.0"},
		{"in an envelope", []any{"stream", "btcusdt@depth", "data", obj("bids", arr(arr(num("1.0"), num("5"))), "asks", arr(arr(num("1.2"), num("5"))))}, "1.2 5|1.1 mid 0.2 · 50% bids|1.0 5"},
		{"levels of size zero are gone", []any{"bids", arr(arr(num("2"), num("0")), arr(num("1"), num("4"))), "asks", arr(arr(num("4"), num("4")))}, "4 4|2 mid 3 · 50% bids|1 4"},
		{"orders at one price", []any{"bids", arr(obj("price", "1", "left", "4"), obj("price", "1", "left", "2")), "asks", arr(obj("price", "4", "left", "6"))}, "4 6|2 mid 3 · 50% bids|1 6"},
		{"exponents (case 7)", []any{"bids", arr(arr(num("1.23e-06"), num("4"))), "asks", arr(arr(num("1.26e-06"), num("4")))}, "0.00000126 4|0.00000124 mid 0.00000003|0.00000123 4"},
		{"nothing", []any{"bids", arr()}, "… no bids and no asks|key x:ACC-1001"},
	} {
		var got []string
		for _, line := range strings.Split(picture(t, 39, 7, c.pairs...), "\n") {
			line = strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '─' || r == '▆' }), " ")
			if line != "" && line != "PRICE SIZE TOTAL DEPTH" {
				got = append(got, line)
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "|"), c.want)
		}
	}
}

// TestTwoSides: each side in its own datum, and a repeated book that
// follows the selection.
func TestTwoSides(t *testing.T) {
	row := func(score, member string) datasource.Value {
		return widgettest.Object("score", score, "member", member)
	}
	snap := widgettest.Snapshot(
		widgettest.Live("bids.A", widgettest.Object("1.0", "5", "1.1", "6")), widgettest.Live("bids.B", widgettest.Array(row("97225.1", "97225.1"))),
		widgettest.Live("asks.A", widgettest.Object("1.3", "5")), widgettest.Live("asks.B", widgettest.Array(row("97226.1", "0.5"))))
	w := mustNew(t, Spec{Bids: "bids", Asks: "asks"})
	f := widgettest.Context(40, 8, snap, theme.ProfileNone)
	if got := w.Render(f); !strings.Contains(got, "Book · A") || !strings.Contains(got, "1.2 mid") {
		t.Errorf("the first book:\n%s", got)
	}
	f.Selected = datasource.Clean("B", 0)
	if got := w.Render(f); !strings.Contains(got, "Book · B") || !strings.Contains(got, "97,225.6 mid") {
		t.Errorf("case 12: the selected book:\n%s", got)
	}
	widgettest.Sweep(t, w, snap, widgettest.Snapshot())
	widgettest.Hostile(t, w, snap)
}

func TestLevels(t *testing.T) {
	w := mustNew(t, Spec{Data: "book.XAUUSD", Levels: 2})
	f := widgettest.Context(50, 20, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	got := w.Render(f)
	if strings.Contains(got, "2,406.25") || !strings.Contains(got, "2,406.09") || !strings.Contains(got, "2,405.85") {
		t.Errorf("not the two best levels of each side:\n%s", got)
	}
}

// TestUnreadable: a level that isn't one is reported: it may have been the best.
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
		f := widgettest.Context(50, 8, widgettest.Snapshot(widgettest.Live("x", widgettest.Object("bids", c.bids))), theme.ProfileNone)
		for _, want := range c.want {
			if got := w.Render(f); !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
	}
}
