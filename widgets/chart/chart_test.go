package chart

import (
	"math"
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
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{}, "chart: data is missing"},
		{Spec{Data: "equity", Range: -1}, "negative"},
		{Spec{Data: "equity", Format: "furlongs"}, `chart: unknown format "furlongs"`},
	} {
		if _, err := New(c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%+v): %v, want %q", c.spec, err, c.want)
		}
	}
	w := mustNew(t, Spec{Data: "equity", More: []string{"balance"}})
	if w.Title().String() != "Equity" || len(w.Data()) != 2 || w.Kind() != Kind {
		t.Errorf("a chart called %q of %v", w.Title(), w.Data())
	}
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "equity", mustNew(t, Spec{Data: "equity"}), widgettest.Desk, [2]int{90, 14}, [2]int{44, 9})
}

func TestSeveralSeries(t *testing.T) {
	w := mustNew(t, Spec{Data: "price", Title: "Prices", Percent: true})
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		f := widgettest.Context(90, 16, widgettest.Desk(datasource.StateLive), profile)
		widgettest.Golden(t, "several-"+profile.String(), w.Render(f), 90, 16)
	}
}

func TestSweep(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity"})
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, widgettest.Desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "price", Percent: true}), widgettest.Desk(datasource.StateLive))
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateStale))
	widgettest.Hostile(t, mustNew(t, Spec{Data: "price"}), widgettest.Desk(datasource.StateError))
}

// equity is a snapshot with one series.
func equity(v datasource.Value) *datasource.Snapshot {
	return widgettest.Snapshot(widgettest.Live("equity", v))
}

func text(w *Widget, f widgets.Context) string { return ansi.Strip(w.Render(f)) }

func TestOddSeries(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity"})
	point := func(ms int64, v float64) datasource.Point { return datasource.Point{MS: ms, V: v} }
	now := widgettest.Now.UnixMilli()
	for name, pts := range map[string][]datasource.Point{
		"none":          {},
		"one":           {point(now, 5)},
		"all gaps":      {point(now-1000, math.NaN()), point(now, math.NaN())},
		"flat":          {point(now-1000, 5), point(now, 5)},
		"zero":          {point(now-1000, 0), point(now, 0)},
		"infinite":      {point(now-1000, math.Inf(-1)), point(now, math.Inf(1))},
		"huge":          {point(now-1000, -math.MaxFloat64), point(now, math.MaxFloat64)},
		"tiny":          {point(now-1000, 5e-324), point(now, 1e-323)},
		"absurd times":  {point(math.MinInt64, 1), point(0, 2), point(math.MaxInt64, 3)},
		"out of order":  {point(now, 1), point(now-5000, 2), point(now-9000, 3), point(now-1000, 4)},
		"one time":      {point(now, 1), point(now, 2), point(now, 3)},
		"in the future": {point(now+3600_000, 1), point(now+7200_000, 2)},
	} {
		data := equity(datasource.Value{Type: datasource.TypeSeries, Points: pts})
		for _, size := range [][2]int{{1, 1}, {12, 4}, {60, 12}} {
			for _, f := range widgettest.Frames(size[0], size[1], data) {
				if err := widgettest.Examine(w.Render(f), f.W, f.H); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				for _, a := range w.Acts() {
					w.Act(f, a, 0)
				}
			}
		}
	}
}

// TestSpikesSurvive: one sample among 5,000 is seen at any width.
func TestSpikesSurvive(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity"})
	v := widgettest.Series(5000, time.Second, func(i int) float64 {
		if i == 2500 {
			return 200
		}
		return 100 + float64(i%2)
	})
	f := widgettest.Context(60, 12, equity(v), theme.ProfileNone)
	lines := strings.Split(text(w, f), "\n")
	if !strings.ContainsAny(lines[1][20:], "⡀⢀⣀⡄⢠⡆⢰⡇⢸⠁⠈") || !strings.Contains(lines[0], "max 200") {
		t.Errorf("the spike is lost:\n%s", strings.Join(lines, "\n"))
	}
}

// TestGapsStayGaps: nothing is drawn where nothing is known.
func TestGapsStayGaps(t *testing.T) {
	v := widgettest.Series(200, time.Second, func(int) float64 { return 1 })
	v.Points = append(v.Points[:80:80], v.Points[120:]...)
	v.Points[30].V = math.NaN()
	holes := func(w *Widget) int {
		f := widgettest.Context(106, 8, equity(v), theme.ProfileNone)
		n := 0
		for l := range strings.SplitSeq(text(w, f), "\n") {
			if strings.ContainsAny(l, "⠤⠒⣀⠉") {
				n = strings.Count(strings.Trim(l[strings.Index(l, "┤")+3:], "│ "), " ")
			}
		}
		return n
	}
	if got := holes(mustNew(t, Spec{Data: "equity"})); got < 18 || got > 21 {
		t.Errorf("a gap of a fifth is %d of 100 cells", got)
	}
	if got := holes(mustNew(t, Spec{Data: "equity", Gap: -1})); got > 1 {
		t.Errorf("with gaps off there is one of %d cells", got)
	}
}

// TestLabelsAreWhole: at no width is a label of the value axis cut at its left.
func TestLabelsAreWhole(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity", Range: 20 * time.Minute})
	data := equity(widgettest.Series(400, 15*time.Second, widgettest.Walk(5, 1.0842, 0, 0.00012, 5)))
	for width := minAxisWidth + 4; width < 200; width++ {
		got := text(w, widgettest.Context(width, 13, data, theme.ProfileNone))
		for l := range strings.SplitSeq(got, "\n") {
			if label, _, ok := strings.Cut(strings.TrimPrefix(l, "│"), "┤"); ok && !strings.HasPrefix(label, "  1.08") {
				t.Fatalf("%d cells: a label is cut:\n%s", width, got)
			}
		}
	}
}

func TestRanges(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity"}) // four hours of it
	f := widgettest.Context(80, 12, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	title := func() string {
		s, _, _ := strings.Cut(strings.TrimPrefix(text(w, f), "╭─ Equity · "), " ─")
		return s
	}
	act := func(a widgets.Action) { f.View = w.Act(f, a, 0) }
	for _, c := range []struct {
		act  widgets.Action
		want string
	}{
		{widgets.ActNone, "4 h"},
		{widgets.ActLonger, "4 h"}, // there is no more
		{widgets.ActShorter, "2 h"},
		{widgets.ActShorter, "1 h"},
		{widgets.ActLonger, "2 h"},
		{widgets.ActZoomIn, "1 h · ×2"},
		{widgets.ActZoomIn, "30 m · ×4"},
		{widgets.ActZoomOut, "1 h · ×2"},
		{widgets.ActZoomOut, "2 h"},
		{widgets.ActZoomOut, "2 h"},
		{widgets.ActLonger, "4 h"},
	} {
		act(c.act)
		if got := title(); got != c.want {
			t.Errorf("after action %d the title says %q, want %q", c.act, got, c.want)
		}
	}
}

func TestConfiguredRange(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity", Range: 45 * time.Minute})
	f := widgettest.Context(80, 12, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	if got := text(w, f); !strings.Contains(got, "· 45 m ─") {
		t.Errorf("the configured range is not shown:\n%s", got)
	}
}

func TestCrosshair(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity"})
	f := widgettest.Context(80, 12, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	pts := widgettest.Equity().Points
	reading := func(i int) string {
		p := pts[i]
		return p.Time().UTC().Format(time.TimeOnly) + "  " + w.formatValue(&line{pts: pts}, p.V, &f)
	}
	f.View = w.Act(f, widgets.ActLeft, 0)
	if got := text(w, f); !strings.Contains(got, reading(240)) || !strings.Contains(got, "●") {
		t.Errorf("left does not show the newest sample, %s:\n%s", reading(240), got)
	}
	f.View = w.Act(f, widgets.ActLeft, 0)
	older := f.View.Cross
	if got := text(w, f); !strings.Contains(got, reading(241-older)) || older < 2 {
		t.Errorf("left again shows another sample than %d:\n%s", older, got)
	}
	f.View = w.Act(f, widgets.ActTop, 0)
	if got := text(w, f); !strings.Contains(got, reading(0)) {
		t.Errorf("top does not show the oldest sample, %s:\n%s", reading(0), got)
	}
	f.View.Cross = 2
	f.View = w.Act(f, widgets.ActRight, 0)
	f.View = w.Act(f, widgets.ActRight, 0)
	if f.View.Cross != 0 {
		t.Errorf("right from the newest sample leaves the crosshair at %d", f.View.Cross)
	}
}

func TestPrivateHidesMoney(t *testing.T) {
	f := widgettest.Context(80, 12, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	f.View.Cross = 3
	if got := text(mustNew(t, Spec{Data: "equity"}), f); strings.Contains(got, "48") || !strings.Contains(got, "•••") {
		t.Errorf("balances are shown:\n%s", got)
	}
	if got := text(mustNew(t, Spec{Data: "price.XAUUSD"}), f); strings.Contains(got, "•••") {
		t.Errorf("prices are hidden:\n%s", got)
	}
}

func TestTarget(t *testing.T) {
	f := widgettest.Context(80, 12, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	if got, ok := mustNew(t, Spec{Data: "price"}).Target(f); !ok || got.Name != "price.EURUSD" {
		t.Errorf("Target = %+v, %v", got, ok)
	}
	if _, ok := mustNew(t, Spec{Data: "nothing"}).Target(f); ok {
		t.Error("there is a target on nothing")
	}
}

// TestSteadyColumns: while a second passes, the samples stay in their columns.
func TestSteadyColumns(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity", Range: time.Hour})
	f := widgettest.Context(80, 12, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	first := w.Render(f)
	f.Now = f.Now.Add(time.Second)
	if diff := widgettest.Diff(w.Render(f), first); diff != "" {
		t.Errorf("the line moved within one column of time:\n%s", diff)
	}
}
