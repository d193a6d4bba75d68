// Package quotes draws the table of prices: a row a symbol with bid, ask,
// spread, change, a sparkline and the age of the quote. It is the widget that
// changes most often, so its rows are built without an allocation a cell.
package quotes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "quotes"

// Spec configures the widget.
type Spec struct {
	Data    string        `yaml:"data" doc:"the repeated datum of the quotes: quote"`
	Title   string        `yaml:"title" doc:"Quotes when empty"`
	Spark   string        `yaml:"spark" doc:"the repeated series of the sparklines: price; none when empty"`
	Span    time.Duration `yaml:"span" doc:"how far back they go; 10 minutes when 0"`
	Columns []string      `yaml:"columns" doc:"names of columns, or of any field of a quote; the default order when empty"`
	Sort    string        `yaml:"sort" doc:"the column sorted by at first; '-' before it turns it round"`

	Fields   map[string]string `yaml:"fields" doc:"which field of a quote a column shows, where the producer calls it otherwise: {bid: b, ask: a}"`
	Decimals map[string]int    `yaml:"decimals" doc:"digits of a symbol's prices; others have as many as the producer writes"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
	data  []string
	cols  []column
	sort  string
	desc  bool
	names map[string]slot // fields called otherwise
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
		return nil, fmt.Errorf("quotes: data is missing: name the datum of the quotes, for example data: quote")
	}
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80), data: []string{s.Data}, names: map[string]slot{}}
	if w.spec.Span <= 0 {
		w.spec.Span = defaultSpan
	}
	if s.Title == "" {
		w.title = datasource.Clean("Quotes", 80)
	}
	if s.Spark != "" {
		w.data = append(w.data, s.Spark)
	}
	for col, field := range s.Fields {
		k, ok := slotOf(col)
		if !ok {
			return nil, fmt.Errorf("quotes: fields: no column %q takes a field (one of %s)", col, strings.Join(slotNames(), ", "))
		}
		w.names[field] = k
	}
	for sym, d := range s.Decimals {
		if d < 0 || d > maxDecimals {
			return nil, fmt.Errorf("quotes: decimals: %s: %d is not between 0 and %d", sym, d, maxDecimals)
		}
	}
	return w, w.setColumns()
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
		if name == colSpark && w.spec.Spark == "" {
			if len(w.spec.Columns) > 0 {
				return fmt.Errorf("quotes: columns: spark needs a series, for example spark: price")
			}
			continue
		}
		w.cols = append(w.cols, newColumn(name))
	}
	w.sort, w.desc = strings.CutPrefix(w.spec.Sort, "-")
	if w.sort != "" && !slices.ContainsFunc(w.cols, func(c column) bool { return c.Key == w.sort }) {
		return fmt.Errorf("quotes: sort: there is no column %q", w.sort)
	}
	return nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return w.data }

// MinSize implements widgets.Sizer: the symbol and its bid over three rows.
func (w *Widget) MinSize() (width, height int) { return 34, 6 }

// Fit implements widgets.Fitter: a line for each quote below the heads.
func (w *Widget) Fit(items func(string) int) int { return 3 + items(w.spec.Data) }

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
