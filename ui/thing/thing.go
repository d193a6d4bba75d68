// Package thing makes the pages behind enter: of a symbol, a position, an
// order. They are put together from the dashboard's own linked panels and from
// what the snapshot holds of the thing.
package thing

import (
	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/ui/scene"
	"ticktop/widgets"
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
	}
	return datasource.Clean(t.Symbol.String()+" "+kindNames[t.Kind]+" "+t.ID.String(), 64)
}

// Page lays the page of a thing out. Equal things of one dashboard have equal
// pages: their own panels are values, the others the dashboard's.
func Page(d *scene.Dashboard, t Thing) *layout.Page {
	linked := followers(d)
	cells := func(n int) layout.Size { return layout.Size{Cells: n} }
	share := func(n int) layout.Size { return layout.Size{Num: n, Den: 100} }
	rest := layout.Size{}
	page := &layout.Page{Name: t.Crumb().String(), Rows: []layout.Row{
		{Height: cells(3), Cells: []layout.Cell{{Widget: Head{}, MinH: 3, MaxH: 3}}},
	}}
	main := layout.Row{Height: rest}
	if t.Kind != Symbol {
		main.Cells = append(main.Cells, layout.Cell{Widget: Details{t}, Width: share(40), MinH: 8})
	}
	add := func(width layout.Size, weight int, below bool, kinds ...string) {
		for _, w := range linked {
			for _, kind := range kinds {
				if w.Kind() == kind {
					main.Cells = append(main.Cells, layout.Cell{Widget: w, Width: width, Weight: weight, Below: below && len(main.Cells) > 1, MinH: 7})
					return
				}
			}
		}
	}
	add(rest, 0, false, "candles", "chart")
	if t.Kind == Symbol {
		add(share(30), 2, false, "depth", "ladder")
		main.Cells = append(main.Cells, layout.Cell{Widget: Tape{}, Width: share(30), Weight: 4, Below: len(main.Cells) > 1, MinH: 7})
	}
	if len(main.Cells) > 0 {
		page.Rows = append(page.Rows, main)
	}
	page.Rows = append(page.Rows, layout.Row{Height: share(28), Cells: []layout.Cell{
		{Widget: Trades{}, Width: share(35), MinH: 5, Weight: 1},
		{Widget: Alerts{}, Width: share(33), MinH: 4, Weight: 3},
		{Widget: Messages{}, Width: share(33), MinH: 4, Weight: 5, Below: true},
		{Widget: Data{}, MinH: 5, Weight: 6},
	}})
	return page
}

// followers returns the dashboard's panels that show the selected element.
func followers(d *scene.Dashboard) []widgets.Widget {
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
