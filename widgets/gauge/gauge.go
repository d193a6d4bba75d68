// Package gauge draws figures against their limits: margin use, daily loss,
// exposure. Each row is a bar with its per cent, calm while there is space.
package gauge

import (
	"fmt"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "gauge"

// Spec configures the widget.
type Spec struct {
	Data  string `yaml:"data" doc:"the object that the fields are of: account"`
	Title string `yaml:"title" doc:"from the datum's name when empty"`
	Rows  []Row  `yaml:"rows" doc:"all fields in per cent when empty"`
}

// Row is one figure and its limit. The share is the figure's size without its
// sign: producers write a loss of 580 as 580 and as -580.
type Row struct {
	Field    string  `yaml:"field" doc:"of the object, dotted"`
	Label    string  `yaml:"label" doc:"made from the field's name when empty"`
	Limit    string  `yaml:"limit" doc:"a number, a field of the object, or DATUM:FIELD; 100 when empty"`
	Warn     float64 `yaml:"warn" doc:"per cent of the limit from which it is a warning; 50 when 0"`
	Critical float64 `yaml:"critical" doc:"per cent from which it is critical; 80 when 0"`
	Low      bool    `yaml:"low" doc:"little is bad: warn and critical are reached from above"`
	Loss     bool    `yaml:"loss" doc:"only what is below zero counts"`
	Format   string  `yaml:"format" doc:"of the figure, by name: text, number, fixed, money, signed, percent, ratio, price, count, volume, duration, compact"`
}

const (
	defaultWarn     = 50
	defaultCritical = 80
	defaultLowWarn  = 50
	defaultLowCrit  = 20
)

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	widgets.Base
	spec Spec
	rows []rule
	data []string
}

// rule is a Row made ready.
type rule struct {
	Row
	label  string
	format field.Format
	fixed  datasource.Number // the limit, when it is a number
	isNum  bool
	datum  string // of the limit, when it is another's field
	limit  string // the limit's field
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
		return nil, fmt.Errorf("gauge: data is missing: name an object, for example data: account")
	}
	w := &Widget{spec: s, Base: widgets.NewBase(Kind, s.Title, s.Data), data: []string{s.Data}}
	if s.Title == "" {
		w.SetTitle(field.TitleOf(s.Data))
	}
	for i, r := range s.Rows {
		rule, err := newRule(r)
		if err != nil {
			return nil, fmt.Errorf("gauge: rows[%d]: %w", i, err)
		}
		if rule.datum != "" && !slices.Contains(w.data, rule.datum) {
			w.data = append(w.data, rule.datum)
		}
		w.rows = append(w.rows, rule)
	}
	return w, nil
}

func newRule(r Row) (rule, error) {
	if r.Field == "" {
		return rule{}, fmt.Errorf("field is missing")
	}
	format, err := field.Parse(r.Format, r.Field)
	if err != nil {
		return rule{}, err
	}
	out := rule{Row: r, format: format, label: datasource.Clean(r.Label, 80).String()}
	if r.Label == "" {
		out.label = datasource.Clean(field.Label(r.Field), 80).String()
	}
	warn, critical := float64(defaultWarn), float64(defaultCritical)
	if r.Low {
		warn, critical = defaultLowWarn, defaultLowCrit
	}
	if out.Warn == 0 {
		out.Warn = warn
	}
	if out.Critical == 0 {
		out.Critical = critical
	}
	if r.Low == (out.Warn < out.Critical) && out.Warn != out.Critical {
		return rule{}, fmt.Errorf("warn %v and critical %v are the wrong way round", out.Warn, out.Critical)
	}
	return out, out.setLimit()
}

// setLimit reads the limit: a number, FIELD or DATUM:FIELD.
func (r *rule) setLimit() error {
	limit := r.Limit
	if limit == "" {
		limit = "100"
	}
	if n, ok := datasource.ParseNumber(limit); ok {
		if !n.Finite() || n.Float() <= 0 {
			return fmt.Errorf("limit %s is not above zero", limit)
		}
		r.fixed, r.isNum = n, true
		return nil
	}
	datum, name, ok := strings.Cut(limit, ":")
	if !ok {
		datum, name = "", limit
	}
	r.datum, r.limit = datum, name
	return nil
}

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return slices.Clone(w.data) }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 28, 2 + max(len(w.rows), 1) }

// Fit implements widgets.Fitter: a line for each row, where they are given.
func (w *Widget) Fit(func(string) int) int {
	if len(w.rows) == 0 {
		return 0
	}
	return 2 + len(w.rows)
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	_, lines := list.Inside(f)
	return list.Move(f.View, a, len(k.gauges), lines)
}

// Target implements widgets.Pointer: the figure under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	k := w.lookAt(&f)
	if k.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	return widgets.Target{Name: w.spec.Data, Field: k.gauges[k.win.Cursor].rule.Field, Row: -1}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	k := w.lookAt(&f)
	return k.win.At(y - list.Top(f))
}
