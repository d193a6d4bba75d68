package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/scene"
)

// watch is a session's watch of one feed, and how often it may wake the session.
type watch struct {
	feed  datasource.Feed
	ended chan struct{} // closed when feed is replaced or the session ends
	gen   uint64        // of the feed: messages of an earlier one are ignored
	paced time.Time     // when the feed's messages, at the frame rate, would be through
}

// watchFeed begins to watch another feed. The old one is the caller's to close.
func (w *watch) watchFeed(feed datasource.Feed) {
	if w.ended != nil {
		close(w.ended) // ends the wait for the old feed, which closes no channel
	}
	w.feed, w.ended = feed, make(chan struct{})
	w.gen++
}

func (w *watch) close() {
	if w.feed != nil {
		close(w.ended)
		w.feed.Close()
	}
}

// nextFree is before when the next change is held back, at one frame every gap.
func (w *watch) nextFree(gap time.Duration) time.Time { return w.paced.Add(-framesAhead * gap) }

// countFrame notes a change that was delivered at now, held back or not.
func (w *watch) countFrame(now time.Time, gap time.Duration) {
	if w.paced.Before(now) {
		w.paced = now
	}
	if most := now.Add((framesAhead + 1) * gap); w.paced.Add(gap).Before(most) {
		w.paced = w.paced.Add(gap)
	} else {
		w.paced = most
	}
}

// framesAhead is how many changes may come sooner than the frame rate allows.
const framesAhead = 4

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
func waitData(m *Model, first bool) tea.Cmd {
	if m.watch.feed == nil {
		return nil
	}
	changed, done, gen, next := m.watch.feed.Changed(), m.watch.ended, m.watch.gen, nextData(m, first)
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

// nextData is before when the next change is held back.
func nextData(m *Model, first bool) time.Time {
	switch {
	case first || isLoading(m):
		return time.Time{}
	case m.opt.Grouped && !isPersonal(m):
		return time.Now().Add(time.Second)
	}
	return m.watch.nextFree(frameGap(m))
}

// frameGap is the time between two frames of a burst.
func frameGap(m *Model) time.Duration { return time.Second / time.Duration(m.opt.FPS) }

// isLoading reports whether most data has had no answer yet, which the engine
// ends within a few seconds: until then a change is not worth holding back,
// however soon it comes after the one before.
func isLoading(m *Model) bool {
	n := 0
	for i := range m.snap.Len() {
		if _, e := m.snap.Nth(i); e == nil || e.State == datasource.StateLoading {
			n++
		}
	}
	return 2*n > m.snap.Len()
}

// waitSecond ticks on whole seconds, which ages and countdowns need.
func waitSecond(m *Model) tea.Cmd {
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

func waitDesk(m *Model) tea.Cmd {
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

func waitCaption(m *Model) tea.Cmd {
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

func onData(m *Model, msg dataMsg) tea.Cmd {
	if msg.gen != m.watch.gen {
		return nil
	}
	m.pause.newest = m.watch.feed.Snapshot()
	m.watch.countFrame(time.Now(), frameGap(m))
	if m.pause.on {
		m.markChanged() // the banner counts
		return waitData(m, false)
	}
	return tea.Batch(showSnapshot(m, m.pause.newest), waitData(m, false))
}

// takeSnapshot makes a snapshot the session's: what draws, copies and inspects sees no
// more of it than may be shown.
func (m *Model) takeSnapshot(snap *datasource.Snapshot) {
	m.whole, m.snap, m.dirty = snap, withOwnAlerts(m, snap), true
	if m.hidesBalances() {
		m.snap = m.hiding.Of(m.snap)
	}
}

// showSnapshot makes snap what is shown.
func showSnapshot(m *Model, snap *datasource.Snapshot) tea.Cmd {
	m.takeSnapshot(snap)
	if m.scene != nil && (scene.RedisDown(snap) != m.scene.Key.Outage || snap.Len() != m.scene.Key.Items) {
		m.markChanged() // a banner comes or goes, or panels have more to show
	}
	if m.selected.Empty() {
		m.keepSelection()
	}
	if snap.Slept != m.suspend {
		m.suspend, m.pause.since = snap.Slept, snap.Slept.Shift(m.pause.since)
		m.alerts.Resumed(snap.Slept)
	}
	if snap.Replay != nil {
		m.now = scene.WholeSecond(snap.Replay.At)
	}
	return announceAlerts(m, m.alerts.Follow(snap.Alerts, m.now))
}

func onSecond(m *Model, msg secondMsg) tea.Cmd {
	m.dirty = true
	if m.snap.Replay == nil {
		m.now = scene.WholeSecond(msg.at)
	}
	if !m.toast.Text.Empty() && !msg.at.Before(m.toastTo) {
		m.toast = scene.Toast{}
		m.markChanged()
	}
	rememberState(m)
	if m.opt.Alerts != nil && m.snap.Replay == nil && !m.pause.on { // a rule may hold for a time, or look at an age
		before := m.ownFiring
		if m.takeSnapshot(m.whole); before || m.ownFiring {
			return tea.Batch(announceAlerts(m, m.alerts.Follow(m.snap.Alerts, m.now)), waitSecond(m))
		}
	}
	if m.opt.Rate != nil {
		if r := format.BytesRate(m.opt.Rate()); r != m.rate {
			m.rate = r
			m.markChanged()
		}
	}
	if m.pause.on || m.alerts.HasSnoozes() {
		m.markChanged()
	}
	return waitSecond(m)
}

func onCaption(m *Model, msg captionMsg) tea.Cmd {
	m.caption = msg.text
	m.markChanged()
	return waitCaption(m)
}
