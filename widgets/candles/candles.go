// Package candles draws the prices of one symbol as open, high, low and close
// of equal spans of time, with what a trader lays over them: volume, averages,
// the last price, and the own entry, stop, target and orders.
package candles

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/hours"
	"ticktop/widgets/indicators"
)

// Kind is the widget's name in the configuration.
const Kind = "candles"

// Spec configures the widget.
type Spec struct {
	Data       string        `yaml:"data" doc:"a series of prices, bars, or ticks: \"price.XAUUSD\"; a group (\"price\") follows the selected symbol"`
	Title      string        `yaml:"title" doc:"from the datum's name when empty"`
	Interval   time.Duration `yaml:"interval" doc:"of one candle at first; 1 minute when 0"`
	Field      string        `yaml:"field" doc:"of a tick: its price; price, last, mid, or between bid and ask when empty"`
	Format     string        `yaml:"format" doc:"of the prices, as in field.Parse"`
	Quote      string        `yaml:"quote" doc:"quotes whose price is the last one, and whose open, high and low are the day's"`
	Positions  string        `yaml:"positions" doc:"own positions: lines at entry, stop and target"`
	Orders     string        `yaml:"orders" doc:"own orders: lines at their price"`
	Indicators []string      `yaml:"indicators" doc:"\"ema 20\", \"sma 50\", \"vwap\", \"bollinger 20\", \"rsi 14\", \"macd\", \"atr 14\""`
	NoVolume   bool          `yaml:"no_volume" doc:"leaves the volume out"`
	Log        bool          `yaml:"log" doc:"a logarithmic scale at first"`
	Area       bool          `yaml:"area" doc:"the closes as an area instead of candles"`
	Sessions   []string      `yaml:"sessions" doc:"exchanges whose opening is marked: TYO, LON, NYC, SYD, HKG, SGP, BOM, FRA, PAR, CHI, or a name with its zone and hours: \"XETRA Europe/Berlin 09:00-17:30\""`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec       Spec
	title      datasource.Safe
	format     field.Format
	intervals  []time.Duration
	base       int // index in intervals of spec.Interval
	indicators []indicators.Indicator
	sessions   []hours.Session
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
	_ widgets.Linked  = (*Widget)(nil)
	_ widgets.Crosser = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("candles: data is missing: name a series of prices, for example data: price.XAUUSD")
	}
	if s.Interval == 0 {
		s.Interval = time.Minute
	}
	if s.Interval < time.Second {
		return nil, fmt.Errorf("candles: interval %v is shorter than a second", s.Interval)
	}
	format, err := field.Parse(s.Format, datasource.Group(s.Data))
	if err != nil {
		return nil, fmt.Errorf("candles: %w", err)
	}
	w := &Widget{spec: s, format: format, title: datasource.Clean(s.Title, 80)}
	for _, text := range s.Indicators {
		in, err := indicators.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("candles: %w", err)
		}
		w.indicators = append(w.indicators, in)
	}
	for _, text := range s.Sessions {
		session, err := hours.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("candles: %w", err)
		}
		w.sessions = append(w.sessions, session)
	}
	w.intervals, w.base = intervalLadder(s.Interval)
	return w, nil
}

// intervalLadder returns what the interval key steps through, the configured one
// among them, and its index.
func intervalLadder(configured time.Duration) (all []time.Duration, base int) {
	all = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour,
		4 * time.Hour, 24 * time.Hour}
	i, found := slices.BinarySearch(all, configured)
	if !found {
		all = slices.Insert(all, i, configured)
	}
	return all, i
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe {
	if !w.title.Empty() {
		return w.title
	}
	return datasource.Clean(field.TitleOf(w.spec.Data), 80)
}

// Data implements widgets.Widget.
func (w *Widget) Data() []string {
	names := []string{w.spec.Data}
	for _, name := range []string{w.spec.Quote, w.spec.Positions, w.spec.Orders} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Follows implements widgets.Linked: a group shows the selected symbol.
func (w *Widget) Follows() bool { return !strings.Contains(w.spec.Data, ".") }

// Selects implements widgets.Linked: a chart drives nothing.
func (w *Widget) Selects(widgets.Context) (datasource.Safe, bool) { return datasource.Safe{}, false }

// shownSymbol returns the element that is shown, and the name of its datum: the
// selected one of a group, the first when nothing is selected.
func (w *Widget) shownSymbol(f *widgets.Context) (element, name string) {
	if !w.Follows() {
		return datasource.Item(w.spec.Data), w.spec.Data
	}
	if want := f.Selected.String(); want != "" {
		if name = w.spec.Data + "." + want; f.Data.Get(name) != nil {
			return want, name
		}
	}
	name = w.spec.Data
	found := false
	f.Data.Each(w.spec.Data, func(item string, _ *datasource.Entry) {
		if !found {
			name, found = item, true
		}
	})
	return datasource.Item(name), name
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 28, 8 }

// intervalOf is the length of a candle in a view.
func (w *Widget) intervalOf(v widgets.View) time.Duration { return w.intervals[w.rungOf(v)] }

func (w *Widget) rungOf(v widgets.View) int {
	return max(0, min(len(w.intervals)-1, w.base+max(-64, min(64, v.Range))))
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action {
	return []widgets.Action{widgets.ActInterval, widgets.ActShorter, widgets.ActLonger, widgets.ActLeft, widgets.ActRight,
		widgets.ActTop, widgets.ActBottom, widgets.ActZoomIn, widgets.ActZoomOut}
}

// The zoom moves the candles apart, or together.
const (
	minZoom = -1
	maxZoom = 3
)

// Act implements widgets.Actor. The interval key goes round; '[' and ']' go to
// the shorter and the longer one; zoom sets the candles apart; left and right
// move the crosshair by a candle.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	v, rung := f.View, w.rungOf(f.View)
	v.Zoom = max(minZoom, min(maxZoom, v.Zoom))
	total := len(w.lookAt(&f).bars)
	v.Cross = max(0, min(v.Cross, total))
	switch a {
	case widgets.ActInterval:
		v.Range, v.Cross = (rung+1)%len(w.intervals)-w.base, 0
	case widgets.ActShorter:
		v.Range, v.Cross = max(rung-1, 0)-w.base, 0
	case widgets.ActLonger:
		v.Range, v.Cross = min(rung+1, len(w.intervals)-1)-w.base, 0
	case widgets.ActZoomIn:
		v.Zoom = min(v.Zoom+1, maxZoom)
	case widgets.ActZoomOut:
		v.Zoom = max(v.Zoom-1, minZoom)
	case widgets.ActLeft:
		v.Cross = min(v.Cross+1, total)
	case widgets.ActRight:
		v.Cross = max(v.Cross-1, 0)
	case widgets.ActTop:
		v.Cross = total
	case widgets.ActBottom:
		v.Cross = 0
	}
	return v
}

// Target implements widgets.Pointer.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	_, name := w.shownSymbol(&f)
	return widgets.Target{Name: name, Row: -1}, f.Data.Get(name) != nil
}

// RowAt implements widgets.Pointer: candles are no rows.
func (w *Widget) RowAt(widgets.Context, int) (int, bool) { return 0, false }
