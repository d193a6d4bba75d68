package text

import (
	"fmt"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func widget(t testing.TB, s Spec) *Widget {
	t.Helper()
	w, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// nested is an object with everything in it, and deep an array in an array in …
func nested() datasource.Value {
	deep := widgettest.Num("1")
	for range 40 {
		deep = widgettest.Array(deep)
	}
	return widgettest.Object("name", "a long text that does not fit on one line of a narrow panel and so goes on below", "price", "1.10",
		"limits", widgettest.Object("day", "1000", "symbols", widgettest.Array(widgettest.Text("EURUSD"), widgettest.Text("XAUUSD"))),
		"none", datasource.Value{Type: datasource.TypeNull}, "blank", "", "on", true, "deep", deep, "empty", widgettest.Object())
}

func mixed() *datasource.Snapshot {
	var data []widgettest.Datum
	for _, s := range widgettest.States() {
		data = append(data, widgettest.In(s, "x."+s.String(), widgettest.Orders()))
	}
	return widgettest.Snapshot(data...)
}

func TestGolden(t *testing.T) {
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for _, size := range [][2]int{{60, 16}, {24, 6}} {
			for _, s := range widgettest.States() {
				f := widgettest.Context(size[0], size[1], widgettest.Snapshot(widgettest.In(s, "x", nested())), profile)
				widgettest.Golden(t, fmt.Sprintf("%s-%s-%dx%d", s, profile, f.W, f.H), widget(t, Spec{Data: "x"}).Render(f), f.W, f.H)
			}
			f := widgettest.Context(size[0], size[1], mixed(), profile)
			f.Focused, f.View.Cursor = true, 2
			widgettest.Golden(t, fmt.Sprintf("mixed-%s-%dx%d", profile, f.W, f.H), widget(t, Spec{Data: "x"}).Render(f), f.W, f.H)
		}
	}
}

func TestSweep(t *testing.T) {
	w := widget(t, Spec{Data: "x"})
	all := []*datasource.Snapshot{mixed(), widgettest.Snapshot()}
	for _, v := range []datasource.Value{nested(), widgettest.Positions(), widgettest.Equity(), widgettest.Notifications(), widgettest.Num("1.10"),
		widgettest.Text("hello"), widgettest.Bool(true), widgettest.Array(), {Type: datasource.TypeNull}, {Type: datasource.TypeMessages}} {
		all = append(all, widgettest.Snapshot(widgettest.Live("x", v)))
	}
	widgettest.Sweep(t, w, all...)
	widgettest.Sweep(t, widget(t, Spec{Data: "x", Field: "limits.day"}), all[:3]...)
}

func TestHostile(t *testing.T) {
	widgettest.Hostile(t, widget(t, Spec{Data: "x"}), widgettest.Snapshot(widgettest.Live("x", nested())))
	widgettest.Hostile(t, widget(t, Spec{Data: "x"}), mixed())
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(Spec{}); err == nil || !strings.Contains(err.Error(), "data is missing") {
		t.Errorf("got %v", err)
	}
}

func TestLines(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spec  Spec
		value datasource.Value
		want  []string
	}{
		{"a number keeps its digits", Spec{}, widgettest.Num("1.10"), []string{"1.10"}},
		{"an object", Spec{}, widgettest.Object("bid", "1.0830", "on", true, "none", datasource.Value{Type: datasource.TypeNull}, "blank", ""), []string{"bid 1.0830", "on true", "none null", "blank empty"}},
		{"in an object", Spec{}, widgettest.Object("a", widgettest.Object("b", "1")), []string{"a", "  b 1"}},
		{"an array", Spec{}, widgettest.Array(widgettest.Text("x"), widgettest.Object("b", "1")), []string{"0 x", "1", "  b 1"}},
		{"a field", Spec{Field: "a.b"}, widgettest.Object("a", widgettest.Object("b", "5")), []string{"5"}},
		{"an element", Spec{Field: "a.1"}, widgettest.Object("a", widgettest.Array(widgettest.Num("5"), widgettest.Num("6"))), []string{"6"}},
		{"no such field", Spec{Field: "a.c"}, widgettest.Object("a", widgettest.Object("b", "5")), []string{"no field a.c"}},
	} {
		tt.spec.Data = "x"
		f := widgettest.Context(40, 8, widgettest.Snapshot(widgettest.Live("x", tt.value)), theme.ProfileNone)
		lines := strings.Split(widget(t, tt.spec).Render(f), "\n")
		for i, want := range tt.want {
			if got := strings.TrimRight(strings.TrimPrefix(strings.Trim(lines[i+1], "│"), " "), " "); got != want {
				t.Errorf("%s: line %d: got %q, want %q", tt.name, i, got, want)
			}
		}
	}
}

func TestMoveAndPoint(t *testing.T) {
	w := widget(t, Spec{Data: "x"})
	f := widgettest.Context(60, 6, widgettest.Snapshot(widgettest.Live("x", nested())), theme.ProfileNone)
	for range 5 {
		f.View = w.Act(f, widgets.ActDown, 0)
	}
	if got, ok := w.Target(f); !ok || got != (widgets.Target{Name: "x", Field: "limits.symbols", Row: -1}) {
		t.Errorf("after five steps: %+v %v", got, ok)
	}
	if row, ok := w.RowAt(f, 4); !ok || row != 5 {
		t.Errorf("line 4 is row %d %v", row, ok)
	}
	f.View.Cursor = 0
	if got, _ := widget(t, Spec{Data: "x", Field: "limits"}).Target(f); got.Field != "limits.day" {
		t.Errorf("a field of the chosen one is %+v", got)
	}
	f = widgettest.Context(60, 6, widgettest.Snapshot(widgettest.Live("x", widgettest.Positions())), theme.ProfileNone)
	f.View.Cursor = 8
	if got, _ := w.Target(f); got.Row != 1 {
		t.Errorf("the second position is row %+v", got)
	}
}

func TestPrivate(t *testing.T) {
	f := widgettest.Context(60, 16, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := widget(t, Spec{Data: "account"}).Render(f); strings.Contains(got, "48911") || !strings.Contains(got, "equity •••") {
		t.Errorf("private:\n%s", got)
	}
}
