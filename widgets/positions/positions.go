// Package positions draws what a trader holds and what is waiting: a row a
// position with its result, where it stands between stop and target, and how
// far it is to both; below them the orders with their distance to the market.
package positions

import (
	"fmt"
	"math"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "positions"

// Spec configures the widget.
type Spec struct {
	Data     string            `yaml:"data" doc:"the positions: an array, an object of objects, or one datum a position"`
	Orders   string            `yaml:"orders" doc:"the orders that wait, in the same shapes; none when empty"`
	Quote    string            `yaml:"quote" doc:"the repeated datum of the quotes, for the distance of orders to the market: quote"`
	Title    string            `yaml:"title" doc:"Positions when empty"`
	Currency string            `yaml:"currency" doc:"a field that names the account's currency: account.currency"`
	Units    map[string]string `yaml:"units" doc:"unit of one symbol's distances: pip, price, bp, ct (0.01), pt (1), or a name with its size: {XAUUSD: ct, ES: tick=0.25}"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
	units map[string]field.Unit
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
		return nil, fmt.Errorf("positions: data is missing: name the datum of the positions, for example data: positions")
	}
	if s.Currency != "" && !strings.Contains(s.Currency, ".") {
		return nil, fmt.Errorf("positions: currency %q names no field: write it as datum.field", s.Currency)
	}
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80), units: map[string]field.Unit{}}
	if s.Title == "" {
		w.title = datasource.Clean("Positions", 0)
	}
	for symbol, label := range s.Units {
		u, err := field.ParseUnit(label)
		if err != nil {
			return nil, fmt.Errorf("positions: units: %s: %w", symbol, err)
		}
		w.units[symbol] = u
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string {
	out := []string{w.spec.Data}
	for _, name := range []string{w.spec.Orders, w.spec.Quote, datasource.Group(w.spec.Currency)} {
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 34, 6 }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action {
	return []widgets.Action{widgets.ActUp, widgets.ActDown, widgets.ActTop, widgets.ActBottom, widgets.ActPageUp, widgets.ActPageDown}
}

// Act implements widgets.Actor: the cursor goes through positions, then orders.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	return list.Move(f.View, a, len(k.positions)+len(k.orders), max(k.lines, 1))
}

// Target implements widgets.Pointer.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	k := w.lookAt(&f)
	r, ok := k.rowUnder(f.View.Cursor)
	if !ok {
		return widgets.Target{Name: w.spec.Data, Row: -1}, false
	}
	return widgets.Target{Name: r.name, Field: r.field, Row: r.index}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	k := w.lookAt(&f)
	for row, line := range k.lineOf {
		if line == y {
			return row, true
		}
	}
	return 0, false
}

// Follows implements widgets.Linked: the rows of the selected symbol are lit.
func (w *Widget) Follows() bool { return true }

// Selects implements widgets.Linked: the symbol of the row under the cursor.
func (w *Widget) Selects(f widgets.Context) (datasource.Safe, bool) {
	k := w.lookAt(&f)
	r, ok := k.rowUnder(f.View.Cursor)
	return r.symbol, ok && !r.symbol.Empty()
}

// formatDistance writes how far a price of a symbol is from another, with its unit.
func (w *Widget) formatDistance(symbol string, d, mid float64, decimals int) string {
	return w.units[symbol].Text(math.Abs(d), decimals, symbol, mid)
}
