// Package account draws the state of an account: a line for each figure, with
// its sign and where it moved, and gauges for what has a limit.
package account

import (
	"fmt"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "account"

// Spec configures the widget.
type Spec struct {
	Data   string  `yaml:"data" doc:"the datum, an object: account"`
	Title  string  `yaml:"title" doc:"Account when empty"`
	Fields []Field `yaml:"fields" doc:"what is shown, in order; all fields in the usual order when empty"`
	Rest   bool    `yaml:"rest" doc:"show the other fields after these"`
	Gauges []Gauge `yaml:"gauges" doc:"margin use and day loss, where their fields are there, when empty"`
	Plain  bool    `yaml:"plain" doc:"no gauges"`
}

// Field is one line.
type Field struct {
	Field  string `yaml:"field" doc:"name, dotted inside objects"`
	Label  string `yaml:"label" doc:"made from the name when empty"`
	Format string `yaml:"format" doc:"text, number, fixed, money, signed, percent, change, ratio, bps, price, count, volume, duration, compact, time or side, then :decimals or :unit; by the name when empty"`
}

// Gauge is one line that shows a figure against its limit.
type Gauge struct {
	Label string  `yaml:"label" doc:"label before the bar: Margin use"`
	Field string  `yaml:"field" doc:"the figure; a per cent when there is no limit"`
	Limit string  `yaml:"limit" doc:"the field of the limit"`
	Max   float64 `yaml:"max" doc:"or the limit itself"`
	Loss  bool    `yaml:"loss" doc:"the figure counts when it is below zero"`
	Warn  float64 `yaml:"warn" doc:"per cent from which it is a warning; 50 when 0"`
	Bad   float64 `yaml:"bad" doc:"per cent from which it is critical; 80 when 0"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	widgets.Base
	spec   Spec
	forms  []field.Format // of Spec.Fields
	labels []string       // of Spec.Fields
	gauges []Gauge
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
	_ widgets.Fitter  = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("account: data is missing: name the datum of the account, for example data: account")
	}
	if s.Title == "" {
		s.Title = "Account"
	}
	w := &Widget{spec: s, Base: widgets.NewBase(Kind, s.Title, s.Data), gauges: s.Gauges}
	for i, x := range s.Fields {
		if x.Field == "" {
			return nil, fmt.Errorf("account: fields[%d]: field is missing", i)
		}
		form, err := field.Parse(x.Format, x.Field)
		if err != nil {
			return nil, fmt.Errorf("account: fields: %s: %w", x.Field, err)
		}
		label := x.Label
		if label == "" {
			label = field.Label(x.Field[strings.LastIndexByte(x.Field, '.')+1:])
		}
		w.forms = append(w.forms, form)
		w.labels = append(w.labels, datasource.Clean(label, datasource.MaxCell).String())
	}
	if len(w.gauges) == 0 && !s.Plain {
		w.gauges = usualGauges
	}
	for i := range s.Gauges {
		if err := s.Gauges[i].checkSpec(); err != nil {
			return nil, fmt.Errorf("account: gauges[%d]: %w", i, err)
		}
	}
	return w, nil
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 28, 7 }

// Fit implements widgets.Fitter: its fields and gauges, where they are given.
// Of the usual gauges an account has two at most.
func (w *Widget) Fit(func(string) int) int {
	if len(w.spec.Fields) == 0 || w.spec.Rest {
		return 0
	}
	return 2 + len(w.spec.Fields) + min(len(w.gauges), max(len(w.spec.Gauges), 2))
}
