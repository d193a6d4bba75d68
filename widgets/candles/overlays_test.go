package candles

import (
	"testing"

	"ticktop/widgets"
	"ticktop/widgets/indicators"
)

func TestOverlays(t *testing.T) {
	ema, err := indicators.Parse("ema 20")
	if err != nil {
		t.Fatal(err)
	}
	w := &Widget{indicators: []indicators.Indicator{ema}}
	var v widgets.View
	on := func(name string) bool {
		for _, o := range w.Overlays(widgets.Context{View: v}) {
			if o.Name == name {
				return o.On
			}
		}
		t.Fatalf("%s is not offered", name)
		return false
	}
	for _, c := range []struct {
		name string
		want string
	}{{"rsi 14", "+rsi 14"}, {"ema 20", "+rsi 14,-ema 20"}, {"rsi 14", "-ema 20"}, {"ema 20", ""}, {"nonsense", ""}} {
		if v = w.SwitchOverlay(v, c.name); v.Overlays != c.want {
			t.Errorf("%s: %q, want %q", c.name, v.Overlays, c.want)
		}
	}
	if !on("ema 20") || on("rsi 14") {
		t.Error("not as configured after all was switched back")
	}
	if got := w.shownIndicators(widgets.View{Overlays: ",+,x,+nope 3,"}); len(got) != 1 {
		t.Errorf("from a bad view: %v", got)
	}
}
