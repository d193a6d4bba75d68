// Package depth draws an order book: asks above, bids below, the middle
// between them, each level with its size, what is gathered up to it and a bar.
// Of a quote without a book it shows the one level there is.
package depth

import (
	"fmt"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "depth"

// Spec configures the widget.
type Spec struct {
	Data   string `yaml:"data" doc:"an object with bids and asks, or a quote: depth; a repeated datum shows the selected symbol, book.XAUUSD always that one"`
	Title  string `yaml:"title" doc:"title of the panel; Book and the symbol when empty"`
	Bids   string `yaml:"bids" doc:"the field of the bids where its name is unusual; without data: the datum of the bids, a hash price → size or a sorted set by price"`
	Asks   string `yaml:"asks" doc:"the same of the asks"`
	Price  string `yaml:"price" doc:"format of the prices; the decimals of the producer when empty"`
	Size   string `yaml:"size" doc:"format of the sizes; compact above 10,000 when empty"`
	Levels int    `yaml:"levels" doc:"levels of each side at most; as many as have space when 0"`
	Spread string `yaml:"spread" doc:"unit of the spread: pip, price, bp, ct, pt, or a name with its size; pips for pairs of currencies when empty"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
	price field.Format
	size  field.Format
	unit  field.Unit
	data  []string
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
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80)}
	switch {
	case s.Data != "":
		w.data = []string{s.Data}
	case s.Bids != "" && s.Asks != "":
		w.data = []string{s.Bids, s.Asks}
	default:
		return nil, fmt.Errorf("depth: data is missing: name an order book, for example data: depth, or the data of both sides as bids and asks")
	}
	if s.Levels < 0 {
		return nil, fmt.Errorf("depth: levels: %d is negative", s.Levels)
	}
	var err error
	if w.price, err = field.Parse(s.Price, "price"); err != nil {
		return nil, fmt.Errorf("depth: price: %w", err)
	}
	if w.size, err = field.Parse(s.Size, "size"); err != nil {
		return nil, fmt.Errorf("depth: size: %w", err)
	}
	if w.unit, err = field.ParseUnit(s.Spread); err != nil {
		return nil, fmt.Errorf("depth: spread: %w", err)
	}
	if s.Title == "" {
		w.title = datasource.Clean("Book", 80)
		if item := datasource.Item(w.data[0]); item != "" {
			w.title = datasource.Clean("Book · "+item, 80)
		}
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return w.data }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 26, 5 }

// Follows implements widgets.Linked: a repeated datum shows the selected symbol.
func (w *Widget) Follows() bool { return !strings.Contains(w.data[0], ".") }

// Selects implements widgets.Linked: a book drives nothing.
func (w *Widget) Selects(widgets.Context) (datasource.Safe, bool) { return datasource.Safe{}, false }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return nil }

// Act implements widgets.Actor: a book shows its best prices and does not
// scroll away from them.
func (w *Widget) Act(f widgets.Context, _ widgets.Action, _ rune) widgets.View { return f.View }

// Target implements widgets.Pointer: the book.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	_, name := widgets.Element(&f, w.data[0])
	return widgets.Target{Name: name, Row: -1}, f.Data.Get(name) != nil
}

// RowAt implements widgets.Pointer: levels are not selected.
func (w *Widget) RowAt(widgets.Context, int) (int, bool) { return 0, false }

// readBook reads the book of a frame, its symbol, and what it was read from.
func (w *Widget) readBook(f *widgets.Context) (b book, symbol, name string, entries []*datasource.Entry) {
	symbol, name = widgets.Element(f, w.data[0])
	e := f.Data.Get(name)
	entries = []*datasource.Entry{e}
	if w.spec.Data != "" {
		if e.Known() {
			b = w.read(&e.Value)
		}
		return b, symbol, name, entries
	}
	_, other := widgets.Element(f, w.data[1])
	asks := f.Data.Get(other)
	entries = append(entries, asks)
	if e.Known() {
		b.bids, b.unread = levelsOf(&e.Value)
	}
	if asks.Known() {
		n := 0
		b.asks, n = levelsOf(&asks.Value)
		b.unread += n
	}
	b.sortSides()
	return b, symbol, name, entries
}

// levelsPerSide is how many levels of each side are drawn on so many lines: the line
// between them stays, and what one side does not need the other gets.
func (w *Widget) levelsPerSide(b *book, lines int) (asks, bids int) {
	left := max(lines-1, 1)
	if w.spec.Levels > 0 {
		left = min(left, 2*w.spec.Levels)
	}
	asks = min(len(b.asks), left/2)
	bids = min(len(b.bids), left-asks)
	asks = min(len(b.asks), left-bids)
	if w.spec.Levels > 0 {
		asks, bids = min(asks, w.spec.Levels), min(bids, w.spec.Levels)
	}
	return asks, bids
}

// priceDecimals is how many decimals the prices of both sides have.
func priceDecimals(sides ...[]level) int {
	var c format.Column
	for _, s := range sides {
		for _, l := range s {
			c.Add(l.price)
		}
	}
	return c.Decimals()
}

// hasHeads reports whether there is space for column heads beside the levels.
func (b *book) hasHeads(f *widgets.Context) bool {
	_, lines := list.Inside(*f)
	return lines >= 14 || lines >= 6 && lines-2 >= len(b.asks)+len(b.bids)
}
