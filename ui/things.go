package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/ui/thing"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// maxBack bounds how many things esc can go back through.
const maxBack = 32

// elementsOf returns what can be selected, in the order of the dashboard: the
// symbols it was made with, or else the items of what its watchlists show.
func elementsOf(m *Model) []string {
	if m.dash == nil {
		return nil
	}
	if symbols := m.dash.Vars["symbols"]; len(symbols) > 0 {
		return symbols
	}
	var out []string
	for p := range m.dash.Pages {
		for _, w := range scene.PageWidgets(&m.dash.Pages[p]) {
			if _, ok := w.(widgets.Linked); !ok {
				continue
			}
			for _, name := range w.Data() {
				m.snap.Each(name, func(n string, _ *datasource.Entry) {
					if item := datasource.Item(n); item != "" && !slices.Contains(out, item) {
						out = append(out, item)
					}
				})
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return out
}

// openThing opens the page of what is under the cursor: a position, an order, a
// symbol. What isn't one of these is inspected.
func openThing(m *Model) tea.Cmd {
	if m.place.thingPage != nil && m.place.thing.Kind == thing.Symbol {
		return openInspector(m)
	}
	t, ok := m.focusedTarget()
	if !ok {
		m.showMessage(theme.Label, "nothing here to open")
		return nil
	}
	if th, ok := thingAt(m, t); ok {
		m.showThing(th)
		return nil
	}
	return openInspector(m)
}

// thingAt returns what a target is about.
func thingAt(m *Model, t widgets.Target) (thing.Thing, bool) {
	if e := m.snap.Get(t.Name); e.Known() {
		row := overlay.RowOf(&e.Value, t)
		if t.Row < 0 && t.Field != "" && row.Type == datasource.TypeObject {
			if f := overlay.FieldOf(row, t.Field); f.Type == datasource.TypeObject {
				row = f
			}
		}
		if symbol, ok := thing.SymbolOf(row); ok && slices.Contains(elementsOf(m), symbol.String()) {
			th := thing.Thing{Kind: thing.KindOf(t.Name), Symbol: symbol}
			if th.Kind != thing.Symbol {
				th.Datum, th.ID = t.Name, thing.IDOf(row)
			}
			return th, true
		}
	}
	if item := datasource.Item(t.Name); slices.Contains(elementsOf(m), item) {
		return thing.Thing{Kind: thing.Symbol, Symbol: datasource.Clean(item, 64)}, true
	}
	return thing.Thing{}, false
}

// showThing opens a thing's page over the dashboard's; esc comes back.
func (m *Model) showThing(t thing.Thing) {
	if p := &m.place; p.thing.Kind != thing.None && p.thing != t {
		p.back = append(p.back, p.thing)
		p.back = p.back[max(len(p.back)-maxBack, 0):]
	}
	m.openPage(t)
}

func (m *Model) openPage(t thing.Thing) {
	m.place.thing, m.place.thingPage = t, thing.Page(m.dash, t)
	m.place.thingAt, m.place.zoomed = min(1, len(scene.PageWidgets(m.place.thingPage))-1), false
	m.selectElement(t.Symbol)
	m.toast = scene.Toast{}
	m.markChanged()
}

// leaveThing goes back to the thing before, or to the dashboard's page.
func leaveThing(m *Model) {
	if n := len(m.place.back); n > 0 {
		before := m.place.back[n-1]
		m.place.back = m.place.back[:n-1]
		m.openPage(before)
		return
	}
	m.place.leaveThing()
	m.markChanged()
}

func openSymbol(m *Model, name datasource.Safe) tea.Cmd {
	m.showThing(thing.Thing{Kind: thing.Symbol, Symbol: name})
	return nil
}

// stepSymbol goes to the next or the previous symbol, or, in a panel that is
// filtered, to the next match.
func stepSymbol(m *Model, by int) tea.Cmd {
	if slot := m.focusedSlot(); slot != nil && m.place.thingPage == nil {
		l, linked := slot.Widget.(widgets.Linked)
		selects := false
		if linked {
			_, selects = l.Selects(m.panelFrame())
		}
		if m.views[slot.Widget].Filter != "" || selects || !linked && scene.Knows(slot.Widget, widgets.ActDown) {
			return m.actOnWidget(map[bool]widgets.Action{true: widgets.ActDown, false: widgets.ActUp}[by > 0], 0)
		}
	}
	all := elementsOf(m)
	if len(all) == 0 {
		m.showMessage(theme.Label, "no symbols on this dashboard")
		return nil
	}
	i := slices.Index(all, m.selected.String())
	next := datasource.Clean(all[(i+by+len(all))%len(all)], 64)
	if m.place.thingPage != nil {
		m.place.back = nil
		at := m.place.thingAt
		m.openPage(thing.Thing{Kind: thing.Symbol, Symbol: next})
		m.place.thingAt = at
		return nil
	}
	m.selectElement(next)
	m.showMessage(theme.Label, next.String())
	return nil
}
