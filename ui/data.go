package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
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
		vars map[string][]string
		why  string // what was tried: "account ACC-2"

		asked uint64 // which question this answers
	}
	captionMsg struct{ text datasource.Safe }
)

// NoticeMsg is Notice for other goroutines: send it with Program.Send.
type NoticeMsg struct{ Text datasource.Safe }

// waitData returns a command that waits until the feed has something newer.
// The first changes after quiet are delivered at once: a poll that brought
// nothing to see does not delay the tick behind it. In a burst the command holds
// the next one back, so that a session is woken at the frame rate whatever the
// tick rate.
func (m *Model) waitData(first bool) tea.Cmd {
	if m.feed == nil {
		return nil
	}
	changed, done, gen, next := m.feed.Changed(), m.feedDone, m.gen, m.nextData(first)
	return func() tea.Msg {
		select {
		case <-changed:
		case <-done:
			return nil
		}
		if left := time.Until(next); left > 0 {
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

// framesAhead is how many changes may come sooner than the frame rate allows.
const framesAhead = 4

// nextData is before when the next change is held back.
func (m *Model) nextData(first bool) time.Time {
	switch {
	case first || m.loading():
		return time.Time{}
	case m.opt.Grouped && !m.personal():
		return time.Now().Add(time.Second)
	}
	return m.paced.Add(-framesAhead * m.frameGap())
}

// countFrame notes a change that was delivered at now, held back or not.
func (m *Model) countFrame(now time.Time) {
	gap := m.frameGap()
	if m.paced.Before(now) {
		m.paced = now
	}
	if most := now.Add((framesAhead + 1) * gap); m.paced.Add(gap).Before(most) {
		m.paced = m.paced.Add(gap)
	} else {
		m.paced = most
	}
}

// frameGap is the time between two frames of a burst.
func (m *Model) frameGap() time.Duration { return time.Second / time.Duration(m.opt.FPS) }

// loading reports whether most data have had no answer yet, which the engine
// ends within a few seconds: until then a change is not worth holding back,
// however soon it comes after the one before.
func (m *Model) loading() bool {
	n := 0
	for i := range m.snap.Len() {
		if _, e := m.snap.Nth(i); e == nil || e.State == datasource.StateLoading {
			n++
		}
	}
	return 2*n > m.snap.Len()
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
	m.countFrame(time.Now())
	if m.pause.on {
		m.changed() // the banner counts
		return m.waitData(false)
	}
	return tea.Batch(m.show(m.pause.newest), m.waitData(false))
}

// take makes a snapshot the session's: what draws, copies and inspects sees no
// more of it than may be shown.
func (m *Model) take(snap *datasource.Snapshot) {
	m.whole, m.snap, m.dirty = snap, snap, true
	if m.hidesBalances() {
		m.snap = m.hiding.Of(snap)
	}
}

// show makes snap the picture.
func (m *Model) show(snap *datasource.Snapshot) tea.Cmd {
	m.take(snap)
	if snap.Slept != m.slept {
		m.slept, m.pause.since = snap.Slept, snap.Slept.Shift(m.pause.since)
		m.alerts.slept(snap.Slept)
	}
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
