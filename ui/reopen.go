package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/ui/thing"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// reopenWith asks the desk for the dashboard of other variables, in a command.
func reopenWith(m *Model, vars map[string][]string, why string) tea.Cmd {
	m.opening++
	desk, asked := m.opt.Desk, m.opening
	return func() tea.Msg {
		dash, feed, err := desk.Open(vars)
		return openedMsg{dash: dash, feed: feed, err: err, vars: vars, why: why, asked: asked}
	}
}

func onDesk(m *Model) tea.Cmd {
	return tea.Batch(reopenWith(m, m.vars, "reload"), waitDesk(m))
}

// onOpened takes a new dashboard over, or says why the old one stays.
func onOpened(m *Model, msg openedMsg) tea.Cmd {
	if msg.asked != m.opening { // something else was asked for meanwhile
		if msg.feed != nil {
			msg.feed.Close()
		}
		return nil
	}
	if msg.err != nil {
		m.showMessage(theme.Bad, fmt.Sprintf("%s: %v", msg.why, msg.err))
		return nil
	}
	select {
	case <-m.done: // closed meanwhile
		msg.feed.Close()
		return nil
	default:
	}
	old := m.watch.feed
	m.vars = msg.vars
	m.adoptDashboard(msg.dash, msg.feed)
	if old != nil {
		old.Close()
	}
	return waitData(m, true)
}

// adoptDashboard makes a dashboard the session's own and keeps page, focus and views
// where they still fit.
func (m *Model) adoptDashboard(dash *Dashboard, feed datasource.Feed) {
	before := m.dash
	m.watch.watchFeed(feed)
	m.dash, m.err = dash, nil
	m.pause = pause{}
	keepPlace(m, before)
	m.filter = nil
	if o, ok := m.overlay.(overlay.Stayer); !ok || !o.StaysOpen() {
		m.overlay = nil
	}
	m.takeSnapshot(feed.Snapshot())
	if m.snap.Replay != nil {
		m.now = scene.WholeSecond(m.snap.Replay.At)
	}
	m.keepSelection()
	m.markChanged()
}

// keepSelection keeps the selected element when the dashboard still has it, or
// else selects the first.
func (m *Model) keepSelection() {
	elements := elementsOf(m)
	for _, e := range elements {
		if e == m.selected.String() {
			return
		}
	}
	m.selected = datasource.Safe{}
	if len(elements) > 0 {
		m.selected = datasource.Clean(elements[0], 64)
	}
}

// keepPlace carries page, focus and views over by name: a page by its name, a
// panel by its kind and title on that page.
func keepPlace(m *Model, before *Dashboard) {
	name, oldFocus := "", m.place.focus
	if before != nil && m.place.page < len(before.Pages) {
		name = before.Pages[m.place.page].Name
	}
	views := map[widgets.Widget]widgets.View{}
	m.place.focus = make([]int, len(m.dash.Pages))
	for i := range m.dash.Pages {
		m.place.focus[i] = firstFocus(&m.dash.Pages[i])
		j := samePage(before, &m.dash.Pages[i])
		if j < 0 {
			continue
		}
		was, is := scene.PageWidgets(&before.Pages[j]), scene.PageWidgets(&m.dash.Pages[i])
		for n, w := range is {
			o := twinPanel(was, w, n)
			if o < 0 {
				continue
			}
			if v, ok := m.views[was[o]]; ok {
				views[w] = v
			}
			if oldFocus[j] == o {
				m.place.focus[i] = n
			}
		}
	}
	m.views, m.place.page = views, pageNamed(m.dash, name)
	if open := m.place.thing; m.place.thingPage != nil {
		m.place.thingPage = thing.Page(m.dash, open)
	}
	m.place.zoomed = m.place.zoomed && len(m.dash.Pages) > 0
}

// firstFocus is the panel of a page that has the focus at first: the one whose
// cursor selects what the others show, or else the first.
func firstFocus(p *layout.Page) int {
	for i, w := range scene.PageWidgets(p) {
		if l, ok := w.(widgets.Linked); ok && scene.Knows(w, widgets.ActDown) && drivesSelection(l) {
			return i
		}
	}
	return 0
}

// drivesSelection reports whether a widget with rows drives the selection. Panels that
// only follow it say so for every frame, watchlists need their data first.
func drivesSelection(l widgets.Linked) bool {
	switch w := l.(type) {
	case widgets.Widget:
		return w.Kind() == "quotes" || w.Kind() == "positions" || w.Kind() == "table"
	}
	return false
}

func samePage(d *Dashboard, p *layout.Page) int {
	if d == nil {
		return -1
	}
	for i := range d.Pages {
		if d.Pages[i].Name == p.Name {
			return i
		}
	}
	return -1
}

// twinPanel finds the panel that corresponds to w: at the same place when kind and
// title are the same there, or else the first that has both.
func twinPanel(was []widgets.Widget, w widgets.Widget, at int) int {
	same := func(o widgets.Widget) bool { return o.Kind() == w.Kind() && o.Title() == w.Title() }
	if at < len(was) && same(was[at]) {
		return at
	}
	for i, o := range was {
		if same(o) {
			return i
		}
	}
	return -1
}
