// Package thing makes the pages behind enter: of a symbol, a position, an
// order. They are put together from the dashboard's own linked panels and from
// what the snapshot holds of the thing.
package thing

import (
	"maps"
	"slices"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/positions"
	"ticktop/widgets/quotes"
)

// Kind is what a page is about.
type Kind uint8

// The kinds. None is the zero Thing.
const (
	None Kind = iota
	Symbol
	Position
	Order
)

var kindNames = [...]string{Position: "position", Order: "order"}

// Thing is what a page is about. It is comparable.
type Thing struct {
	Kind   Kind
	Symbol datasource.Safe // what it is about, or trades
	Datum  string          // of a position or an order: where its row is
	ID     datasource.Safe // of its row
}

// Crumb is what the bar calls it: "EURUSD", "EURUSD position 9001".
func (t Thing) Crumb() datasource.Safe {
	switch t.Kind {
	case None:
		return datasource.Safe{}
	case Symbol:
		return t.Symbol
	case Position, Order:
	}
	return datasource.Clean(t.Symbol.String()+" "+kindNames[t.Kind]+" "+t.ID.String(), 64)
}

// Page lays the page of a thing out. Equal things of one dashboard have equal
// pages: their own panels are values, the others the dashboard's.
func Page(d *scene.Dashboard, t Thing) *layout.Page {
	b := builder{d: d, linked: followingPanels(d)}
	b.own, b.quotes = ownOf(d), first[*quotes.Widget](d)
	trades := layout.Cell{Widget: Trades{Own: b.own}, Width: share(35), MinH: 5, Weight: 7}
	alerts := layout.Cell{Widget: Alerts{Quotes: b.quotes}, Width: share(33), MinH: 4, Weight: 3}
	messages := layout.Cell{Widget: Messages{}, Width: share(33), MinH: 4, Weight: 5, Below: true}
	data := layout.Cell{Widget: Data{}, MinH: 5, Weight: 4}
	b.row(cells(3), layout.Cell{Widget: Head{Quotes: b.quotes, Own: b.own}, MinH: 3, MaxH: 3})
	if t.Kind != Symbol {
		trades.Weight = 0
		b.row(layout.Size{}, append([]layout.Cell{
			{Widget: Trades{Own: b.own}, Width: share(42), MinH: 8},
			{Widget: Details{t}, Width: share(42), MinH: 6, Below: true, Weight: 6}}, b.chart(share(58))...)...)
		b.row(share(28), alerts, messages, data)
		b.page.Name = t.Crumb().String()
		return &b.page
	}
	main := b.chart(layout.Size{})
	if book, ok := b.find("depth", "ladder"); ok {
		main = append(main, layout.Cell{Widget: book, Width: share(31), Weight: 6, MinH: 7, MaxH: 15})
	}
	prints, ok := b.find("tape")
	if !ok {
		prints = Tape{}
	}
	main = append(main, layout.Cell{Widget: prints, Width: share(31), Weight: 4, Below: len(main) > 1, MinH: 7})
	b.row(layout.Size{}, main...)
	b.row(share(28), trades, alerts, messages, data)
	b.page.Name = t.Crumb().String()
	b.page.Areas = b.areas()
	return &b.page
}

// areas arranges a symbol's page by the size of the screen: its chart and what
// the account has in it come first.
func (b *builder) areas() []layout.Area {
	index := map[string][]int{}
	for i, w := range scene.PageWidgets(&b.page) {
		name := w.Kind()
		switch w.(type) {
		case Head:
			name = "head"
		case Trades:
			name = "trades"
		case Alerts:
			name = "alerts"
		case Messages:
			name = "messages"
		case Data:
			name = "data"
		case Tape:
			name = "tape"
		}
		index[name] = append(index[name], i)
	}
	column := func(width layout.Size, names ...string) layout.AreaColumn {
		c := layout.AreaColumn{Width: width}
		for _, name := range names {
			c.Panels = append(c.Panels, index[name]...)
		}
		return c
	}
	row := func(height layout.Size, columns ...layout.AreaColumn) layout.AreaRow {
		return layout.AreaRow{Height: height, Columns: slices.DeleteFunc(columns, func(c layout.AreaColumn) bool { return len(c.Panels) == 0 })}
	}
	rest := layout.Size{}
	head := row(cells(3), column(rest, "head"))
	charts := func(width layout.Size, more ...string) layout.AreaColumn {
		return column(width, append([]string{"candles", "chart"}, more...)...)
	}
	book := func(width layout.Size, more ...string) layout.AreaColumn {
		return column(width, append([]string{"depth", "ladder"}, more...)...)
	}
	return []layout.Area{
		{MinW: 150, MinH: 34, Rows: []layout.AreaRow{head, row(rest, charts(rest), book(share(31), "tape")),
			row(share(27), column(share(35), "trades"), column(share(33), "alerts", "messages"), column(rest, "data"))}},
		{MinW: 100, MinH: 30, Rows: []layout.AreaRow{head, row(rest, charts(rest), book(share(36), "tape")),
			row(share(27), column(share(50), "trades"), column(rest, "alerts", "messages"))}},
		{MinW: 78, MinH: 22, Rows: []layout.AreaRow{head, row(rest, charts(share(58), "trades"), book(rest, "messages"))}},
		{MinW: layout.MinWidth, MinH: layout.MinHeight, Rows: []layout.AreaRow{row(cells(2), column(rest, "head")), row(rest, charts(rest, "trades"))}},
	}
}

// builder puts a page together.
type builder struct {
	d      *scene.Dashboard
	linked []widgets.Widget // the dashboard's panels that follow the selection
	own    *positions.Widget
	quotes *quotes.Widget
	page   layout.Page
}

func cells(n int) layout.Size { return layout.Size{Cells: n} }
func share(n int) layout.Size { return layout.Size{Num: n, Den: 100} }

func (b *builder) row(height layout.Size, c ...layout.Cell) {
	b.page.Rows = append(b.page.Rows, layout.Row{Height: height, Cells: c})
}

// find returns the first linked panel of one of these kinds, the first kind
// that there is.
func (b *builder) find(kinds ...string) (widgets.Widget, bool) {
	for _, kind := range kinds {
		for _, w := range b.linked {
			if w.Kind() == kind {
				return w, true
			}
		}
	}
	return nil, false
}

func (b *builder) chart(width layout.Size) []layout.Cell {
	if w, ok := b.find("candles", "chart"); ok {
		return []layout.Cell{{Widget: w, Width: width, MinH: 7}}
	}
	return nil
}

// ownOf returns the panel that reads the account's positions and orders: the
// dashboard's own, else one of the data that are called so.
func ownOf(d *scene.Dashboard) *positions.Widget {
	if w := first[*positions.Widget](d); w != nil {
		return w
	}
	var spec positions.Spec
	for _, name := range slices.Sorted(maps.Keys(d.Hints)) {
		group := datasource.Group(name)
		switch kind := KindOf(name); {
		case kind == Position && spec.Data == "":
			spec.Data = group
		case kind == Order && spec.Orders == "":
			spec.Orders = group
		}
	}
	if w := first[*quotes.Widget](d); w != nil {
		spec.Quote = w.Data()[0]
	}
	w, err := positions.New(spec)
	if err != nil { // there are no such data
		return nil
	}
	return w
}

// first returns the dashboard's first panel of a type, nil for none.
func first[W widgets.Widget](d *scene.Dashboard) (out W) {
	for p := range d.Pages {
		for _, w := range scene.PageWidgets(&d.Pages[p]) {
			if is, ok := w.(W); ok {
				return is
			}
		}
	}
	return out
}

// followingPanels returns the dashboard's panels that show the selected element.
func followingPanels(d *scene.Dashboard) []widgets.Widget {
	var out []widgets.Widget
	for i := range d.Pages {
		for _, w := range scene.PageWidgets(&d.Pages[i]) {
			if l, ok := w.(widgets.Linked); ok && l.Follows() {
				out = append(out, w)
			}
		}
	}
	return out
}
