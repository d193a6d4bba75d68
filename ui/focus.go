package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/ui/layout"
	"ticktop/widgets"
)

// setFocus gives the focus to a panel of this page.
func (m *Model) setFocus(index int) {
	if page := m.pageOf(); page != nil && index >= 0 && index < len(pageWidgets(page)) {
		m.focus[m.page] = index
		m.changed()
	}
}

// moveFocus goes to the nearest panel in a direction. At the edge it goes on
// to the panels that had to be left out for want of room, in the order of the
// page: one that has the focus is always shown. A zoomed panel is replaced by
// the next or the one before.
func (m *Model) moveFocus(dx, dy int) tea.Cmd {
	page := m.pageOf()
	if page == nil {
		return nil
	}
	sc := m.current()
	n := len(pageWidgets(page))
	switch {
	case n == 0:
	case m.zoomed:
		m.setFocus((m.focus[m.page] + dx + dy + n) % n)
	case sc.focus < 0:
		m.setFocus(0)
	default:
		if i := nearest(sc.plan.Slots, sc.focus, dx, dy); i >= 0 {
			m.setFocus(sc.plan.Slots[i].Index)
		} else if i := leftOut(sc.plan.Dropped, m.focus[m.page], dx+dy); i >= 0 {
			m.setFocus(i)
		}
	}
	return nil
}

// nearest returns the slot that stands next to slot from in a direction: the
// least distance along it, then the most in line with from.
func nearest(slots []layout.Slot, from, dx, dy int) int {
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

// leftOut returns the dropped panel that comes next after index, or before it
// when dir is negative; -1 when there is none.
func leftOut(dropped []int, index, dir int) int {
	best := -1
	for _, d := range dropped {
		if dir > 0 && d > index && (best < 0 || d < best) || dir < 0 && d < index && d > best {
			best = d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// act asks the focused widget for an action and keeps the view it answers.
func (m *Model) act(a widgets.Action, arg rune) tea.Cmd {
	if sc := m.current(); sc.focus >= 0 {
		m.actIn(sc.focus, a, arg)
	}
	return nil
}

func (m *Model) actIn(slot int, a widgets.Action, arg rune) {
	sc := m.current()
	w := sc.plan.Slots[slot].Widget
	if actor, ok := w.(widgets.Actor); ok {
		m.setView(w, actor.Act(sc.frameOf(slot, m.snap, m.now), a, arg))
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
	m.changed()
}

func (m *Model) wheelIn(slot, dy int) {
	a := widgets.ActDown
	if dy < 0 {
		a = widgets.ActUp
	}
	for range 3 {
		m.actIn(slot, a, 0)
	}
}

// pickRow puts the cursor of the focused panel on the row at screen line y.
func (m *Model) pickRow(y int) {
	slot := m.focused()
	if slot == nil {
		return
	}
	p, ok := slot.Widget.(widgets.Pointer)
	if !ok {
		return
	}
	if row, ok := p.RowAt(m.frame(), y-slot.Rect.Y); ok {
		v := m.views[slot.Widget]
		v.Cursor = row
		m.setView(slot.Widget, v)
	}
}

// target returns the datum under the focused panel's cursor; for a widget
// without a cursor the first of its data.
func (m *Model) target() (widgets.Target, bool) {
	slot := m.focused()
	if slot == nil {
		return widgets.Target{}, false
	}
	if p, ok := slot.Widget.(widgets.Pointer); ok {
		if t, ok := p.Target(m.frame()); ok {
			return t, true
		}
	}
	for _, name := range slot.Widget.Data() {
		found := ""
		m.snap.Each(name, func(n string, _ *entry) {
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
