package candles

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
		{Spec{}, "data is missing"},
		{Spec{Data: "x", Interval: time.Millisecond}, "shorter than a second"},
		{Spec{Data: "x", Format: "y"}, "unknown format"},
	} {
		if _, err := New(c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%+v): %v, want %q", c.spec, err, c.want)
		}
	}
}

// gold is the desk with two hours of gold.
func gold(s datasource.State) *datasource.Snapshot {
	return widgettest.Snapshot(widgettest.In(s, "price.XAUUSD", widgettest.Prices()))
}

func TestGallery(t *testing.T) {
	w := mustNew(t, Spec{Data: "price.XAUUSD"})
	widgettest.Gallery(t, "gold", w, gold, [2]int{62, 13}, [2]int{36, 8})
}

func TestSweep(t *testing.T) {
	w := mustNew(t, Spec{Data: "price.XAUUSD"})
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, gold(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Hostile(t, w, gold(datasource.StateStale))
	widgettest.Hostile(t, mustNew(t, Spec{Data: "alerts"}), widgettest.Desk(datasource.StateLive))
}

func series(step time.Duration, values ...float64) []datasource.Point {
	return widgettest.Series(len(values), step, func(i int) float64 { return values[i] }).Points
}

func TestAggregate(t *testing.T) {
	base := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).UnixMilli()
	at := func(sec int64, v float64) datasource.Point { return datasource.Point{MS: base + sec*1000, V: v} }
	bar := func(sec int64, o, h, l, c float64) Bar {
		return Bar{MS: base + sec*1000, Open: o, High: h, Low: l, Close: c}
	}
	for _, c := range []struct {
		name string
		in   []datasource.Point
		want []Bar
	}{
		{"nothing", nil, nil},
		{"one", []datasource.Point{at(5, 1)}, []Bar{bar(0, 1, 1, 1, 1)}},
		{"ohlc", []datasource.Point{at(0, 2), at(10, 5), at(20, 1), at(59, 3)}, []Bar{bar(0, 2, 5, 1, 3)}},
		{"opens at the close before", []datasource.Point{at(0, 2), at(60, 5)}, []Bar{bar(0, 2, 2, 2, 2), bar(60, 2, 5, 2, 5)}},
		{"not over a gap", []datasource.Point{at(0, 2), at(120, 5)}, []Bar{bar(0, 2, 2, 2, 2), bar(120, 5, 5, 5, 5)}},
		{"late ticks", []datasource.Point{at(60, 2), at(0, 9)}, []Bar{bar(60, 2, 9, 2, 9)}},
		{"no numbers", []datasource.Point{at(0, math.NaN()), at(1, math.Inf(1))}, nil},
	} {
		got := Aggregate(c.in, time.Minute, 0)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: candle %d is %+v, want %+v", c.name, i, got[i], c.want[i])
			}
		}
	}
	// A day begins at midnight where the viewer is.
	days := Aggregate([]datasource.Point{at(0, 1)}, 24*time.Hour, 5*3600_000)
	if want := time.Date(2026, 11, 22, 19, 0, 0, 0, time.UTC).UnixMilli(); days[0].MS != want {
		t.Errorf("the day begins at %v", time.UnixMilli(days[0].MS).UTC())
	}
	if got := Aggregate([]datasource.Point{{MS: -1, V: 1}}, time.Minute, 0); got[0].MS != -60_000 {
		t.Errorf("before 1970 the minute begins at %d", got[0].MS)
	}
}

func ticksOf(v *datasource.Value, name string) ([]datasource.Point, bool) {
	h := historyOf(v, name)
	return h.points, h.usable
}

func TestTicks(t *testing.T) {
	msg := func(ago time.Duration, v datasource.Value) datasource.Message {
		return datasource.Message{At: widgettest.Now.Add(-ago), Value: v}
	}
	v := &datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{
		msg(0, widgettest.Object("bid", "3", "ask", "4")), msg(time.Second, widgettest.Num("2")), msg(2*time.Second, widgettest.Text("hello")),
		msg(3*time.Second, widgettest.Object("price", "1", "ts", "1700000000")),
	}}
	pts, ok := ticksOf(v, "")
	if !ok || len(pts) != 3 || pts[0].V != 1 || pts[0].MS != 1700000000_000 || pts[2].V != 3.5 {
		t.Errorf("ticks are %v", pts)
	}
	if pts, _ := ticksOf(v, "ask"); len(pts) != 2 || pts[1].V != 4 {
		t.Errorf("the asks are %v", pts)
	}
	if _, ok := ticksOf(&datasource.Value{Type: datasource.TypeObject}, ""); ok {
		t.Error("an object has prices")
	}
}

// TestDirectionWithoutColour: the same candle, up and down, differs in shape
// with every set of symbols.
func TestDirectionWithoutColour(t *testing.T) {
	w := mustNew(t, Spec{Data: "p"})
	draw := func(sym theme.Symbols, values ...float64) string {
		v := datasource.Value{Type: datasource.TypeSeries, Points: series(time.Second, values...)}
		f := widgettest.Context(30, 10, widgettest.Snapshot(widgettest.Live("p", v)), theme.ProfileNone)
		f.Theme = theme.Compile(nil, theme.ProfileNone, sym)
		return w.Render(f)
	}
	for _, sym := range []theme.Symbols{theme.Braille, theme.Block, theme.ASCII} {
		up, down := draw(sym, 1, 0, 3, 2), draw(sym, 2, 0, 3, 1)
		body := func(s string) bool { return strings.ContainsAny(s, "█#") }
		if body(up) || !body(down) {
			t.Errorf("%v: up and down look alike\n%s\n%s", sym, up, down)
		}
	}
}

// TestBodiesAreOfOneWidth: where colour tells the direction, the same candle, up
// and down, differs in colour alone; where it does not, because all is dim or it
// is the crosshair's, in shape.
func TestBodiesAreOfOneWidth(t *testing.T) {
	w := mustNew(t, Spec{Data: "p"})
	draw := func(profile theme.Profile, s datasource.State, view widgets.View, values ...float64) (shown, plain string) {
		v := datasource.Value{Type: datasource.TypeSeries, Points: series(time.Second, values...)}
		f := widgettest.Context(30, 10, widgettest.Snapshot(widgettest.In(s, "p", v)), profile)
		f.View = view
		got := w.Render(f)
		_, body, _ := strings.Cut(got, "\n") // without the close in the title
		return body, ansi.Strip(body)
	}
	for _, profile := range []theme.Profile{theme.Profile16, theme.Profile256, theme.ProfileTrue} {
		for _, c := range []struct {
			name  string
			state datasource.State
			view  widgets.View
			same  bool
		}{
			{"live", datasource.StateLive, widgets.View{}, true},
			{"stale", datasource.StateStale, widgets.View{}, false},
			{"crosshair", datasource.StateLive, widgets.View{Cross: 1}, false},
		} {
			up, upPlain := draw(profile, c.state, c.view, 1, 0, 3, 2)
			down, downPlain := draw(profile, c.state, c.view, 2, 0, 3, 1)
			if up == down || (upPlain == downPlain) != c.same || c.same && !strings.ContainsAny(upPlain, "█▀▄") {
				t.Errorf("%v, %s: up\n%s\ndown\n%s", profile, c.name, up, down)
			}
			if !strings.ContainsAny(upPlain, "│╵╷") {
				t.Errorf("%v, %s: no wick\n%s", profile, c.name, up)
			}
		}
	}
}

// TestWicksAreJoined: no wick of a candle of blocks hangs in the air.
func TestWicksAreJoined(t *testing.T) {
	for high := range 8 {
		for top := high; top < 8; top++ {
			for bottom := top; bottom < 8; bottom++ {
				for low := bottom; low < 8; low++ {
					c := shape{high, top, bottom, low}
					var col []rune
					for y := high / 2; y <= low/2; y++ {
						col = append(col, asBlock(c.joinBody().cellAt(2*y)))
					}
					for i, r := range col {
						above, below := r != '▄', r != '▀'
						if i > 0 && !above || i < len(col)-1 && !below {
							t.Errorf("%+v is drawn as %q", c, string(col))
						}
					}
				}
			}
		}
	}
}

// TestLabelsAreWhole: the labels' width depends on the candles beside them; at
// no width is a label cut at its left.
func TestLabelsAreWhole(t *testing.T) {
	v := widgettest.Series(400, 15*time.Second, widgettest.Walk(5, 1.0842, 0, 0.00012, 5))
	data := widgettest.Snapshot(widgettest.Live("price.EURUSD", v))
	w := mustNew(t, Spec{Data: "price.EURUSD"})
	for width := minMargin + 4; width < 200; width++ {
		for _, height := range []int{8, 13, 30} {
			got := ansi.Strip(w.Render(widgettest.Context(width, height, data, theme.ProfileNone)))
			for l := range strings.SplitSeq(got, "\n") {
				fields := strings.Fields(strings.Trim(l, "│ "))
				if len(fields) == 0 {
					continue
				}
				first := fields[len(fields)-1]
				if strings.Contains(first, ".") && !strings.HasPrefix(first, "1.") {
					t.Fatalf("%d×%d: a label is cut:\n%s", width, height, got)
				}
			}
		}
	}
}

func TestKeys(t *testing.T) {
	w := mustNew(t, Spec{Data: "price.XAUUSD"})
	f := widgettest.Context(90, 13, gold(datasource.StateLive), theme.ProfileNone)
	for _, c := range []struct {
		act  widgets.Action
		want string
	}{
		{widgets.ActNone, "· 1m"},
		{widgets.ActInterval, "· 5m"},
		{widgets.ActLonger, "· 15m"},
		{widgets.ActShorter, "· 5m"},
		{widgets.ActLeft, " 09:30 "},
		{widgets.ActLeft, " 09:25 "},
		{widgets.ActRight, " 09:30 "},
		{widgets.ActTop, " 07:30 "},
	} {
		f.View = w.Act(f, c.act, 0)
		lines := strings.Split(ansi.Strip(w.Render(f)), "\n")
		if got := lines[0] + lines[1]; !strings.Contains(got, c.want) {
			t.Errorf("after action %d: %s, want %q", c.act, got, c.want)
		}
	}
	for range 20 {
		f.View = w.Act(f, widgets.ActInterval, 0)
	}
	if i := w.intervalOf(f.View); i < 10*time.Second || i > 24*time.Hour {
		t.Errorf("the interval key went to %v", i)
	}
}

// TestBars_OfOneTime: a bar that its producer writes again while it grows is one
// bar, as it was written last; its volumes are not added up.
func TestBars_OfOneTime(t *testing.T) {
	h := history{bars: []Bar{{MS: 1, Close: 2, Volume: 5}, {MS: 1, Close: 3, Volume: 9}, {MS: 2, Close: 4, Volume: 1}}}
	got := lastOfEach(h.bars)
	if len(got) != 2 || got[0].Volume != 9 || got[0].Close != 3 || got[1].Close != 4 {
		t.Errorf("got %+v", got)
	}
}
