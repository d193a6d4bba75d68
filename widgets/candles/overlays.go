package candles

import (
	"slices"
	"strings"

	"ticktop/widgets"
	"ticktop/widgets/indicators"
)

// offered are the indicators that can be switched on beside the configured ones.
var offered = [...]struct{ name, text string }{
	{"ema 20", "exponential average"}, {"sma 50", "simple average"}, {"vwap", "average price by volume"},
	{"bollinger 20", "bands of two deviations"}, {"rsi 14", "relative strength"}, {"macd", "difference of averages"}, {"atr 14", "average true range"},
}

// shownIndicators returns what is on in a view: the configured indicators, but
// for what the session has switched.
func (w *Widget) shownIndicators(v widgets.View) []indicators.Indicator {
	if v.Overlays == "" {
		return w.indicators
	}
	out := slices.Clone(w.indicators)
	for _, s := range strings.Split(v.Overlays, ",") {
		if len(s) < 2 {
			continue
		}
		in, err := indicators.Parse(s[1:])
		if err != nil {
			continue
		}
		out = slices.DeleteFunc(out, func(o indicators.Indicator) bool { return o == in })
		if s[0] == '+' {
			out = append(out, in)
		}
	}
	return out
}

// Overlays implements widgets.Overlaid.
func (w *Widget) Overlays(v widgets.View) []widgets.Overlay {
	shown := w.shownIndicators(v)
	on := func(in indicators.Indicator) bool { return slices.Contains(shown, in) }
	var out []widgets.Overlay
	for _, in := range w.indicators {
		out = append(out, widgets.Overlay{Name: in.String(), Text: "configured", On: on(in)})
	}
	for _, o := range offered {
		if in, err := indicators.Parse(o.name); err == nil && !slices.Contains(w.indicators, in) {
			out = append(out, widgets.Overlay{Name: in.String(), Text: o.text, On: on(in)})
		}
	}
	return out
}

// SwitchOverlay implements widgets.Overlaid.
func (w *Widget) SwitchOverlay(v widgets.View, name string) widgets.View {
	in, err := indicators.Parse(name)
	if err != nil {
		return v
	}
	parts := slices.DeleteFunc(strings.Split(v.Overlays, ","), func(s string) bool { return s == "" || s[1:] == name })
	configured := slices.Contains(w.indicators, in)
	switch on := slices.Contains(w.shownIndicators(v), in); {
	case on && configured:
		parts = append(parts, "-"+name)
	case !on && !configured:
		parts = append(parts, "+"+name)
	}
	v.Overlays = strings.Join(parts, ",")
	return v
}
