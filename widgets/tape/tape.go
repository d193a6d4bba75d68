// Package tape draws time and sales: the trades of one symbol, the newest first,
// with who came to whom: a buyer at the ask, a seller at the bid.
package tape

import (
	"fmt"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "tape"

// Spec configures the widget.
type Spec struct {
	Data  string  `yaml:"data" doc:"trades or ticks: a stream, a list, a channel; a repeated datum shows the selected symbol"`
	Title string  `yaml:"title" doc:"title of the panel; Trades and the symbol when empty"`
	Price string  `yaml:"price" doc:"format of the prices; the decimals of the producer when empty"`
	Size  string  `yaml:"size" doc:"format of the sizes; the decimals of the producer when empty"`
	Least float64 `yaml:"least" doc:"the least size that is shown; all when 0"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
	price field.Format
	size  field.Format
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
	_ widgets.Linked  = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("tape: data is missing: name the trades of a market, for example data: tape")
	}
	if s.Least < 0 {
		return nil, fmt.Errorf("tape: least: %v is negative", s.Least)
	}
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80)}
	var err error
	if w.price, err = field.Parse(s.Price, "price"); err != nil {
		return nil, fmt.Errorf("tape: price: %w", err)
	}
	if w.size, err = field.Parse(s.Size, "size"); err != nil {
		return nil, fmt.Errorf("tape: size: %w", err)
	}
	if s.Title == "" {
		w.title = datasource.Clean("Trades", 80)
		if item := datasource.Item(s.Data); item != "" {
			w.title = datasource.Clean("Trades · "+item, 80)
		}
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
func (w *Widget) MinSize() (width, height int) { return 26, 5 }

// Follows implements widgets.Linked: a repeated datum shows the selected symbol.
func (w *Widget) Follows() bool { return !strings.Contains(w.spec.Data, ".") }

// Selects implements widgets.Linked: a tape drives nothing.
func (w *Widget) Selects(widgets.Context) (datasource.Safe, bool) { return datasource.Safe{}, false }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	return list.Move(f.View, a, len(k.prints), max(k.window.Lines, 1))
}

// Target implements widgets.Pointer: the trade under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	k := w.lookAt(&f)
	row := -1
	if c := k.window.Cursor; c >= 0 && c < len(k.prints) {
		row = k.prints[c].index
	}
	return widgets.Target{Name: k.name, Row: row}, k.entry != nil
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	k := w.lookAt(&f)
	y -= list.Top(f)
	if k.heads {
		y--
	}
	return k.window.At(y)
}
