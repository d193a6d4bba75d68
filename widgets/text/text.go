// Package text shows any datum as what it is: text, a number, or an object
// with a line for each field, however deep.
package text

import (
	"fmt"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// Kind is the widget's name in the configuration.
const Kind = "text"

// Spec configures the widget.
type Spec struct {
	Data  string `yaml:"data" doc:"the datum, or a repeated one"`
	Title string `yaml:"title" doc:"made from data when empty"`
	Field string `yaml:"field" doc:"only this field, dotted; the whole when empty"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("text: data is missing: name the datum to show")
	}
	if s.Title == "" {
		s.Title = field.TitleOf(s.Data)
	}
	return &Widget{spec: s, title: datasource.Clean(s.Title, 80)}, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return []string{w.spec.Data} }

// view is everything that a frame makes of the data.
type view struct {
	lines   []line // filtered
	all     int
	entries []*datasource.Entry
	filter  list.Filter
	win     list.Window
}

// readFrame reads a frame.
func (w *Widget) readFrame(f widgets.Context) view {
	width, height := list.Inside(f)
	v := view{filter: list.NewFilter(f.View.Filter)}
	f.Data.Each(w.spec.Data, func(name string, e *datasource.Entry) {
		v.entries = append(v.entries, e)
		b := builder{datum: name, entry: e, width: width, now: f.Now, private: f.Private, hidden: draw.Hidden(f.Theme)}
		if name != w.spec.Data {
			b.addHeading(datasource.Clean(datasource.Item(name), datasource.MaxCell).String())
		}
		if value := w.shownValue(e); value != nil {
			b.addValue(value, "", w.spec.Field, 0)
		}
		v.lines = append(v.lines, b.lines...)
	})
	v.all = len(v.lines)
	v.lines = filterLines(v.lines, v.filter)
	v.win = list.Fit(f.View, len(v.lines), height)
	return v
}

// shownValue is the part of an entry that is shown, nil when there isn't one.
func (w *Widget) shownValue(e *datasource.Entry) *datasource.Value {
	if !e.Known() {
		return nil
	}
	return field.At(&e.Value, w.spec.Field)
}

func filterLines(lines []line, filter list.Filter) []line {
	if !filter.Active() {
		return lines
	}
	kept := lines[:0]
	for _, l := range lines {
		if filter.KeepString(l.name + " " + l.text) {
			kept = append(kept, l)
		}
	}
	return kept
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	v := w.readFrame(f)
	head := draw.Head{Title: w.title, Focused: f.Focused}
	known := list.AnyKnown(v.entries)
	if known { // else the panel itself says why
		head.Note, head.NoteRole = draw.Note(v.entries, f.Now, f.Stamps)
		if v.filter.Active() || v.win.Lines < v.win.Total {
			head.Extra = v.win.Extra(v.all, v.filter)
		}
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case !known:
		p.Absent(w.spec.Data, list.Worst(v.entries), f.Now)
		return p.String()
	case len(v.lines) == 0 && v.filter.Active():
		p.Lit(theme.Label, "nothing matches "+v.filter.String()).EndLine()
	case len(v.lines) == 0:
		p.Lit(theme.Label, "no field "+datasource.Clean(w.spec.Field, 80).String()).EndLine()
	}
	for i := range v.win.Lines {
		n := v.win.First + i
		if f.Focused && n == v.win.Cursor {
			p.On(theme.Selected)
		}
		v.lines[n].draw(p)
		p.EndLine()
	}
	return p.String()
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	_, lines := list.Inside(f)
	return list.Move(f.View, a, len(w.readFrame(f).lines), lines)
}

// Target implements widgets.Pointer: the field on the cursor's line.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	v := w.readFrame(f)
	if v.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	l := &v.lines[v.win.Cursor]
	return widgets.Target{Name: l.datum, Field: l.path, Row: l.row}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	v := w.readFrame(f)
	return v.win.At(y - list.Top(f))
}
