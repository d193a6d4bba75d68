package area

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

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

var deskSpec = Spec{Data: "equity", Start: "account.day_start_equity", Limit: "account.day_loss_limit"}

// day is an account that loses, then recovers a part.
func day(s datasource.State) *datasource.Snapshot {
	walk := widgettest.Walk(4, 48250.75, 0, 9, 2)
	v := widgettest.Series(200, time.Minute, func(i int) float64 { return walk(i) - float64(min(i, 150))*1.5 })
	return widgettest.Snapshot(
		widgettest.In(s, "equity", v),
		widgettest.Live("account", widgettest.Object("day_start_equity", "48250.75", "day_loss_limit", "1000.00")),
	)
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{}, "data is missing"},
		{Spec{Data: "x", Range: -1}, "negative"},
		{Spec{Data: "x", Start: "account"}, "names no field"},
		{Spec{Data: "x", Format: "furlongs"}, "unknown format"},
	} {
		if _, err := New(c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%+v): %v, want %q", c.spec, err, c.want)
		}
	}
}

func TestGolden(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, state := range []datasource.State{datasource.StateLive, datasource.StateFallback, datasource.StateStale} {
		for _, size := range [][2]int{{68, 12}, {54, 12}, {36, 7}} {
			for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
				got := w.Render(widgettest.Context(size[0], size[1], day(state), profile))
				name := fmt.Sprintf("area-%s-%dx%d-%s", state, size[0], size[1], profile)
				widgettest.Golden(t, name, got, size[0], size[1])
				if dir := os.Getenv("TICKTOP_LOOK"); dir != "" {
					if err := os.WriteFile(dir+"/"+name+".ansi", []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func TestSweep(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, day(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), day(datasource.StateLive), widgettest.Snapshot())
	widgettest.Hostile(t, w, day(datasource.StateStale))
}

func TestFigures_AddUp(t *testing.T) {
	pts := []datasource.Point{}
	at := time.Date(2026, 11, 23, 8, 50, 0, 0, time.UTC)
	for i, v := range []float64{1000, 1010, 990, 995, 1005, 980} { // 8:50, 9:00 … 9:40
		pts = append(pts, datasource.Point{MS: at.Add(time.Duration(i) * 10 * time.Minute).UnixMilli(), V: v})
	}
	data := widgettest.Snapshot(widgettest.Live("equity", datasource.Value{Type: datasource.TypeSeries, Points: pts}))
	w := mustNew(t, Spec{Data: "equity"})
	f := widgettest.Context(70, 14, data, theme.ProfileNone)
	got := ansi.Strip(w.Render(f))
	for _, want := range []string{"start 1,000", "now 980", "by hour 08 0   09 -20", "deepest drawdown -2.97% at 09:40"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the panel:\n%s", want, got)
		}
	}
}

func TestPrivate_ShowsNoFigure(t *testing.T) {
	w := mustNew(t, deskSpec)
	f := widgettest.Context(68, 12, day(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := ansi.Strip(w.Render(f)); strings.ContainsAny(strings.Join(strings.Split(got, "\n")[:8], ""), "3456789") {
		t.Errorf("figures are shown:\n%s", got)
	}
}
