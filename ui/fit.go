package ui

import (
	"slices"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/widgets"
)

// fitted is a page whose panels end where their data end: what a list of
// symbols holds is known only once it was looked up.
type fitted struct {
	from  *layout.Page
	items int // of the snapshot that it was made for
	page  *layout.Page
}

// fitPage returns the page with the heights that its panels can fill, as many
// data as there are now. It is made anew only when their number changes.
func (m *Model) fitPage(page *layout.Page) *layout.Page {
	if page == nil {
		return nil
	}
	if f := &m.fitted; f.from == page && f.items == m.snap.Len() {
		return f.page
	}
	from := page
	if m.place.thingPage == nil {
		a := m.arrangements[m.pageName()]
		page = a.apply(page)
	}
	counts := map[string]int{"": m.snap.Len()}
	for i := range m.snap.Len() {
		name, _ := m.snap.Nth(i)
		counts[datasource.Group(name)]++
	}
	made := *page
	made.Rows = slices.Clone(page.Rows)
	for r := range made.Rows {
		made.Rows[r].Cells = slices.Clone(page.Rows[r].Cells)
		for c := range made.Rows[r].Cells {
			cell := &made.Rows[r].Cells[c]
			if f, ok := cell.Widget.(widgets.Fitter); ok && cell.MaxH == 0 {
				cell.MaxH = f.Fit(func(data string) int { return counts[data] })
			}
		}
	}
	m.fitted = fitted{from: from, items: m.snap.Len(), page: &made}
	return &made
}
