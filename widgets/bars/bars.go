// Package bars draws named numbers as horizontal bars from a common zero: the
// profit of each symbol, the exposure of each currency.
package bars

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/measure"
	"ticktop/widgets/theme"
)

// Kind is the widget's name in the configuration.
const Kind = "bars"

// Spec configures the widget.
type Spec struct {
	Data   string `yaml:"data"`   // a list of objects, an object of numbers, or a group: "positions"
	Title  string `yaml:"title"`  // from the field's and the datum's name when empty
	Label  string `yaml:"label"`  // the field that names a row; symbol or name when empty
	Field  string `yaml:"field"`  // the field that holds the number; the first profit or change when empty
	Format string `yaml:"format"` // of the numbers, as in field.Parse; guessed from the field's name when empty
	Sort   string `yaml:"sort"`   // value (largest first, the default), size (without the sign), label, none
}

var sorts = []string{"value", "size", "label", "none"}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec   Spec
	title  datasource.Safe
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
	w := &Widget{spec: s, format: format, title: datasource.Clean(s.Title, 80)}
	if s.Title == "" {
		w.title = datasource.Clean(field.Label(s.Data), 80)
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return []string{w.spec.Data} }

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

func (w *Widget) lookAt(f *widgets.Frame) look {
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
func (w *Widget) Act(f widgets.Frame, a widgets.Action, _ rune) widgets.View {
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
func (w *Widget) Target(f widgets.Frame) (widgets.Target, bool) {
	k := w.lookAt(&f)
	if k.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	it := k.items[k.win.Cursor]
	return widgets.Target{Name: it.Name, Field: it.Field, Row: it.Row}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Frame, y int) (int, bool) {
	k := w.lookAt(&f)
	return k.win.At(y - list.Top(f))
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Frame) string {
	k := w.lookAt(&f)
	head := draw.Head{Title: w.title, Focused: f.Focused}
	head.Note, head.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if k.filter.Active() || k.win.Lines < k.win.Total {
		head.Extra = k.win.Extra(k.all, k.filter)
	}
	if f.View.Sort != "" {
		head.Extra += " · by " + k.order
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case len(k.entries) == 0:
		p.Absent(w.spec.Data, nil, f.Now)
	case len(k.entries) == 1 && !k.entries[0].Known():
		p.Absent(w.spec.Data, k.entries[0], f.Now)
	case k.filter.Active() && len(k.items) == 0:
		p.Say("", theme.Label, "nothing matches "+k.filter.String())
	case k.all == 0:
		p.Say("", theme.Label, "nothing to show: the list is empty")
	default:
		g := w.grid(&k, &f, p.Width())
		for i := k.win.First; i < k.win.End(); i++ {
			if f.Focused && i == k.win.Cursor {
				p.On(theme.Selected)
			}
			w.line(p, &k.items[i], &g, &f)
		}
	}
	return p.String()
}

// grid is the widths of the columns; 0 is left out.
type grid struct {
	label, value int
	left, right  int     // cells of the bars on both sides of zero
	most         float64 // the number that fills the longer side
	marks        bool
}

const (
	gap    = 2
	minBar = 6
)

func (w *Widget) grid(k *look, f *widgets.Frame, width int) (g grid) {
	for i := k.win.First; i < k.win.End(); i++ {
		it := &k.items[i]
		g.label = max(g.label, draw.Width(it.Label))
		if it.OK {
			g.value = max(g.value, len(w.value(it, f)))
		}
		g.marks = g.marks || len(k.entries) > 1 && draw.StateOf(it.Entry) != datasource.StateLive
	}
	if f.Private && w.format.Class.Private() {
		g.value = draw.Width(draw.Hidden(f.Theme))
	}
	g.label = min(g.label, max(width/3, 4), width)
	g.value = min(g.value, max(width-g.label-1, 0))
	bar := width - g.label - g.value - 2*gap
	if g.marks {
		bar -= 2
	}
	if g.most = k.hi - k.lo; bar < minBar || g.most <= 0 || math.IsInf(g.most, 0) {
		return g
	}
	g.left = int(math.Round(float64(bar) * -k.lo / g.most))
	if k.lo < 0 {
		g.left = max(g.left, 2)
	}
	g.right = bar - g.left
	if k.hi > 0 && g.right < 2 {
		g.left, g.right = bar-2, 2
	}
	return g
}

// line draws one bar.
func (w *Widget) line(p *draw.Panel, it *measure.Item, g *grid, f *widgets.Frame) {
	p.Cell(draw.Faded(it.Entry, theme.Text), it.Label, g.label)
	if !it.OK {
		p.Skip(gap).Mark(it.Entry).Skip(1).Lit(theme.Dim, why(it))
		p.EndLine()
		return
	}
	x := it.Num.Float()
	role := draw.Faded(it.Entry, theme.Direction(draw.Sign(it.Num), false))
	bar := draw.Faded(it.Entry, draw.GraphRole(f.Theme, draw.Sign(it.Num)))
	if g.left+g.right > 0 {
		p.Skip(gap)
		p.Bar(bar, share(-x, g.most, g.left, g), g.left, true)
		p.Bar(bar, share(x, g.most, g.right, g), g.right, false)
	}
	end := p.Width()
	if g.marks {
		end -= 2
	}
	p.To(end - g.value)
	if f.Private && w.format.Class.Private() {
		p.Right(draw.Faded(it.Entry, theme.Dim), draw.Hidden(f.Theme), g.value)
	} else {
		p.Number(role, it.Num, w.format.For(it.Num), g.value)
	}
	if g.marks {
		p.Skip(1).Mark(it.Entry)
	}
	p.EndLine()
}

// share is how much of a side's cells a number fills.
func share(x, most float64, cells int, g *grid) float64 {
	if x <= 0 || cells == 0 {
		return 0
	}
	return x / most * float64(g.left+g.right) / float64(cells)
}

func (w *Widget) value(it *measure.Item, f *widgets.Frame) string {
	if f.Private && w.format.Class.Private() {
		return ""
	}
	return draw.FormatNumber(it.Num, w.format.For(it.Num))
}

// why says in a few words why an item has no bar.
func why(it *measure.Item) string {
	switch {
	case it.Entry == nil:
		return "loading"
	case !it.Entry.Known():
		if c := draw.Cause(it.Entry); c != "" {
			return c
		}
		return it.Entry.State.String()
	default:
		return "no number"
	}
}
