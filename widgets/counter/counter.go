// Package counter draws counters: the items of a repeated datum or the fields
// of an object, each with its label, its figure and its unit.
package counter

import (
	"fmt"
	"slices"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/facts"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "counter"

// Spec configures the widget.
type Spec struct {
	Data   string  `yaml:"data" doc:"a repeated datum or an object: counter"`
	Title  string  `yaml:"title" doc:"Counters when empty"`
	Fields []Field `yaml:"fields" doc:"which, in order; all when empty"`
}

// Field is one counter.
type Field struct {
	Field  string `yaml:"field" doc:"the item's or the field's name"`
	Label  string `yaml:"label" doc:"made from the name when empty"`
	Format string `yaml:"format" doc:"text, number, fixed, money, signed, percent, change, ratio, bps, price, count, volume, duration, compact, time or side, then :decimals or :unit; by the name when empty"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	widgets.Base
	spec  Spec
	forms []field.Format // of Spec.Fields
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
		return nil, fmt.Errorf("counter: data is missing: name the datum of the counters, for example data: counter")
	}
	if s.Title == "" {
		s.Title = "Counters"
	}
	w := &Widget{spec: s, Base: widgets.NewBase(Kind, s.Title, s.Data)}
	for i, x := range s.Fields {
		if x.Field == "" {
			return nil, fmt.Errorf("counter: fields[%d]: field is missing", i)
		}
		form, err := field.Parse(x.Format, x.Field)
		if err != nil {
			return nil, fmt.Errorf("counter: fields: %s: %w", x.Field, err)
		}
		w.forms = append(w.forms, form)
	}
	return w, nil
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 24, 4 }

// Fit implements widgets.Fitter: a line for each counter, as far as they are
// known beforehand.
func (w *Widget) Fit(items func(string) int) int {
	n := max(items(w.spec.Data), len(w.spec.Fields))
	if n <= 1 {
		return 0
	}
	return 2 + n
}

// readBoard reads a frame.
func (w *Widget) readBoard(f widgets.Context) *facts.Board {
	all := facts.Collect(f.Data, w.spec.Data)
	repeated := len(all) > 0 && all[0].Datum != w.spec.Data
	if len(w.spec.Fields) > 0 && (repeated || facts.Known(all)) {
		all = w.pickListed(all)
	}
	return facts.NewBoard(f, w.Title(), w.spec.Data, all, repeated)
}

// pickListed takes the counters that the spec lists; one that is not there is a fact
// without a value.
func (w *Widget) pickListed(all []facts.Fact) []facts.Fact {
	out := make([]facts.Fact, 0, len(w.spec.Fields))
	for i, x := range w.spec.Fields {
		one := facts.Fact{Datum: w.spec.Data, Path: x.Field, Name: x.Field, Label: field.Label(x.Field), Entry: all[0].Entry}
		if k := slices.IndexFunc(all, func(f facts.Fact) bool { return f.Name == x.Field || f.Path == x.Field }); k >= 0 {
			one = all[k]
		}
		if x.Label != "" {
			one.Label = x.Label
		}
		one.Label = datasource.Clean(one.Label, datasource.MaxCell).String()
		one.Form = w.forms[i]
		out = append(out, one)
	}
	return out
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string { return w.readBoard(f).Render(nil) }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	return w.readBoard(f).Act(a)
}

// Target implements widgets.Pointer: the counter under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) { return w.readBoard(f).Target() }

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) { return w.readBoard(f).RowAt(y) }
