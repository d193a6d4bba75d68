package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// reopen asks the desk for the dashboard of other variables, in a command.
func (m *Model) reopen(vars map[string][]string, why string) tea.Cmd {
	m.asked++
	desk, asked := m.opt.Desk, m.asked
	return func() tea.Msg {
		dash, feed, err := desk.Open(vars)
		return openedMsg{dash: dash, feed: feed, err: err, vars: vars, why: why, asked: asked}
	}
}

func (m *Model) onDesk() tea.Cmd {
	return tea.Batch(m.reopen(m.vars, "reload"), m.waitDesk())
}

// onOpened takes a new dashboard over, or says why the old one stays.
func (m *Model) onOpened(msg openedMsg) tea.Cmd {
	if msg.asked != m.asked { // something else was asked for meanwhile
		if msg.feed != nil {
			msg.feed.Close()
		}
		return nil
	}
	if msg.err != nil {
		m.say(theme.Bad, fmt.Sprintf("%s: %v", msg.why, msg.err))
		return nil
	}
	select {
	case <-m.done: // closed meanwhile
		msg.feed.Close()
		return nil
	default:
	}
	old := m.feed
	m.vars = msg.vars
	m.adopt(msg.dash, msg.feed)
	if old != nil {
		old.Close()
	}
	return m.waitData(true)
}

// adopt makes a dashboard the session's own and keeps page, focus and views
// where they still fit.
func (m *Model) adopt(dash *Dashboard, feed datasource.Feed) {
	before := m.dash
	if m.feedDone != nil {
		close(m.feedDone) // ends the wait for the old feed, which closes no channel
	}
	m.dash, m.feed, m.feedDone, m.err = dash, feed, make(chan struct{}), nil
	m.gen++
	m.pause = pause{}
	m.keepPlace(before)
	m.zoomed = m.zoomed && len(m.dash.Pages) > 0
	m.overlay, m.filter = nil, nil
	m.take(feed.Snapshot())
	if m.snap.Replay != nil {
		m.now = wholeSecond(m.snap.Replay.At)
	}
	m.changed()
}

// keepPlace carries page, focus and views over by name: a page by its name, a
// panel by its kind and title on that page.
func (m *Model) keepPlace(before *Dashboard) {
	name, oldFocus := "", m.focus
	if before != nil && m.page < len(before.Pages) {
		name = before.Pages[m.page].Name
	}
	views := map[widgets.Widget]widgets.View{}
	m.focus = make([]int, len(m.dash.Pages))
	for i := range m.dash.Pages {
		j := samePage(before, &m.dash.Pages[i])
		if j < 0 {
			continue
		}
		was, is := pageWidgets(&before.Pages[j]), pageWidgets(&m.dash.Pages[i])
		for n, w := range is {
			o := twin(was, w, n)
			if o < 0 {
				continue
			}
			if v, ok := m.views[was[o]]; ok {
				views[w] = v
			}
			if oldFocus[j] == o {
				m.focus[i] = n
			}
		}
	}
	m.views, m.page = views, pageNamed(m.dash, name)
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

// twin finds the panel that w stands for: at the same place when kind and
// title are the same there, or else the first that has both.
func twin(was []widgets.Widget, w widgets.Widget, at int) int {
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

// pageWidgets returns a page's panels in the order of their index.
func pageWidgets(p *layout.Page) []widgets.Widget {
	var out []widgets.Widget
	for r := range p.Rows {
		for c := range p.Rows[r].Cells {
			out = append(out, p.Rows[r].Cells[c].Widget)
		}
	}
	return out
}
