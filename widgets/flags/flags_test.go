package flags

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

// mixed is a group with a flag in each state.
func mixed() *datasource.Snapshot {
	var data []widgettest.Datum
	for i, s := range widgettest.States() {
		data = append(data, widgettest.In(s, fmt.Sprintf("flag.%s_%d", s, i), widgettest.Bool(i%2 == 0)))
	}
	return widgettest.Snapshot(append(data, widgettest.Live("flag.kill_switch", widgettest.Bool(true)), widgettest.Live("flag.rollout", widgettest.Num("25")))...)
}

func TestGolden(t *testing.T) {
	w := widget(t, Spec{Data: "flag"})
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for _, size := range [][2]int{{40, 10}, {22, 5}} {
			for _, s := range widgettest.States() {
				f := widgettest.Context(size[0], size[1], widgettest.Desk(s), profile)
				widgettest.Golden(t, fmt.Sprintf("%s-%s-%dx%d", s, profile, f.W, f.H), w.Render(f), f.W, f.H)
			}
			f := widgettest.Context(size[0], size[1], mixed(), profile)
			f.Focused, f.View.Cursor = true, 2
			widgettest.Golden(t, fmt.Sprintf("mixed-%s-%dx%d", profile, f.W, f.H), w.Render(f), f.W, f.H)
		}
	}
}

func TestSweep(t *testing.T) {
	all := []*datasource.Snapshot{mixed(), widgettest.Snapshot(), widgettest.Snapshot(widgettest.Live("flag", widgettest.Object("a", true, "b", "off")))}
	for _, s := range widgettest.States() {
		all = append(all, widgettest.Desk(s))
	}
	widgettest.Sweep(t, widget(t, Spec{Data: "flag"}), all...)
}

func TestHostile(t *testing.T) { widgettest.Hostile(t, widget(t, Spec{Data: "flag"}), mixed()) }

func TestNewRefuses(t *testing.T) {
	if _, err := New(Spec{}); err == nil || !strings.Contains(err.Error(), "data is missing") {
		t.Errorf("got %v", err)
	}
}

// TestWords: every way in which producers write on and off.
func TestWords(t *testing.T) {
	for _, tt := range []struct {
		value datasource.Value
		want  string
	}{
		{widgettest.Bool(true), "on"}, {widgettest.Bool(false), "off"}, {widgettest.Num("1"), "on"}, {widgettest.Num("0"), "off"},
		{widgettest.Num("25"), "25"}, {widgettest.Text("TRUE"), "on"}, {widgettest.Text("disabled"), "off"}, {widgettest.Text("canary"), "canary"},
		{widgettest.Text(""), "–"}, {datasource.Value{Type: datasource.TypeNull}, "–"}, {widgettest.Object("enabled", true), "on"},
	} {
		f := widgettest.Context(30, 3, widgettest.Snapshot(widgettest.Live("flag.x", tt.value)), theme.ProfileNone)
		line := strings.Split(widget(t, Spec{Data: "flag"}).Render(f), "\n")[1]
		if got := strings.Join(strings.Fields(strings.Trim(line, "│")), " "); got != "x "+tt.want && got != "X "+tt.want {
			t.Errorf("%+v: got %q, want %q", tt.value, got, tt.want)
		}
	}
}

// TestAlarm: a kill switch that is on looks like what it is.
func TestAlarm(t *testing.T) {
	f := widgettest.Context(30, 4, widgettest.Snapshot(widgettest.Live("flag.kill_switch", widgettest.Bool(true)), widgettest.Live("flag.beta", widgettest.Bool(true))), theme.ProfileTrue)
	bad, good := f.Theme.SGR(theme.Bad)+"on", f.Theme.SGR(theme.Good)+"on"
	for _, tt := range []struct {
		spec        Spec
		kill, other string
	}{
		{Spec{Data: "flag"}, bad, good},
		{Spec{Data: "flag", Alarm: []string{"beta"}}, good, bad},
	} {
		lines := strings.Split(widget(t, tt.spec).Render(f), "\n")
		if !strings.Contains(lines[1], tt.kill) || !strings.Contains(lines[2], tt.other) {
			t.Errorf("alarm %v: %q %q", tt.spec.Alarm, lines[1], lines[2])
		}
	}
}

func TestPoint(t *testing.T) {
	w := widget(t, Spec{Data: "flag"})
	f := widgettest.Context(30, 5, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.View = w.Act(f, widgets.ActPageDown, 0)
	if got, ok := w.Target(f); !ok || got.Name != "flag.trading_enabled" {
		t.Errorf("half a page down is %+v %v", got, ok)
	}
	if row, ok := w.RowAt(f, 1); !ok || row != 0 {
		t.Errorf("line 1 is row %d %v", row, ok)
	}
}
