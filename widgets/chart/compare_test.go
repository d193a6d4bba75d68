package chart

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

var compared = Spec{Data: "price", Title: "Compared", Percent: true, Symbols: []string{"EURUSD", "GBPUSD", "USDJPY", "XAUUSD", "US500"}}

func TestCompare_Golden(t *testing.T) {
	w := mustNew(t, compared)
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for name, size := range map[string][2]int{"wide": {90, 16}, "narrow": {50, 14}} {
			f := widgettest.Context(size[0], size[1], widgettest.Desk(datasource.StateLive), profile)
			f.Selected, f.View.Cross = datasource.Clean("XAUUSD", 0), 20
			widgettest.Golden(t, "compared-"+name+"-"+profile.String(), w.Render(f), size[0], size[1])
		}
	}
	widgettest.Sweep(t, w, widgettest.Desk(datasource.StateFallback), widgettest.Desk(datasource.StateStale))
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateLive))
}

// TestCompare_NamesEveryLine: where there is space, each line that is drawn has
// its name beside its end or in the legend.
func TestCompare_NamesEveryLine(t *testing.T) {
	w := mustNew(t, Spec{Data: "price", Percent: true})
	for _, size := range [][2]int{{90, 18}, {160, 30}, {56, 24}} {
		got := text(w, widgettest.Context(size[0], size[1], widgettest.Desk(datasource.StateLive), theme.ProfileNone))
		for _, s := range widgettest.Symbols() {
			if strings.Count(got, s) != 1 {
				t.Errorf("%v: %s is named %d times:\n%s", size, s, strings.Count(got, s), got)
			}
		}
		if strings.Contains(got, "more") {
			t.Errorf("%v: lines are left out:\n%s", size, got)
		}
	}
}

func TestCompare_Choose(t *testing.T) {
	w := mustNew(t, compared)
	f := widgettest.Context(90, 18, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	on := func() (names []string) {
		for _, o := range w.Overlays(f) {
			if o.On {
				names = append(names, o.Name)
			}
		}
		return names
	}
	if got := strings.Join(on(), " "); got != strings.Join(compared.Symbols, " ") {
		t.Errorf("at first %q", got)
	}
	f.View = w.SwitchOverlay(f.View, "BTCUSD")
	f.View = w.SwitchOverlay(f.View, "GBPUSD")
	got := text(w, f)
	if !strings.Contains(got, "BTCUSD") || strings.Contains(got, "GBPUSD") || strings.Join(on(), " ") != "EURUSD USDJPY XAUUSD BTCUSD US500" {
		t.Errorf("after switching %q:\n%s", on(), got)
	}
	f.View = w.SwitchOverlay(w.SwitchOverlay(f.View, "BTCUSD"), "GBPUSD")
	if got := strings.Join(on(), " "); got != strings.Join(compared.Symbols, " ") {
		t.Errorf("switched back %q", got)
	}
	for _, s := range compared.Symbols {
		f.View = w.SwitchOverlay(f.View, s)
	}
	if got := text(w, f); !strings.Contains(got, "no line is switched on") {
		t.Errorf("nothing is chosen:\n%s", got)
	}
}

func TestLog(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity", Log: true})
	v := widgettest.Series(200, time.Second, func(i int) float64 { return float64(int64(1) << (i / 10)) })
	f := widgettest.Context(60, 16, equity(v), theme.ProfileNone)
	got := text(w, f)
	if !strings.Contains(got, "· log") || !strings.Contains(got, "100 ") || !strings.Contains(got, "10,000 ") {
		t.Errorf("not a logarithmic scale:\n%s", got)
	}
	f.View = w.SwitchOverlay(f.View, "log scale")
	if got := text(w, f); strings.Contains(got, "log") {
		t.Errorf("switched off:\n%s", got)
	}
	f.Data = equity(widgettest.Series(20, time.Second, func(i int) float64 { return float64(i - 10) }))
	f.View = widgets.View{}
	if got := text(w, f); strings.Contains(got, "log") {
		t.Errorf("there is no logarithm below zero:\n%s", got)
	}
}

func TestCrossAt(t *testing.T) {
	w := mustNew(t, Spec{Data: "equity"})
	f := widgettest.Context(90, 14, equity(widgettest.Equity()), theme.ProfileNone)
	v, ok := w.CrossAt(f, 45, 5)
	if f.View = v; !ok || v.Cross < 50 || v.Cross > 200 {
		t.Fatalf("in the middle: %+v %v", v, ok)
	}
	if got := text(w, f); !strings.Contains(got, " 07:") && !strings.Contains(got, " 08:") {
		t.Errorf("no reading:\n%s", got)
	}
	if v, ok := w.CrossAt(f, 3, 5); !ok || v.Cross != 0 {
		t.Errorf("on the axis: %+v %v", v, ok)
	}
	for _, at := range [][2]int{{0, 0}, {45, 13}, {95, 5}, {-3, -3}} {
		if _, ok := w.CrossAt(f, at[0], at[1]); ok {
			t.Errorf("at %v there is a line", at)
		}
	}
}
