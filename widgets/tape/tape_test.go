package tape

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
	for _, s := range []Spec{{}, {Data: "x", Least: -1}, {Data: "x", Price: "y"}, {Data: "x", Size: "y"}} {
		if _, err := New(s); err == nil || !strings.HasPrefix(err.Error(), "tape: ") {
			t.Errorf("New(%+v): %v", s, err)
		}
	}
}

// printsOf are trades as a stream holds them, newest first.
func printsOf(n int) datasource.Value {
	v := datasource.Value{Type: datasource.TypeMessages}
	walk := widgettest.Walk(5, 1.08395, 0, 0.00003, 5)
	for i := range n {
		at := widgettest.Now.Add(-time.Duration(i*530) * time.Millisecond)
		v.Messages = append(v.Messages, datasource.Message{At: at, Value: widgettest.Object("ts", fmt.Sprint(at.UnixMilli()), "price", fmt.Sprintf("%.5f", walk(i)),
			"size", fmt.Sprintf("%d.%d", i*7%3, i*13%10), "at", []string{"ask", "bid", "ask", "ask"}[i%4])})
	}
	return v
}

func desk(s datasource.State) *datasource.Snapshot {
	return widgettest.Snapshot(widgettest.In(s, "tape.EURUSD", printsOf(30)), widgettest.In(s, "tape.XAUUSD", printsOf(2)))
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "eurusd", mustNew(t, Spec{Data: "tape"}), desk, [2]int{48, 13}, [2]int{28, 7})
}

func TestSweep(t *testing.T) {
	w := mustNew(t, Spec{Data: "tape"})
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Sweep(t, mustNew(t, Spec{Data: "equity"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, desk(datasource.StateLive))
	widgettest.Hostile(t, w, desk(datasource.StateStale))
}

// TestShapes: trades as their producers write them.
func TestShapes(t *testing.T) {
	obj, num, arr := widgettest.Object, widgettest.Num, widgettest.Array
	for _, c := range []struct {
		name  string
		value datasource.Value
		want  string // price, arrow, size, side of the newest two
	}{
		{"objects with a side", arr(obj("t", "1700000000", "p", "2", "q", "5", "side", "SELL"), obj("t", "1700000001", "p", "3", "q", "7", "side", "BUY")), "3 ▲ 7 ask|2 5 bid"},
		{"binance: the buyer was there first", arr(obj("T", "1700000001000", "p", "2", "q", "5", "m", true), obj("T", "1700000000000", "p", "1", "q", "5", "m", false)), "2 ▲ 5 bid|1 5 ask"},
		{"arrays, no side", arr(arr(num("5"), num("1")), arr(num("4"), num("2"))), "5 ▲ 1|4 2"},
		{"bare prices", arr(num("4"), num("5")), "4 ▼|5"},
		{"one object", obj("price", "4.5", "size", "2"), "4.5 2"},
		{"no size", arr(obj("price", "4"), obj("price", "4")), "4|4"},
		{"what has no price isn't one", arr(obj("size", "4"), obj("price", "nan"), obj("price", "4")), "4"},
	} {
		f := widgettest.Context(34, 9, widgettest.Snapshot(widgettest.Live("x", c.value)), theme.ProfileNone)
		var got []string
		for _, line := range strings.Split(mustNew(t, Spec{Data: "x"}).Render(f), "\n")[2:] {
			var words []string
			for _, word := range strings.Fields(strings.Trim(line, "│╰╯─ ")) {
				if !strings.Contains(word, ":") && !strings.Contains(word, "▆") && word != "Nov" && word != "14" {
					words = append(words, word)
				}
			}
			if len(words) > 0 && len(got) < 2 && !strings.Contains(line, "x:ACC") {
				got = append(got, strings.Join(words, " "))
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q\n%s", c.name, strings.Join(got, "|"), c.want, mustNew(t, Spec{Data: "x"}).Render(f))
		}
	}
}

func TestLeast(t *testing.T) {
	f := widgettest.Context(48, 13, desk(datasource.StateLive), theme.ProfileNone)
	if got := mustNew(t, Spec{Data: "tape", Least: 2.5}).Render(f); strings.Contains(got, " 0.0 ") || !strings.Contains(got, " 2.") {
		t.Errorf("not the large ones:\n%s", got)
	}
	if got := mustNew(t, Spec{Data: "tape", Least: 99}).Render(f); !strings.Contains(got, "no trade of that size") {
		t.Errorf("none is large enough:\n%s", got)
	}
}

func TestFollowsAndMoves(t *testing.T) {
	w := mustNew(t, Spec{Data: "tape"})
	f := widgettest.Context(48, 8, desk(datasource.StateLive), theme.ProfileNone)
	f.Selected = datasource.Clean("XAUUSD", 0)
	if got := w.Render(f); !strings.Contains(got, "Trades · XAUUSD") {
		t.Errorf("not the selected symbol:\n%s", got)
	}
	f.Selected = datasource.Safe{}
	for range 9 {
		f.View = w.Act(f, widgets.ActDown, 0)
	}
	if target, ok := w.Target(f); !ok || target.Name != "tape.EURUSD" || target.Row < 7 {
		t.Errorf("the cursor is on %+v", target)
	}
	if row, ok := w.RowAt(f, 3); !ok || row < 1 {
		t.Errorf("line 3 is row %d, %v", row, ok)
	}
}
