package health

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

func widget(t testing.TB, s Spec) *Widget {
	t.Helper()
	w, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// troubled is a desk with a datum and a source in each state.
func troubled(lights ...datasource.Light) *datasource.Snapshot {
	var data []widgettest.Datum
	for i, s := range widgettest.States() {
		data = append(data, widgettest.In(s, fmt.Sprintf("quote.%s", widgettest.Symbols()[i]), widgettest.Quote("EURUSD")))
	}
	data = append(data, widgettest.Live("quote.WTI", widgettest.Quote("WTI")))
	data[len(data)-1].Entry.Quiet = true
	s := widgettest.Snapshot(append(data, widgettest.Datum{Name: "late"})...)
	for i, l := range lights {
		s.Sources[i] = datasource.Status{Light: l, RTT: 300 * time.Microsecond, Rate: 1012, Channels: 14, Conflated: 12044, Dropped: 2, Since: widgettest.Now.Add(-time.Hour)}
		if l > datasource.LightUp {
			s.Sources[i].Fault = &datasource.Fault{Class: datasource.ClassRefused, Source: datasource.SourceID(i), Text: datasource.Clean("connection refused", 0),
				Hint: datasource.Clean("is it running?", 0), RetryAt: widgettest.Now.Add(4 * time.Second)}
		}
	}
	return s
}

func snapshots() map[string]*datasource.Snapshot {
	return map[string]*datasource.Snapshot{
		"up":     troubled(datasource.LightUp, datasource.LightUp, datasource.LightIdle),
		"down":   troubled(datasource.LightDown, datasource.LightConnecting, datasource.LightDegraded),
		"nobody": widgettest.Snapshot(),
	}
}

func TestGolden(t *testing.T) {
	w := widget(t, Spec{})
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for _, size := range [][2]int{{100, 16}, {60, 9}, {30, 6}} {
			shot := func(name string, d *datasource.Snapshot, v widgets.View) {
				f := widgettest.Context(size[0], size[1], d, profile)
				f.View, f.Focused = v, v != widgets.View{}
				widgettest.Golden(t, fmt.Sprintf("%s-%s-%dx%d", name, profile, f.W, f.H), w.Render(f), f.W, f.H)
			}
			for name, d := range snapshots() {
				shot(name, d, widgets.View{})
			}
			for _, s := range widgettest.States() {
				shot(s.String(), widgettest.Desk(s), widgets.View{})
			}
			shot("moved-in", snapshots()["down"], widgets.View{Sort: "datum", Desc: true, Filter: "quote", Hidden: "ttl", Cursor: 1})
		}
	}
}

func TestSweep(t *testing.T) {
	var all []*datasource.Snapshot
	for _, d := range snapshots() {
		all = append(all, d)
	}
	for _, s := range widgettest.States() {
		all = append(all, widgettest.Desk(s))
	}
	widgettest.Sweep(t, widget(t, Spec{}), all...)
	widgettest.Sweep(t, widget(t, Spec{Data: []string{"quote", "late", "nothing"}}), all...)
}

func TestHostile(t *testing.T) { widgettest.Hostile(t, widget(t, Spec{}), snapshots()["down"]) }

// TestWorstFirst: what needs attention is on top, with its cause.
func TestWorstFirst(t *testing.T) {
	w := widget(t, Spec{})
	lines := strings.Split(w.Render(widgettest.Context(110, 16, snapshots()["down"], theme.ProfileNone)), "\n")
	for i, want := range []string{
		"redis   ✕ down        connection refused · retry in 4 s · is it running? · 0.3 ms",
		"pubsub  … connecting",
		"api     ◐ degraded",
		"───",
		"DATUM       STATE",
		"quote.USDCHF error ✕ – – – quote:USDCHF no permission (get) · api: server err…",
		"quote.AUDUSD  missing  ✕  –            –         – quote:AUDUSD neither source has it",
		"quote.USDJPY  stale    ○  redis     34 s",
		"quote.XAUUSD  loading  …",
		"late          loading  …",
		"quote.GBPUSD  fallback ◐  api       12 s      48 s  quote:GBPUSD key expired",
		"quote.WTI     live        redis      now      42 s  quote:WTI its channel is silent",
		"quote.EURUSD  live        redis      now      42 s",
	} {
		got := strings.Join(strings.Fields(lines[i+1]), " ")
		if !strings.Contains(got, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("line %d: got %q, want %q", i+1, got, want)
		}
	}
}

func TestMoveSortPoint(t *testing.T) {
	w := widget(t, Spec{})
	f := widgettest.Context(100, 16, snapshots()["up"], theme.ProfileNone)
	f.View = w.Act(f, widgets.ActSortColumn, 'd')
	f.View = w.Act(f, widgets.ActDown, 0)
	if got, ok := w.Target(f); !ok || got.Name != "quote.AUDUSD" {
		t.Errorf("second by name: %+v %v", got, ok)
	}
	if row, ok := w.RowAt(f, 6); !ok || row != 0 {
		t.Errorf("line 6 is row %d %v", row, ok)
	}
	for _, y := range []int{0, 1, 3, 5, 15} {
		if row, ok := w.RowAt(f, y); ok {
			t.Errorf("line %d is row %d", y, row)
		}
	}
	for _, key := range []string{"state", "origin", "age", "ttl", "key", "cause"} {
		up, down := f, f
		up.View, down.View = widgets.View{Sort: key}, widgets.View{Sort: key, Desc: true}
		if a, _ := w.Target(up); a.Name == "" {
			t.Errorf("sorted by %s there is nothing", key)
		} else if b, _ := w.Target(down); a == b {
			t.Errorf("sorted by %s both ways %s is first", key, a.Name)
		}
	}
}

func TestChosenData(t *testing.T) {
	w := widget(t, Spec{Data: []string{"late"}, Title: "Late ones"})
	f := widgettest.Context(60, 9, snapshots()["up"], theme.ProfileNone)
	if got := w.Render(f); strings.Contains(got, "quote") || !strings.Contains(got, "Late ones") {
		t.Errorf("only one datum was asked for:\n%s", got)
	}
	if got, ok := w.Target(f); !ok || got.Name != "late" {
		t.Errorf("%+v %v", got, ok)
	}
}

func BenchmarkRender(b *testing.B) {
	w := widget(b, Spec{})
	f := widgettest.Context(120, 45, widgettest.Desk(datasource.StateLive), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}
