package ui

import (
	"maps"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"ticktop/ui/layout"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// Arrangement is what a user changed in how the panels of a page stand. Panels
// are called by kind and title, so that it outlives a change of the
// configuration as far as it can.
type Arrangement struct {
	Hidden []string       `json:"hidden,omitempty"`
	Order  []string       `json:"order,omitempty"` // all panels, in the order of the places that they are in
	Size   map[string]int `json:"size,omitempty"`  // steps of height, more or less than configured
}

// maxSize bounds the steps of a panel's height.
const maxSize = 8

// sizeStep is the lines of a step.
const sizeStep = 2

func (a *Arrangement) isPlain() bool { return len(a.Hidden)+len(a.Order)+len(a.Size) == 0 }

// clone returns a copy that shares nothing.
func (a Arrangement) clone() Arrangement {
	return Arrangement{Hidden: slices.Clone(a.Hidden), Order: slices.Clone(a.Order), Size: maps.Clone(a.Size)}
}

// panelNames are what an arrangement calls the panels of a page, by index.
func panelNames(p *layout.Page) []string {
	var out []string
	for _, w := range scene.PageWidgets(p) {
		name := w.Kind() + "/" + w.Title().String()
		for n := 2; slices.Contains(out, name); n++ {
			name = w.Kind() + "/" + w.Title().String() + "/" + strconv.Itoa(n)
		}
		out = append(out, name)
	}
	return out
}

// apply returns the page as it is arranged. The panels keep their indexes: only
// the places they are in change.
func (a *Arrangement) apply(p *layout.Page) *layout.Page {
	if a.isPlain() {
		return p
	}
	names := panelNames(p)
	made := *p
	made.Rows = slices.Clone(p.Rows)
	i := 0
	for r := range made.Rows {
		made.Rows[r].Cells = slices.Clone(p.Rows[r].Cells)
		for c := range made.Rows[r].Cells {
			cell := &made.Rows[r].Cells[c]
			cell.Spare = cell.Spare || slices.Contains(a.Hidden, names[i])
			resize(cell, a.Size[names[i]])
			i++
		}
	}
	made.Areas = p.Areas
	if len(made.Areas) == 0 {
		made.Areas = []layout.Area{areaOfRows(p)}
	}
	made.Areas = slices.DeleteFunc(a.places(made.Areas, names), func(area layout.Area) bool { return len(area.Rows) == 0 }) // rather the rows than nothing
	return &made
}

// resize changes how high a panel wants to be.
func resize(cell *layout.Cell, steps int) {
	steps = max(-maxSize, min(steps, maxSize))
	usual := max(cell.MinH, 8)
	switch {
	case steps > 0:
		cell.MinH = usual + sizeStep*steps
		if cell.MaxH > 0 {
			cell.MaxH = max(cell.MaxH, cell.MinH)
		}
	case steps < 0:
		if cell.MaxH > 0 {
			usual = cell.MaxH
		} else {
			usual += sizeStep * maxSize
		}
		cell.MaxH = max(usual+sizeStep*steps, 4)
		cell.MinH = min(cell.MinH, cell.MaxH)
	}
}

// areaOfRows is the area that stands as the rows of a page do.
func areaOfRows(p *layout.Page) layout.Area {
	out := layout.Area{MinW: 80, MinH: layout.MinHeight}
	i := 0
	for _, r := range p.Rows {
		row := layout.AreaRow{Height: r.Height}
		for _, c := range r.Cells {
			if n := len(row.Columns) - 1; c.Below && n >= 0 {
				row.Columns[n].Panels = append(row.Columns[n].Panels, i)
			} else {
				row.Columns = append(row.Columns, layout.AreaColumn{Width: c.Width, Panels: []int{i}})
			}
			i++
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// places puts the panels into the places of areas in the user's order, and
// leaves out what is hidden.
func (a *Arrangement) places(areas []layout.Area, names []string) []layout.Area {
	stands := make([]int, len(names)) // by place: the panel
	for i := range stands {
		stands[i] = i
	}
	if len(a.Order) == len(names) {
		for place, name := range a.Order {
			if i := slices.Index(names, name); i >= 0 {
				stands[place] = i
			}
		}
		if sorted := slices.Sorted(slices.Values(stands)); len(slices.Compact(sorted)) != len(names) {
			for i := range stands { // of another configuration
				stands[i] = i
			}
		}
	}
	out := make([]layout.Area, len(areas))
	for n, area := range areas {
		made := layout.Area{MinW: area.MinW, MinH: area.MinH}
		for _, r := range area.Rows {
			row := layout.AreaRow{Height: r.Height, Fit: r.Fit}
			for _, c := range r.Columns {
				col := layout.AreaColumn{Width: c.Width}
				for k, place := range c.Panels {
					if i := stands[place]; !slices.Contains(a.Hidden, names[i]) {
						col.Panels = append(col.Panels, i)
						if k < len(c.Parts) {
							col.Parts = append(col.Parts, c.Parts[k])
						}
					}
				}
				if len(col.Panels) > 0 {
					row.Columns = append(row.Columns, col)
				}
			}
			if len(row.Columns) > 0 {
				made.Rows = append(made.Rows, row)
			}
		}
		out[n] = made
	}
	return out
}

// pageName is what the arrangement of the page shown is kept by.
func (m *Model) pageName() string {
	if m.dash == nil || m.place.page >= len(m.dash.Pages) {
		return ""
	}
	return m.dash.Pages[m.place.page].Name
}

// newPanelList lists the panels of the page: to hide, to move, to resize.
func newPanelList(m *Model) overlay.Overlay {
	p := &overlay.Picker{Title: "Panels of this page", Stay: true, Note: "enter hide or show · J K move · + - height · d as configured · u undo · q close",
		List: func() []overlay.Choice { return panelPlaces(m) }}
	p.OnKey = func(key string, c *overlay.Choice) (tea.Cmd, bool) {
		if c == nil {
			return nil, false
		}
		switch key {
		case "J", "K":
			by := map[string]int{"J": 1, "K": -1}[key]
			if moved := rearrange(m, func(a *Arrangement, names []string) bool { return a.move(names, p.Cursor, by) }); moved {
				p.Cursor += by
			}
		case "+", "=":
			rearrange(m, func(a *Arrangement, names []string) bool { return a.grow(a.ordered(names)[p.Cursor], 1) })
		case "-":
			rearrange(m, func(a *Arrangement, names []string) bool { return a.grow(a.ordered(names)[p.Cursor], -1) })
		case "d":
			rearrange(m, func(a *Arrangement, _ []string) bool { *a = Arrangement{}; return true })
		case "u":
			return undoLast(m), true
		default:
			return nil, false
		}
		return nil, true
	}
	return p
}

// ordered are the names in the order of their places.
func (a *Arrangement) ordered(names []string) []string {
	if len(a.Order) == len(names) {
		return a.Order
	}
	return names
}

func (a *Arrangement) move(names []string, at, by int) bool {
	order := slices.Clone(a.ordered(names))
	if at+by < 0 || at+by >= len(order) {
		return false
	}
	order[at], order[at+by] = order[at+by], order[at]
	a.Order = order
	return true
}

func (a *Arrangement) grow(name string, by int) bool {
	size := max(-maxSize, min(a.Size[name]+by, maxSize))
	if a.Size == nil {
		a.Size = map[string]int{}
	}
	if a.Size[name] = size; size == 0 {
		delete(a.Size, name)
	}
	return true
}

// rearrange changes the arrangement of the page; it can be undone.
func rearrange(m *Model, change func(a *Arrangement, names []string) bool) bool {
	name := m.pageName()
	before := m.arrangements[name].clone()
	next := before.clone()
	if !change(&next, panelNames(&m.dash.Pages[m.place.page])) {
		return false
	}
	put := func(a Arrangement) {
		if m.arrangements == nil {
			m.arrangements = map[string]Arrangement{}
		}
		if m.arrangements[name] = a; a.isPlain() {
			delete(m.arrangements, name)
		}
		m.fitted, m.touched = fitted{}, true
		leaveHidden(m, a)
		m.markChanged()
	}
	m.remembersUndo(func() tea.Cmd { put(before); return nil })
	put(next)
	return true
}

// leaveHidden takes the focus away from a panel that is hidden now: one that has
// it is always shown.
func leaveHidden(m *Model, a Arrangement) {
	names := panelNames(&m.dash.Pages[m.place.page])
	if at := m.place.focusIndex(); at >= len(names) || !slices.Contains(a.Hidden, names[at]) {
		return
	}
	if i := slices.IndexFunc(names, func(name string) bool { return !slices.Contains(a.Hidden, name) }); i >= 0 {
		m.setFocus(i)
	}
}

func panelPlaces(m *Model) []overlay.Choice {
	page := &m.dash.Pages[m.place.page]
	names, all := panelNames(page), scene.PageWidgets(page)
	a := m.arrangements[m.pageName()]
	var out []overlay.Choice
	for _, name := range a.ordered(names) {
		i := slices.Index(names, name)
		if i < 0 {
			continue
		}
		hidden := slices.Contains(a.Hidden, name)
		note := textWhen(hidden, "hidden", all[i].Kind())
		if size := a.Size[name]; size != 0 {
			note += " · height " + map[bool]string{true: "+"}[size > 0] + strconv.Itoa(size*sizeStep)
		}
		out = append(out, overlay.Choice{Name: titleOf(all[i]), Note: note, Mark: textWhen(hidden, " ", "✓"), Do: func() tea.Cmd {
			if !hidden && len(a.Hidden)+1 == len(names) {
				m.showMessage(theme.Warn, "the last panel stays")
				return nil
			}
			rearrange(m, func(a *Arrangement, _ []string) bool {
				if hidden {
					a.Hidden = slices.DeleteFunc(a.Hidden, func(s string) bool { return s == name })
				} else {
					a.Hidden = append(a.Hidden, name)
				}
				return true
			})
			return nil
		}})
	}
	return out
}

func titleOf(w widgets.Widget) string {
	if t := w.Title(); !t.Empty() {
		return t.String()
	}
	return w.Kind()
}
