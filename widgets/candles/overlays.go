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

// style is what a session can switch of a chart beside its indicators.
type style struct{ log, area, volume, sessions, days bool }

// switches are these, in the order of the menu.
var switches = [...]struct {
	name, text string
	of         func(*style) *bool
}{
	{"log scale", "equal ratios equally far apart", func(s *style) *bool { return &s.log }},
	{"area", "the closes as an area instead of candles", func(s *style) *bool { return &s.area }},
	{"volume", "what was traded, below the candles", func(s *style) *bool { return &s.volume }},
	{"days", "a line where the day changes", func(s *style) *bool { return &s.days }},
	{"sessions", "lines where exchanges open", func(s *style) *bool { return &s.sessions }},
}

// configuredStyle is the style of the configuration.
func (w *Widget) configuredStyle() style {
	return style{log: w.spec.Log, area: w.spec.Area, volume: !w.spec.NoVolume, days: true, sessions: len(w.sessions) > 0}
}

// styleOf is the style of a view.
func (w *Widget) styleOf(v widgets.View) style {
	s := w.configuredStyle()
	for _, part := range strings.Split(v.Overlays, ",") {
		for i := range switches {
			if len(part) > 1 && part[1:] == switches[i].name {
				*switches[i].of(&s) = part[0] == '+'
			}
		}
	}
	return s
}

// switchStyle returns the view with a part of the style switched; ok is false
// when name isn't one.
func (w *Widget) switchStyle(v widgets.View, name string) (out widgets.View, ok bool) {
	for i := range switches {
		if switches[i].name != name {
			continue
		}
		now, configured := w.styleOf(v), w.configuredStyle()
		parts := slices.DeleteFunc(strings.Split(v.Overlays, ","), func(s string) bool { return s == "" || s[1:] == name })
		if on := !*switches[i].of(&now); on != *switches[i].of(&configured) {
			parts = append(parts, map[bool]string{true: "+", false: "-"}[on]+name)
		}
		v.Overlays = strings.Join(parts, ",")
		return v, true
	}
	return v, false
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
func (w *Widget) Overlays(f widgets.Context) []widgets.Overlay {
	v := f.View
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
	now := w.styleOf(v)
	for i := range switches {
		out = append(out, widgets.Overlay{Name: switches[i].name, Text: switches[i].text, On: *switches[i].of(&now)})
	}
	return out
}

// SwitchOverlay implements widgets.Overlaid.
func (w *Widget) SwitchOverlay(v widgets.View, name string) widgets.View {
	if styled, ok := w.switchStyle(v, name); ok {
		return styled
	}
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
