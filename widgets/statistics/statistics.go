// Package statistics draws what closed trades amount to: how many were won, what
// was made of them, by the hour and by the symbol.
package statistics

import (
	"fmt"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "statistics"

// Spec configures the widget.
type Spec struct {
	Data     string `yaml:"data" doc:"closed trades: a list, a hash or a stream of objects with their result"`
	Title    string `yaml:"title" doc:"title of the panel; Statistics when empty"`
	Currency string `yaml:"currency" doc:"of the results: \"USD\", or where it is: account.currency"`
	All      bool   `yaml:"all" doc:"every trade there is, instead of those closed today"`
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
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("statistics: data is missing: name the closed trades, for example data: trades")
	}
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80)}
	if s.Title == "" {
		w.title = datasource.Clean("Statistics", 80)
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string {
	if name := field.CurrencyDatum(w.spec.Currency); name != "" {
		return []string{w.spec.Data, name}
	}
	return []string{w.spec.Data}
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 30, 7 }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return nil }

// Act implements widgets.Actor: there is nothing to move in.
func (w *Widget) Act(f widgets.Context, _ widgets.Action, _ rune) widgets.View { return f.View }

// Target implements widgets.Pointer: the trades.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	return widgets.Target{Name: w.spec.Data, Row: -1}, f.Data.Get(w.spec.Data) != nil
}

// RowAt implements widgets.Pointer: there are no rows.
func (w *Widget) RowAt(widgets.Context, int) (int, bool) { return 0, false }
