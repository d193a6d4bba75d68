package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/ui/scene"
	"ticktop/ui/thing"
	"ticktop/widgets"
)

// place is where a session is on its dashboard: a page, the focused panel of
// each, and the page of a thing (a symbol, a position, an order) that is open
// over it.
type place struct {
	page   int
	focus  []int // by page: index of the panel
	zoomed bool

	thing     thing.Thing // the zero one: none
	thingPage *layout.Page
	thingAt   int           // index of the focused panel
	back      []thing.Thing // things that esc goes back to
}

// thingCrumb names the thing that is open, "" for none.
func (p *place) thingCrumb() datasource.Safe { return p.thing.Crumb() }

// focusIndex returns the index of the panel that has the focus.
func (p *place) focusIndex() int {
	if p.thingPage != nil {
		return p.thingAt
	}
	if p.page < len(p.focus) {
		return p.focus[p.page]
	}
	return 0
}

func (p *place) setFocus(index int) {
	if p.thingPage != nil {
		p.thingAt = index
	} else {
		p.focus[p.page] = index
	}
}

// leaveThing closes the page of a thing, and the zoom.
func (p *place) leaveThing() {
	p.thing, p.thingPage, p.thingAt, p.back, p.zoomed = thing.Thing{}, nil, 0, nil, false
}

// currentPage returns the page shown; nil when the dashboard has none.
func (m *Model) currentPage() *layout.Page {
	switch {
	case m.dash == nil || m.place.page >= len(m.dash.Pages):
		return nil
	case m.place.thingPage != nil:
		return m.place.thingPage
	}
	return &m.dash.Pages[m.place.page]
}

// focusedSlot returns the slot that has the focus, or nil.
func (m *Model) focusedSlot() *layout.Slot { return m.currentScene().Focused() }

// panelFrame returns what the focused panel is drawn with.
func (m *Model) panelFrame() widgets.Context {
	sc := m.currentScene()
	return sc.Context(sc.Focus, m.snap, m.now)
}

// setFocus gives the focus to a panel of this page.
func (m *Model) setFocus(index int) {
	if page := m.currentPage(); page != nil && index >= 0 && index < len(scene.PageWidgets(page)) {
		m.place.setFocus(index)
		m.markChanged()
	}
}

// moveFocus goes to the nearest panel in a direction. At the edge it goes on
// to the panels that had to be left out for lack of space, in the order of the
// page: one that has the focus is always shown. A zoomed panel is replaced by
// the next or the one before.
func moveFocus(m *Model, dx, dy int) tea.Cmd {
	page := m.currentPage()
	if page == nil {
		return nil
	}
	sc := m.currentScene()
	n := len(scene.PageWidgets(page))
	switch at := m.place.focusIndex(); {
	case n == 0:
	case m.place.zoomed:
		m.setFocus((at + dx + dy + n) % n)
	case sc.Focus < 0:
		m.setFocus(0)
	default:
		if i := nearestSlot(sc.Plan.Slots, sc.Focus, dx, dy); i >= 0 {
			m.setFocus(sc.Plan.Slots[i].Index)
		} else if i := nextHidden(sc.Plan.Dropped, at, dx+dy); i >= 0 {
			m.setFocus(i)
		}
	}
	return nil
}

// nearestSlot returns the slot that stands next to slot from in a direction:
// the least distance along it, then the most in line with from.
func nearestSlot(slots []layout.Slot, from, dx, dy int) int {
	a := slots[from].Rect
	best, bestScore := -1, 0
	for i := range slots {
		if i == from {
			continue
		}
		b := slots[i].Rect
		along := dx*(2*b.X+b.W-2*a.X-a.W) + dy*(2*b.Y+b.H-2*a.Y-a.H)
		gap, aside := b.X-a.X, b.Y-a.Y
		overlap := b.Y < a.Y+a.H && a.Y < b.Y+b.H
		if dy != 0 {
			gap, aside = b.Y-a.Y, b.X-a.X
			overlap = b.X < a.X+a.W && a.X < b.X+b.W
		}
		if along <= 0 || !overlap || gap == 0 {
			continue
		}
		if score := 1000*abs(gap) + abs(aside); best < 0 || score < bestScore {
			best, bestScore = i, score
		}
	}
	return best
}

// nextHidden returns the hidden panel that comes next after index, or before it
// when dir is negative; -1 when there isn't one.
func nextHidden(hidden []int, index, dir int) int {
	best := -1
	for _, d := range hidden {
		if dir > 0 && d > index && (best < 0 || d < best) || dir < 0 && d < index && d > best {
			best = d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// actOnWidget asks the focused widget for an action and keeps the view it answers.
func (m *Model) actOnWidget(a widgets.Action, arg rune) tea.Cmd {
	if sc := m.currentScene(); sc.Focus >= 0 {
		m.actIn(sc.Focus, a, arg)
		m.followCursor()
	}
	return nil
}

func (m *Model) actIn(slot int, a widgets.Action, arg rune) {
	sc := m.currentScene()
	w := sc.Plan.Slots[slot].Widget
	if actor, ok := w.(widgets.Actor); ok {
		m.setView(w, actor.Act(sc.Context(slot, m.snap, m.now), a, arg))
	}
}

func (m *Model) setView(w widgets.Widget, v widgets.View) {
	if m.views[w] == v {
		return
	}
	if v == (widgets.View{}) {
		delete(m.views, w)
	} else {
		m.views[w] = v
	}
	m.markChanged()
}

// followCursor makes the element under the focused panel's cursor the one that
// linked panels show.
func (m *Model) followCursor() {
	slot := m.focusedSlot()
	if slot == nil {
		return
	}
	if l, ok := slot.Widget.(widgets.Linked); ok {
		if element, ok := l.Selects(m.panelFrame()); ok {
			m.selectElement(element)
		}
	}
}

func (m *Model) selectElement(element datasource.Safe) {
	if element != m.selected {
		m.selected = element
		m.markChanged()
	}
}

// moveCrosshair puts the crosshair of the focused chart at a cell of the screen;
// it reports whether there is a chart at that cell.
func moveCrosshair(m *Model, x, y int) bool {
	slot := m.focusedSlot()
	if slot == nil {
		return false
	}
	c, ok := slot.Widget.(widgets.Crosser)
	if !ok {
		return false
	}
	v, ok := c.CrossAt(m.panelFrame(), x-slot.Rect.X, y-slot.Rect.Y)
	if ok {
		m.setView(slot.Widget, v)
	}
	return ok
}

// pickRow puts the cursor of the focused panel on the row at screen line y.
func pickRow(m *Model, y int) {
	slot := m.focusedSlot()
	if slot == nil {
		return
	}
	p, ok := slot.Widget.(widgets.Pointer)
	if !ok {
		return
	}
	if row, ok := p.RowAt(m.panelFrame(), y-slot.Rect.Y); ok {
		v := m.views[slot.Widget]
		v.Cursor = row
		m.setView(slot.Widget, v)
		m.followCursor()
	}
}

// focusedTarget returns the datum under the focused panel's cursor; for a widget
// without a cursor the first of its data.
func (m *Model) focusedTarget() (widgets.Target, bool) {
	slot := m.focusedSlot()
	if slot == nil {
		return widgets.Target{}, false
	}
	if p, ok := slot.Widget.(widgets.Pointer); ok {
		if t, ok := p.Target(m.panelFrame()); ok {
			return t, true
		}
	}
	for _, name := range slot.Widget.Data() {
		found := ""
		m.snap.Each(name, func(n string, _ *datasource.Entry) {
			if found == "" {
				found = n
			}
		})
		if found != "" {
			return widgets.Target{Name: found, Row: -1}, true
		}
	}
	return widgets.Target{}, false
}
