package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// The messages that a session sends itself.
type (
	dataMsg   struct{ gen uint64 } // the feed has something newer
	secondMsg struct{ at time.Time }
	deskMsg   struct{} // the configuration was reloaded
	openedMsg struct {
		dash *Dashboard
		feed datasource.Feed
		err  error
		why  string // what was tried: "account ACC-2"
	}
	captionMsg struct{ text datasource.Safe }
)

// NoticeMsg is Notice for other goroutines: send it with Program.Send.
type NoticeMsg struct{ Text datasource.Safe }

// waitData returns a command that waits until the feed has something newer.
// The first change after quiet is delivered at once; in a burst the command
// holds the next one back until a frame has passed since the last, so that a
// session is woken at the frame rate whatever the tick rate.
func (m *Model) waitData(first bool) tea.Cmd {
	if m.feed == nil {
		return nil
	}
	changed, done, gen := m.feed.Changed(), m.feedDone, m.gen
	last, gap := time.Now(), time.Second/time.Duration(m.opt.FPS)
	if m.opt.Grouped && !m.personal() {
		gap = time.Second
	}
	if first {
		last = time.Time{}
	}
	return func() tea.Msg {
		select {
		case <-changed:
		case <-done:
			return nil
		}
		if left := gap - time.Since(last); left > 0 && left <= gap {
			timer := time.NewTimer(left)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-done:
				return nil
			}
		}
		return dataMsg{gen}
	}
}

// waitSecond ticks on whole seconds, which ages and countdowns are told by.
func (m *Model) waitSecond() tea.Cmd {
	now, clock, done := m.opt.Clock(), m.opt.Clock, m.done
	left := time.Second - time.Duration(now.Nanosecond())
	return func() tea.Msg {
		timer := time.NewTimer(left)
		defer timer.Stop()
		select {
		case <-timer.C:
			return secondMsg{clock()}
		case <-done:
			return nil
		}
	}
}

func (m *Model) waitDesk() tea.Cmd {
	changed, done := m.opt.Desk.Changed(), m.done
	if changed == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case <-changed:
			return deskMsg{}
		case <-done:
			return nil
		}
	}
}

func (m *Model) waitCaption() tea.Cmd {
	captions, done := m.opt.Captions, m.done
	if captions == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case text, ok := <-captions:
			if !ok {
				return nil
			}
			return captionMsg{text}
		case <-done:
			return nil
		}
	}
}

func (m *Model) onData(msg dataMsg) tea.Cmd {
	if msg.gen != m.gen {
		return nil
	}
	m.pause.newest = m.feed.Snapshot()
	if m.pause.on {
		m.changed() // the banner counts
		return m.waitData(false)
	}
	return tea.Batch(m.show(m.pause.newest), m.waitData(false))
}

// show makes snap the picture.
func (m *Model) show(snap *datasource.Snapshot) tea.Cmd {
	m.snap, m.dirty = snap, true
	if snap.Replay != nil {
		m.now = wholeSecond(snap.Replay.At)
	}
	return m.announce(m.alerts.follow(snap.Alerts, m.now))
}

func (m *Model) onSecond(msg secondMsg) tea.Cmd {
	m.dirty = true
	if m.snap.Replay == nil {
		m.now = wholeSecond(msg.at)
	}
	if !m.toast.text.Empty() && !msg.at.Before(m.toastTo) {
		m.toast = toast{}
		m.changed()
	}
	if m.opt.Rate != nil {
		if r := chrome.Rate(m.opt.Rate()); r != m.rate {
			m.rate = r
			m.changed()
		}
	}
	if m.pause.on || len(m.alerts.snoozed) > 0 {
		m.changed()
	}
	return m.waitSecond()
}

func (m *Model) onCaption(msg captionMsg) tea.Cmd {
	m.caption = msg.text
	m.changed()
	return m.waitCaption()
}

// Notice shows a message of the program as a banner until a key is pressed: the
// server is about to restart, the session to end for lack of input. An empty
// one takes it away.
func (m *Model) Notice(text datasource.Safe) {
	m.notice = text
	m.changed()
}

// say puts a message into the footer for a few seconds.
func (m *Model) say(role theme.Role, text string) {
	m.toast = toast{datasource.Clean(text, datasource.MaxCell), role}
	m.toastTo = m.opt.Clock().Add(4 * time.Second)
	m.changed()
}

// reopen asks the desk for the dashboard of other variables, in a command.
func (m *Model) reopen(vars map[string][]string, why string) tea.Cmd {
	desk := m.opt.Desk
	return func() tea.Msg {
		dash, feed, err := desk.Open(vars)
		return openedMsg{dash, feed, err, why}
	}
}

func (m *Model) onDesk() tea.Cmd {
	var vars map[string][]string
	if m.dash != nil {
		vars = m.dash.Vars
	}
	return tea.Batch(m.reopen(vars, "reload"), m.waitDesk())
}

// onOpened takes a new dashboard over, or says why the old one stays.
func (m *Model) onOpened(msg openedMsg) tea.Cmd {
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
	m.snap = feed.Snapshot()
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
