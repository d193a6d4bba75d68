// Package bars draws named numbers as horizontal bars from a common zero: the
// profit of each symbol, the exposure of each currency.
package bars

import (
	"fmt"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/measure"
)

// Kind is the widget's name in the configuration.
const Kind = "bars"

// Spec configures the widget.
type Spec struct {
	Data   string `yaml:"data" doc:"a list of objects, an object of numbers, or a group: positions"`
	Title  string `yaml:"title" doc:"from the field's and the datum's name when empty"`
	Label  string `yaml:"label" doc:"the field that names a row; symbol or name when empty"`
	Field  string `yaml:"field" doc:"the field that holds the number; the first profit or change when empty"`
	Format string `yaml:"format" doc:"of the numbers, by name: text, number, fixed, money, signed, percent, ratio, price, count, volume, duration, compact; guessed from the field's name when empty"`
	Sort   string `yaml:"sort" doc:"value (largest first, the default), size (without the sign), label, none"`
}

var sorts = []string{"value", "size", "label", "none"}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	widgets.Base
	spec   Spec
	format field.Format
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("bars: data is missing: name a list or an object of numbers, for example data: positions")
	}
	if s.Sort == "" {
		s.Sort = sorts[0]
	}
	if !slices.Contains(sorts, s.Sort) {
		return nil, fmt.Errorf("bars: unknown sort %q (one of %s)", s.Sort, strings.Join(sorts, ", "))
	}
	name := s.Field
	if name == "" {
		name = "pnl"
	}
	format, err := field.Parse(s.Format, name)
	if err != nil {
		return nil, fmt.Errorf("bars: %w", err)
	}
	w := &Widget{spec: s, format: format, Base: widgets.NewBase(Kind, s.Title, s.Data)}
	if s.Title == "" {
		w.SetTitle(field.TitleOf(s.Data))
	}
	return w, nil
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 30, 4 }

// look is a frame worked out.
type look struct {
	items   []measure.Item // filtered and sorted
	all     int
	entries []*datasource.Entry
	filter  list.Filter
	win     list.Window
	lo, hi  float64 // the extremes, zero between them
	order   string
}

func (w *Widget) lookAt(f *widgets.Context) look {
	k := look{filter: list.NewFilter(f.View.Filter), order: w.spec.Sort}
	k.items, k.entries = measure.Collect(f.Data, measure.Where{Data: w.spec.Data, Label: w.spec.Label, Field: w.spec.Field})
	k.all = len(k.items)
	k.items = slices.DeleteFunc(k.items, func(it measure.Item) bool { return !k.filter.KeepString(it.Label) })
	if slices.Contains(sorts, f.View.Sort) {
		k.order = f.View.Sort
	}
	measure.Sort(k.items, k.order, f.View.Desc)
	for _, it := range k.items {
		if x := it.Num.Float(); it.OK && it.Num.Finite() {
			k.lo, k.hi = min(k.lo, x), max(k.hi, x)
		}
	}
	_, lines := list.Inside(*f)
	k.win = list.Fit(f.View, len(k.items), lines)
	return k
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions(widgets.ActSort, widgets.ActSortFlip) }

// Act implements widgets.Actor: sorting goes through the orders of the spec.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	v := f.View
	switch a {
	case widgets.ActSort:
		v.Sort, v.Desc = sorts[(slices.Index(sorts, k.order)+1)%len(sorts)], false
		return v
	case widgets.ActSortFlip:
		v.Desc = !v.Desc
		return v
	}
	_, lines := list.Inside(f)
	return list.Move(v, a, len(k.items), lines)
}

// Target implements widgets.Pointer: the bar under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	k := w.lookAt(&f)
	if k.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	it := k.items[k.win.Cursor]
	return widgets.Target{Name: it.Name, Field: it.Field, Row: it.Row}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	k := w.lookAt(&f)
	return k.win.At(y - list.Top(f))
}
