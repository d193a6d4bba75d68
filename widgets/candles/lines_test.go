package candles

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func frameOf(w, h int, profile theme.Profile) widgets.Context {
	f := widgettest.Context(w, h, deskData(datasource.StateLive, "1.08395"), profile)
	f.Selected = datasource.Clean("EURUSD", 0)
	return f
}

// levels are two alerts of the symbol, close to each other and to the last
// price, and one of another symbol.
var levels = widgets.Levels([]widgets.Level{{Element: "EURUSD", Words: "above", Price: 1.08398}, {Element: "EURUSD", Words: "above", Price: 1.08396},
	{Element: "XAUUSD", Words: "below", Price: 2400}})

// TestCrosshair_Golden: the reading in the plot, the tags at both axes, alerts,
// sessions, and every panel there is.
func TestCrosshair_Golden(t *testing.T) {
	spec := deskSpec
	spec.Indicators = []string{"ema 20", "bollinger 20", "rsi 14", "macd", "atr 14"}
	spec.Sessions = []string{"LON", "DESK UTC 09:00-17:00"}
	w := mustNew(t, spec)
	for _, size := range [][2]int{{68, 20}, {110, 40}, {38, 10}} {
		for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
			f := frameOf(size[0], size[1], profile)
			f.Levels, f.View.Cross = levels, 12
			widgettest.Golden(t, fmt.Sprintf("cross-%dx%d-%s", size[0], size[1], profile), w.Render(f), size[0], size[1])
		}
	}
}

func TestStyles_Golden(t *testing.T) {
	w := mustNew(t, deskSpec)
	for name, overlays := range map[string]string{"log": "+log scale", "area": "+area,-volume"} {
		f := frameOf(80, 20, theme.ProfileTrue)
		f.View.Overlays = overlays
		widgettest.Golden(t, "style-"+name, w.Render(f), f.W, f.H)
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "candle", Log: true, Area: true, Sessions: []string{"LON"}}), deskData(datasource.StateLive, "1.08395"))
	widgettest.Hostile(t, mustNew(t, Spec{Data: "candle", Log: true, Quote: "quote", Positions: "positions"}), deskData(datasource.StateLive, "1.08395"))
}

// TestTags_NeverCoverEachOther: every price of a line has its own tag.
func TestTags_NeverCoverEachOther(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, width := range []int{54, 68, 110} {
		f := frameOf(width, 20, theme.ProfileNone)
		f.Levels = levels
		got := w.Render(f)
		for _, price := range []string{"1.08395", "1.08396", "1.08398", "1.08320"} {
			n := 0
			for line := range strings.SplitSeq(got, "\n") {
				if strings.Contains(strings.TrimPrefix(line, "╭"), price) && !strings.HasPrefix(line, "╭") {
					n++
				}
			}
			if n != 1 {
				t.Errorf("width %d: %s is on %d lines:\n%s", width, price, n, got)
			}
		}
		if strings.Contains(got, "2,400") {
			t.Errorf("an alert of another symbol:\n%s", got)
		}
	}
}

// TestCrossAt: the mouse sets the crosshair at the candle under it, and takes it
// away in the margin.
func TestCrossAt(t *testing.T) {
	w := mustNew(t, deskSpec)
	f := frameOf(68, 20, theme.ProfileNone)
	k := w.lookAt(&f)
	for _, i := range []int{0, 3, len(k.bars) - 1} {
		v, ok := w.CrossAt(f, 2+k.columnOf(i), 5)
		if want := len(k.bars) - i; !ok || v.Cross != want {
			t.Errorf("candle %d: %v %v, want %d", i, v.Cross, ok, want)
		}
	}
	f.View.Cross = 3
	if v, ok := w.CrossAt(f, 66, 5); !ok || v.Cross != 0 {
		t.Errorf("in the margin: %v %v", v.Cross, ok)
	}
	for _, at := range [][2]int{{0, 0}, {10, 0}, {10, 19}, {-5, 4}} {
		if v, ok := w.CrossAt(f, at[0], at[1]); ok || v != f.View {
			t.Errorf("at %v there is a candle", at)
		}
	}
}

// TestSeparators: a new day and an exchange's opening are marked at their candle
// and nowhere else.
func TestSeparators(t *testing.T) {
	w := mustNew(t, Spec{Data: "candle", Sessions: []string{"LON"}, Interval: 30 * time.Minute})
	v := datasource.Value{Type: datasource.TypeSeries}
	from := time.Date(2026, 11, 26, 20, 0, 0, 0, time.UTC) // a Thursday
	for i := range 60 * 14 {
		v.Points = append(v.Points, datasource.Point{MS: from.Add(time.Duration(i) * time.Minute).UnixMilli(), V: 1 + float64(i%7)/1000})
	}
	v.Points[0].V = 0.99 // leaves blank lines at the bottom
	f := widgettest.Context(90, 16, widgettest.Snapshot(widgettest.Live("candle", v)), theme.ProfileNone)
	k := w.lookAt(&f)
	var got []string
	for _, s := range k.breaks {
		got = append(got, s.name+" "+time.UnixMilli(k.bars[s.bar].MS).UTC().Format("15:04"))
	}
	if want := "Fri 27 Nov 00:00|LON 08:00"; strings.Join(got, "|") != want {
		t.Errorf("separators are %q, want %q", got, want)
	}
	f.View.Overlays = "-days,-sessions"
	if k := w.lookAt(&f); len(k.breaks) != 0 {
		t.Errorf("switched off there are %v", k.breaks)
	}
	if got := ansi.Strip(w.Render(widgettest.Context(90, 16, f.Data, theme.ProfileNone))); !strings.Contains(got, "LON") || !strings.Contains(got, "27 Nov") {
		t.Errorf("not named:\n%s", got)
	}
}

func TestLogScale(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		ok     bool
	}{{1, 10_000, true}, {1.05, 1.09, true}, {0, 5, false}, {-1, 5, false}, {5, 5, true}, {1e-8, 3e-7, true}} {
		s, ok := draw.Log(c.lo, c.hi, 20)
		if ok != c.ok {
			t.Errorf("%v to %v: %v", c.lo, c.hi, ok)
			continue
		}
		if !ok {
			continue
		}
		if s.Part(s.Lo) != 0 || s.Part(s.Hi) != 1 || s.Count < 1 || s.Count > 12 {
			t.Errorf("%v to %v: %+v", c.lo, c.hi, s)
		}
		for i := range s.Count {
			if _, v := s.Label(i); v < s.Lo || v > s.Hi {
				t.Errorf("%v to %v: a label at %v", c.lo, c.hi, v)
			}
		}
	}
}
