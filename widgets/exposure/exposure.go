// Package exposure draws what an account stands to gain or lose by: how much it
// holds of each currency and of each group of symbols, long and short, in one
// currency by the quotes there are. What cannot be converted is said and left
// out of the sums.
package exposure

import (
	"fmt"
	"slices"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "exposure"

// Group is some symbols that belong together.
type Group struct {
	Name    string   `yaml:"name" doc:"what the group is called: METALS"`
	Symbols []string `yaml:"symbols" doc:"its symbols"`
}

// Spec configures the widget.
type Spec struct {
	Data       string             `yaml:"data" doc:"open positions: positions; a repeated datum is added up"`
	Title      string             `yaml:"title" doc:"title of the panel; Exposure when empty"`
	Quote      string             `yaml:"quote" doc:"quotes to convert and to value by: quote"`
	Currency   string             `yaml:"currency" doc:"what all is converted to: \"USD\", or where it is: account.currency"`
	Equity     string             `yaml:"equity" doc:"a field that the whole is a multiple of: account.equity"`
	Groups     []Group            `yaml:"groups" doc:"symbols that belong together; without them currencies, metals, crypto and the others"`
	Contracts  map[string]float64 `yaml:"contracts" doc:"units of one lot by symbol, \"*\" for all others, where positions do not say it: {EURUSD: 100000}"`
	Currencies map[string]string  `yaml:"currencies" doc:"currency of the prices by symbol, \"*\" for all others, where neither the symbol nor the position says it: {GER40: EUR}"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	switch {
	case s.Data == "":
		return nil, fmt.Errorf("exposure: data is missing: name the open positions, for example data: positions")
	case s.Currency == "":
		return nil, fmt.Errorf("exposure: currency is missing: what amounts are converted to, for example currency: account.currency")
	}
	for symbol, units := range s.Contracts {
		if !(units > 0) {
			return nil, fmt.Errorf("exposure: contracts: %s: %v is no number of units", symbol, units)
		}
	}
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80)}
	if s.Title == "" {
		w.title = datasource.Clean("Exposure", 80)
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
	for _, name := range []string{w.spec.Quote, field.CurrencyDatum(w.spec.Currency), datasource.Group(w.spec.Equity)} {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 34, 7 }

// Target implements widgets.Pointer: the positions.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	return widgets.Target{Name: w.spec.Data, Row: -1}, f.Data.Get(w.spec.Data) != nil
}

// RowAt implements widgets.Pointer: there are no rows.
func (w *Widget) RowAt(widgets.Context, int) (int, bool) { return 0, false }
