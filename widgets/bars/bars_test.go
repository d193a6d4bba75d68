package bars

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

var pnl = Spec{Data: "positions", Field: "pnl", Title: "PnL by symbol"}

func TestNew(t *testing.T) {
	for _, s := range []Spec{{}, {Data: "x", Sort: "random"}, {Data: "x", Format: "y"}} {
		if _, err := New(s); err == nil || !strings.HasPrefix(err.Error(), "bars: ") {
			t.Errorf("New(%+v): %v", s, err)
		}
	}
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "pnl", mustNew(t, pnl), widgettest.Desk, [2]int{62, 8}, [2]int{32, 6})
}

func TestGroup(t *testing.T) {
	w := mustNew(t, Spec{Data: "quote", Field: "change_pct", Title: "Change"})
	f := widgettest.Context(62, 14, widgettest.Desk(datasource.StateLive), theme.ProfileTrue)
	widgettest.Golden(t, "change", w.Render(f), 62, 14)
}

func TestSweep(t *testing.T) {
	w := mustNew(t, pnl)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, widgettest.Desk(s))
	}
	empty := widgettest.Snapshot(widgettest.Live("positions", widgettest.Array()))
	widgettest.Sweep(t, w, widgettest.Snapshot(), empty)
	widgettest.Sweep(t, mustNew(t, Spec{Data: "alerts"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, mustNew(t, Spec{Data: "quote"}), widgettest.Desk(datasource.StateError))
}

// labels returns the first word of each line.
func labels(picture string) (out []string) {
	for _, l := range strings.Split(ansi.Strip(picture), "\n") {
		if w := strings.Fields(strings.Trim(l, "│ ")); len(w) > 1 && !strings.HasPrefix(l, "╭") && !strings.HasPrefix(l, "╰") {
			out = append(out, w[0])
		}
	}
	return out
}

func TestSorting(t *testing.T) {
	w := mustNew(t, pnl)
	f := widgettest.Context(62, 8, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	for _, c := range []struct {
		act  widgets.Action
		want string
	}{
		{widgets.ActNone, "XAUUSD EURUSD US500 USDJPY"},
		{widgets.ActSortFlip, "USDJPY US500 EURUSD XAUUSD"},
		{widgets.ActSort, "XAUUSD EURUSD USDJPY US500"}, // by size
		{widgets.ActSort, "EURUSD US500 USDJPY XAUUSD"}, // by label
		{widgets.ActSort, "EURUSD XAUUSD USDJPY US500"}, // as it comes
		{widgets.ActSort, "XAUUSD EURUSD US500 USDJPY"},
	} {
		f.View = w.Act(f, c.act, 0)
		if got := strings.Join(labels(w.Render(f)), " "); got != c.want {
			t.Errorf("after action %d: %s, want %s", c.act, got, c.want)
		}
	}
	f.View = w.Act(f, widgets.ActBottom, 0)
	if got, ok := w.Target(f); !ok || got != (widgets.Target{Name: "positions", Field: "pnl", Row: 2}) {
		t.Errorf("the last bar is %+v", got)
	}
	if row, ok := w.RowAt(f, 2); !ok || row != 1 {
		t.Errorf("line 2 is row %d, %v", row, ok)
	}
}

// TestSignWithoutColour: gains and losses go to opposite sides of one column.
func TestSignWithoutColour(t *testing.T) {
	f := widgettest.Context(62, 8, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	lines := strings.Split(mustNew(t, pnl).Render(f), "\n")
	up, down := []rune(lines[1]), []rune(lines[4])
	first := func(l []rune) int { return strings.IndexRune(string(l), '▆') }
	if first(up) <= first(down) {
		t.Errorf("gains and losses are on one side:\n%s\n%s", lines[1], lines[4])
	}
}

func TestPrivate(t *testing.T) {
	f := widgettest.Context(62, 8, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := mustNew(t, pnl).Render(f); strings.ContainsAny(strings.ReplaceAll(got, "US500", ""), "0123456789") {
		t.Errorf("profits are shown:\n%s", got)
	}
}
