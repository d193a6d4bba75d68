package heatmap

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/widgets"
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

var change = Spec{Data: "quote", Field: "change_pct", Title: "Market"}

func TestNew(t *testing.T) {
	for _, s := range []Spec{{}, {Data: "x", Scale: -1}, {Data: "x", Sort: "y"}, {Data: "x", Format: "y"}} {
		if _, err := New(s); err == nil || !strings.HasPrefix(err.Error(), "heatmap: ") {
			t.Errorf("New(%+v): %v", s, err)
		}
	}
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "market", mustNew(t, change), widgettest.Desk, [2]int{62, 13}, [2]int{38, 8})
}

func TestThemes(t *testing.T) {
	var all []string
	for _, name := range theme.Names() {
		th, err := theme.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		f := widgettest.Context(62, 10, widgettest.Desk(datasource.StateLive), theme.ProfileTrue)
		f.Theme = theme.Compile(th, theme.ProfileTrue, theme.Braille)
		f.Focused, f.View.Cursor = true, 4
		all = append(all, mustNew(t, Spec{Data: "quote", Sort: "value"}).Render(f))
	}
	widgettest.Golden(t, "themes", strings.Join(all, "\n"), 62, 10*len(all))
}

func TestSweep(t *testing.T) {
	w := mustNew(t, change)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, widgettest.Desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "positions"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Sweep(t, mustNew(t, Spec{Data: "alerts"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateError))
	widgettest.Hostile(t, mustNew(t, Spec{Data: "positions"}), widgettest.Desk(datasource.StateLive))
}

// TestEveryTileHasItsFigure: at every size at which the tiles are drawn, each
// name has its change, or a mark in its place.
func TestEveryTileHasItsFigure(t *testing.T) {
	w := mustNew(t, change)
	for width := 14; width < 100; width += 3 {
		for height := 3; height < 20; height++ {
			f := widgettest.Context(width, height, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
			got := ansi.Strip(w.Render(f))
			names := strings.Count(got, "USD") + strings.Count(got, "US500")
			if figures := strings.Count(got, ".") + strings.Count(got, "…"); figures < names && height > 3 {
				t.Fatalf("%d×%d: %d names, %d figures\n%s", width, height, names, figures, got)
			}
		}
	}
}

func TestSteps(t *testing.T) {
	k := look{scale: 1}
	for _, c := range []struct {
		in   string
		want int
	}{{"0", 0}, {"0.001", 1}, {"0.25", 1}, {"0.26", 2}, {"1", 4}, {"9", 4}, {"-0.6", -3}, {"-9", -4}, {"NaN", 0}} {
		n, _ := datasource.ParseNumber(c.in)
		if got := k.shadeOf(n); got != c.want {
			t.Errorf("%s has shade %d, want %d", c.in, got, c.want)
		}
	}
}

func TestCursor(t *testing.T) {
	w := mustNew(t, Spec{Data: "quote", Field: "change_pct", Sort: "none"})
	f := widgettest.Context(44, 12, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	cols := func() int { k := w.lookAt(&f); return k.grid.cols }()
	symbols := widgettest.Symbols()
	at := 0
	for _, c := range []struct {
		act  widgets.Action
		want int
	}{
		{widgets.ActRight, 1}, {widgets.ActDown, 1 + cols}, {widgets.ActLeft, cols}, {widgets.ActUp, 0}, {widgets.ActUp, 0},
		{widgets.ActLeft, 0}, {widgets.ActBottom, 11}, {widgets.ActDown, 11}, {widgets.ActTop, 0}, {widgets.ActPageDown, -1},
	} {
		f.View = w.Act(f, c.act, 0)
		if at = f.View.Cursor; c.want >= 0 && at != c.want {
			t.Errorf("action %d goes to tile %d, want %d", c.act, at, c.want)
		}
		if got, ok := w.Target(f); !ok || got.Name != "quote."+symbols[at] || got.Field != "change_pct" {
			t.Errorf("on tile %d the target is %+v", at, got)
		}
	}
	f.View = widgets.View{}
	f.View = w.Act(f, widgets.ActSort, 0)
	if sym, ok := w.Selects(f); !ok || sym.String() != "EURUSD" {
		t.Errorf("the first tile selects %q", sym)
	}
	if got, _ := w.Target(f); got.Name != "quote.EURUSD" || f.View.Sort != "value" {
		t.Errorf("sorted by value the first tile is %+v", got)
	}
	f.View = w.Act(f, widgets.ActSortFlip, 0)
	if got, _ := w.Target(f); got.Name != "quote.ETHUSD" {
		t.Errorf("turned round the first tile is %+v", got)
	}
	if row, ok := w.RowAt(f, 1); !ok || row != 0 {
		t.Errorf("the first line has tile %d, %v", row, ok)
	}
}

// TestGuessed: where no field was named, what is shown is called what it is; a
// price is no change, and a profit no per cent, nor told when balances are
// hidden.
func TestGuessed(t *testing.T) {
	w := mustNew(t, Spec{Data: "x"})
	for _, c := range []struct {
		name    string
		value   datasource.Value
		private bool
		want    []string
		not     string
	}{
		{"a change", widgettest.Object("bid", "1.0834", "change_pct", "0.52"), false, []string{"Change %", "+0.52%"}, "1.08"},
		{"a price alone", widgettest.Object("bid", "1.0834", "change", widgettest.Text("n/a")), false, []string{"–"}, "1.08"},
		{"a profit", widgettest.Object("volume", "2", "pnl", "116.00"), false, []string{"PnL", "+116.00"}, "%"},
		{"a hidden profit", widgettest.Object("volume", "2", "pnl", "116.00"), true, []string{"PnL"}, "116"},
	} {
		f := widgettest.Context(40, 6, widgettest.Snapshot(widgettest.Live("x.A", c.value)), theme.ProfileNone)
		f.Private = c.private
		got := w.Render(f)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
		if strings.Contains(got, c.not) {
			t.Errorf("%s: %q in\n%s", c.name, c.not, got)
		}
	}
}
