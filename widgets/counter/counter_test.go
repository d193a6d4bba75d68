package counter

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

// mixed is a group with a counter in each state.
func mixed() *datasource.Snapshot {
	var data []widgettest.Datum
	for i, s := range widgettest.States() {
		data = append(data, widgettest.In(s, fmt.Sprintf("counter.%s_%d", s, i), widgettest.Moved("1027", 1, 0)))
	}
	return widgettest.Snapshot(data...)
}

func TestGolden(t *testing.T) {
	w := widget(t, Spec{Data: "counter"})
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for _, size := range [][2]int{{40, 8}, {22, 5}} {
			for _, s := range widgettest.States() {
				f := widgettest.Context(size[0], size[1], widgettest.Desk(s), profile)
				widgettest.Golden(t, fmt.Sprintf("%s-%s-%dx%d", s, profile, f.W, f.H), w.Render(f), f.W, f.H)
			}
			f := widgettest.Context(size[0], size[1], mixed(), profile)
			widgettest.Golden(t, fmt.Sprintf("mixed-%s-%dx%d", profile, f.W, f.H), w.Render(f), f.W, f.H)
		}
	}
}

func TestSweep(t *testing.T) {
	all := []*datasource.Snapshot{mixed(), widgettest.Snapshot(), widgettest.Snapshot(widgettest.Live("counter", widgettest.Object("rejects", "3")))}
	for _, s := range widgettest.States() {
		all = append(all, widgettest.Desk(s))
	}
	widgettest.Sweep(t, widget(t, Spec{Data: "counter"}), all...)
	widgettest.Sweep(t, widget(t, Spec{Data: "counter", Fields: []Field{{Field: "rejects"}, {Field: "none"}}}), all...)
}

func TestHostile(t *testing.T) { widgettest.Hostile(t, widget(t, Spec{Data: "counter"}), mixed()) }

func TestNewRefuses(t *testing.T) {
	for want, s := range map[string]Spec{
		"data is missing":  {},
		"field is missing": {Data: "a", Fields: []Field{{}}},
		"unknown format":   {Data: "a", Fields: []Field{{Field: "x", Format: "?"}}},
	} {
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
}

// TestLines: labels, units, and the same from a hash as from a group.
func TestLines(t *testing.T) {
	group := widgettest.Desk(datasource.StateLive)
	hash := widgettest.Snapshot(widgettest.Live("counter", widgettest.Object("open_orders", "3", "fills_today", "27", "rejects", "0", "latency_p99_ms", "41")))
	listed := Spec{Data: "counter", Fields: []Field{{Field: "rejects", Label: "Refused", Format: "number"}, {Field: "lost"}}}
	for _, tt := range []struct {
		name string
		spec Spec
		data *datasource.Snapshot
		want []string
	}{
		{"group", Spec{Data: "counter"}, group, []string{"Open orders 3", "Fills today 27", "Rejects 0", "Latency p99 41 ms"}},
		{"hash", Spec{Data: "counter"}, hash, []string{"Open orders 3", "Fills today 27", "Rejects 0", "Latency p99 41 ms"}},
		{"listed", listed, group, []string{"Refused 0", "Lost –"}},
		{"listed of a hash", listed, hash, []string{"Refused 0", "Lost –"}},
		{"number", Spec{Data: "counter"}, widgettest.Snapshot(widgettest.Live("counter", widgettest.Num("5"))), []string{"Counter 5"}},
	} {
		lines := strings.Split(widget(t, tt.spec).Render(widgettest.Context(40, 6, tt.data, theme.ProfileNone)), "\n")
		for i, want := range tt.want {
			if got := strings.Join(strings.Fields(strings.Trim(lines[i+1], "│")), " "); got != want {
				t.Errorf("%s: line %d: got %q, want %q", tt.name, i, got, want)
			}
		}
	}
}

func TestPoint(t *testing.T) {
	w := widget(t, Spec{Data: "counter"})
	f := widgettest.Context(40, 6, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.View = w.Act(f, widgets.ActBottom, 0)
	if got, ok := w.Target(f); !ok || got.Name != "counter.latency_p99_ms" || got.Field != "" {
		t.Errorf("the last counter is %+v %v", got, ok)
	}
	if row, ok := w.RowAt(f, 4); !ok || row != 3 {
		t.Errorf("line 4 is row %d %v", row, ok)
	}
	if _, ok := w.Target(widgettest.Context(40, 6, widgettest.Snapshot(), theme.ProfileNone)); ok {
		t.Error("there is something under the cursor of an empty panel")
	}
}
