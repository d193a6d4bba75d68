// Package chart draws time series as lines of dots, with a value axis, a time
// axis, gaps that stay gaps and spikes that stay spikes.
package chart

import (
	"fmt"
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "chart"

// Spec configures the widget.
type Spec struct {
	Data    string        `yaml:"data" doc:"a series, or a group of series: equity, price"`
	More    []string      `yaml:"more" doc:"other series, drawn over it"`
	Title   string        `yaml:"title" doc:"the datum's name when empty"`
	Range   time.Duration `yaml:"range" doc:"how far back at first; all there is when 0"`
	Format  string        `yaml:"format" doc:"of the values, by name: text, number, fixed, money, signed, percent, ratio, price, count, volume, duration, compact; guessed from the datum's name when empty"`
	Percent bool          `yaml:"percent" doc:"draw each series as its change in per cent since the left edge"`
	Symbols []string      `yaml:"symbols" doc:"of a group: those that are shown at first; the first twelve when empty"`
	Log     bool          `yaml:"log" doc:"a logarithmic scale at first; not with percent"`
	Gap     float64       `yaml:"gap" doc:"a hole of so many usual distances is a gap; 5 when 0, negative for none"`
}

// defaultGap is how many usual distances make a gap: a producer that misses
// one or two beats is late, not gone.
const defaultGap = 5

// maxLines bounds the series of one chart: four colours, each as a line, as
// dashes and as dots, can be told apart. The legend says how many are left out.
const maxLines = 12

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec   Spec
	title  datasource.Safe
	data   []string
	format field.Format
	money  bool            // hidden in private mode
	ranges []time.Duration // shortest first; the last is 0, all there is
	base   int             // index in ranges of spec.Range
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
		return nil, fmt.Errorf("chart: data is missing: name a series, for example data: equity")
	}
	if s.Range < 0 {
		return nil, fmt.Errorf("chart: range %v is negative", s.Range)
	}
	format, err := field.Parse(s.Format, datasource.Group(s.Data))
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	if s.Gap == 0 {
		s.Gap = defaultGap
	}
	w := &Widget{spec: s, data: append([]string{s.Data}, s.More...), format: format, money: format.Class.Private() && !s.Percent}
	if w.title = datasource.Clean(s.Title, 80); s.Title == "" {
		w.title = datasource.Clean(field.TitleOf(s.Data), 80)
	}
	w.ranges, w.base = rangeLadder(s.Range)
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return slices.Clone(w.data) }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 30, 8 }

// Follows implements widgets.Linked: a comparison marks the selected symbol.
func (w *Widget) Follows() bool { return w.spec.Percent }

// Selects implements widgets.Linked: a chart drives nothing.
func (w *Widget) Selects(widgets.Context) (datasource.Safe, bool) { return datasource.Safe{}, false }
