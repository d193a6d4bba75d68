package sparkline

import (
	"strings"
	"testing"
	"time"

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

func TestNew(t *testing.T) {
	for _, s := range []Spec{{}, {Data: "x", Range: -1}, {Data: "x", Format: "y"}} {
		if _, err := New(s); err == nil || !strings.HasPrefix(err.Error(), "sparkline: ") {
			t.Errorf("New(%+v): %v", s, err)
		}
	}
}

func TestGallery(t *testing.T) {
	w := mustNew(t, Spec{Data: "price", Title: "Prices", Range: 10 * time.Minute})
	widgettest.Gallery(t, "prices", w, widgettest.Desk, [2]int{64, 10}, [2]int{32, 6})
}

func TestMixedStates(t *testing.T) {
	var data []widgettest.Datum
	for i, s := range widgettest.States() {
		v := widgettest.Series(60, 10*time.Second, widgettest.Walk(uint64(i+1), 100, 0, 1, 2))
		data = append(data, widgettest.In(s, "price."+widgettest.Symbols()[i], v))
	}
	data = append(data, widgettest.Live("price.TEXT", widgettest.Text("hello")), widgettest.Datum{Name: "price.NIL"})
	f := widgettest.Context(64, 11, widgettest.Snapshot(data...), theme.ProfileTrue)
	f.Focused, f.View.Cursor = true, 2
	widgettest.Golden(t, "mixed", mustNew(t, Spec{Data: "price"}).Render(f), 64, 11)
}

func TestSweep(t *testing.T) {
	w := mustNew(t, Spec{Data: "price", More: []string{"equity"}, Range: time.Hour})
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, widgettest.Desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateError))
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateLive))
}

func TestRowsAndKeys(t *testing.T) {
	w := mustNew(t, Spec{Data: "price"})
	f := widgettest.Context(60, 6, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.View = w.Act(f, widgets.ActBottom, 0)
	if got, ok := w.Target(f); !ok || got.Name != "price.WTI" {
		t.Errorf("the bottom row is %+v", got)
	}
	if row, ok := w.RowAt(f, 4); !ok || row != 11 {
		t.Errorf("the last line is row %d, %v", row, ok)
	}
	if got := ansi.Strip(w.Render(f)); !strings.Contains(got, "9–12 of 12") || !strings.Contains(got, "WTI") {
		t.Errorf("the window does not follow the cursor:\n%s", got)
	}
	f.View = widgets.View{Filter: "usd$"}
	if got := ansi.Strip(w.Render(f)); strings.Contains(got, "WTI") || !strings.Contains(got, "EURUSD") {
		t.Errorf("the filter does not filter:\n%s", got)
	}
	f.View.Filter = "nosuch"
	if got := ansi.Strip(w.Render(f)); !strings.Contains(got, "nothing matches /nosuch") {
		t.Errorf("an empty list is not explained:\n%s", got)
	}
}

func TestPrivate(t *testing.T) {
	f := widgettest.Context(60, 4, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := w60(t, f, "equity"); strings.Contains(got, "49,") || !strings.Contains(got, "•••") {
		t.Errorf("equity is shown:\n%s", got)
	}
	if got := w60(t, f, "price.EURUSD"); strings.Contains(got, "•••") {
		t.Errorf("a price is hidden:\n%s", got)
	}
}

func w60(t *testing.T, f widgets.Context, data string) string {
	return ansi.Strip(mustNew(t, Spec{Data: data}).Render(f))
}
