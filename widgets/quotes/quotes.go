// Package quotes draws the watchlist: a row a symbol with its last price, the
// change, the day's range, the spread, the course of the hour and the own
// position, in groups. It is the widget that changes most often, so its rows
// are built without an allocation a cell.
package quotes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "quotes"

// Spec configures the widget.
type Spec struct {
	Data    string        `yaml:"data" doc:"the quotes: a repeated datum (quote), or one that holds many (a hash of JSON, an array of objects, a feed)"`
	Title   string        `yaml:"title" doc:"title of the panel; Quotes when empty"`
	Spark   string        `yaml:"spark" doc:"the repeated series of the sparklines: price; none when empty"`
	Span    time.Duration `yaml:"span" doc:"how far back the sparklines go; an hour when 0"`
	Mine    string        `yaml:"mine" doc:"the own positions, for the column of that name: positions; none when empty"`
	Groups  []Group       `yaml:"groups" doc:"headings with their symbols, in this order: {name: FX, symbols: [EURUSD, GBPUSD]}; what is in none comes last"`
	Columns []string      `yaml:"columns" doc:"names of columns (symbol, last, bid, ask, spread, change, range, spark, mine, age), or of any field of a quote; the default order when empty"`
	Sort    string        `yaml:"sort" doc:"the column sorted by at first; '-' before it turns it round"`

	Fields   map[string]string `yaml:"fields" doc:"which field of a quote a column shows, where the producer calls it otherwise: {bid: b, ask: a}"`
	Decimals map[string]int    `yaml:"decimals" doc:"digits of a symbol's prices; others have as many as the producer writes"`
	Spread   string            `yaml:"spread" doc:"unit of all spreads: pip, price or bp; pips for pairs of currencies and the price for all else when empty"`
	Units    map[string]string `yaml:"units" doc:"unit of one symbol's spread: pip, price, bp, ct (0.01), pt (1), or a name with its size: {XAUUSD: ct, ES: tick=0.25}"`
}

// Group is a heading and the symbols below it.
type Group struct {
	Name    string   `yaml:"name" doc:"the heading"`
	Symbols []string `yaml:"symbols" doc:"its symbols, in this order"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec   Spec
	title  datasource.Safe
	data   []string
	cols   []column
	sort   string
	desc   bool
	names  map[string]slot // fields called otherwise
	unit   format.SpreadUnit
	units  map[string]field.Unit
	groups groups
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
	_ widgets.Fitter  = (*Widget)(nil)
	_ widgets.Linked  = (*Widget)(nil)
)

// maxDecimals is how many digits after the point a price may be shown with.
const maxDecimals = format.MaxDecimals

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("quotes: data is missing: name the datum of the quotes, for example data: quote")
	}
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80), data: []string{s.Data}, names: map[string]slot{}, groups: groupsOf(s.Groups)}
	if w.spec.Span <= 0 {
		w.spec.Span = defaultSpan
	}
	if s.Title == "" {
		w.title = datasource.Clean("Quotes", 80)
	}
	for _, name := range []string{s.Spark, s.Mine} {
		if name != "" && !slices.Contains(w.data, name) {
			w.data = append(w.data, name)
		}
	}
	for col, name := range s.Fields {
		k, ok := slotOf(col)
		if !ok {
			return nil, fmt.Errorf("quotes: fields: no column %q takes a field (one of %s)", col, strings.Join(slotNames(), ", "))
		}
		w.names[name] = k
	}
	for sym, d := range s.Decimals {
		if d < 0 || d > maxDecimals {
			return nil, fmt.Errorf("quotes: decimals: %s: %d is not between 0 and %d", sym, d, maxDecimals)
		}
	}
	if err := w.setUnits(); err != nil {
		return nil, err
	}
	return w, w.setColumns()
}

func (w *Widget) setUnits() error {
	var ok bool
	if w.unit, ok = format.ParseSpreadUnit(w.spec.Spread); !ok {
		return fmt.Errorf("quotes: spread: unknown unit %q (one of %s)", w.spec.Spread, strings.Join(format.SpreadUnits(), ", "))
	}
	w.units = map[string]field.Unit{}
	for sym, name := range w.spec.Units {
		u, err := field.ParseUnit(name)
		if err != nil {
			return fmt.Errorf("quotes: units: %s: %w", sym, err)
		}
		w.units[sym] = u
	}
	return nil
}

func (w *Widget) setColumns() error {
	names := w.spec.Columns
	if len(names) == 0 {
		names = defaultColumns
	}
	for _, name := range names {
		if slices.ContainsFunc(w.cols, func(c column) bool { return c.Key == name }) {
			return fmt.Errorf("quotes: columns: %q is there twice", name)
		}
		if name == "" || strings.Contains(name, ",") {
			return fmt.Errorf("quotes: columns: %q is not the name of a column", name)
		}
		if needs := map[string]string{colSpark: w.spec.Spark, colMine: w.spec.Mine}; needs[name] == "" && (name == colSpark || name == colMine) {
			switch {
			case len(w.spec.Columns) == 0:
				continue
			case name == colMine:
				return fmt.Errorf("quotes: columns: mine needs the positions, for example mine: positions")
			}
			return fmt.Errorf("quotes: columns: spark needs a series, for example spark: price")
		}
		w.cols = append(w.cols, newColumn(name, len(w.spec.Columns) > 0))
	}
	w.markPrice()
	w.sort, w.desc = strings.CutPrefix(w.spec.Sort, "-")
	if w.sort != "" && !slices.ContainsFunc(w.cols, func(c column) bool { return c.Key == w.sort }) {
		return fmt.Errorf("quotes: sort: there is no column %q", w.sort)
	}
	return nil
}

// markPrice makes the first price the one that stays and has the mark of the
// row behind it: the last price, else the bid.
func (w *Widget) markPrice() {
	for _, want := range []what{whatLast, whatBid} {
		for i := range w.cols {
			if c := &w.cols[i]; c.what == want {
				c.marked, c.Weight = true, 0
				return
			}
		}
	}
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return w.data }

// MinSize implements widgets.Sizer: the symbol and its price over three rows.
func (w *Widget) MinSize() (width, height int) { return 34, 6 }

// Fit implements widgets.Fitter: a line for each quote and each heading below
// the heads.
func (w *Widget) Fit(items func(string) int) int {
	if n := items(w.spec.Data); n > 1 {
		return 3 + n + len(w.groups.names)
	}
	return 0 // one datum may hold any number
}

// listColumns are the columns as package list sees them, at widths.
func (w *Widget) listColumns(widths []int) []list.Column {
	cols := make([]list.Column, len(w.cols))
	for i := range w.cols {
		cols[i] = w.cols[i].Column
		if widths != nil {
			cols[i].Width = widths[i]
		}
	}
	return cols
}
