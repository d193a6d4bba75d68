package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/scene"
)

// Frame is what a session shows, as data: for a server that draws once for
// all sessions that show the same thing, in the place of Bubble Tea's
// renderer.
type Frame struct {
	// Key is comparable: sessions with equal keys show equal frames of equal
	// data. Dashboards are distinguished by their address, so a Desk that wants
	// its sessions to share must hand out one Dashboard for equal variables and
	// rights.
	Key scene.Key
	// Shared is false while the session shows something private: an open
	// box, a filter being typed, a card, a frame held by pause. It is then
	// drawn by View, for this session alone.
	Shared bool
	W, H   int
	Title  string
	Mouse  tea.MouseMode
	Cursor *tea.Cursor // nil: hidden
	// Render draws the whole frame: H lines of W cells. It depends on nothing
	// that a session can change afterwards and keeps its last panels, so it is
	// cheap when little has changed. Safe for concurrent use while Shared.
	Render func(s *datasource.Snapshot, now time.Time) string
}

// Frame returns what the session shows now. Like Update and View it belongs
// to the program's goroutine; the Render in it does not.
func (m *Model) Frame() Frame {
	p := Frame{W: m.w, H: m.h, Title: m.Title(), Mouse: m.Mouse()}
	sc := m.currentScene()
	p.Key = sc.Key
	if isPersonal(m) {
		p.Key.Alone = m.id
		p.Cursor = m.View().Cursor
		p.Render = func(*datasource.Snapshot, time.Time) string { return m.View().Content }
		return p
	}
	if sc != m.sharedOf {
		m.sharedOf, m.shared = sc, sc.Renderer(m.opt.Cache, m.opt.Log)
	}
	p.Shared, p.Render = true, m.shared
	return p
}

// isPersonal reports whether the session shows something that no other does.
func isPersonal(m *Model) bool {
	return m.cardInstead() != "" || m.overlay != nil || m.filter != nil || m.pause.on || m.ownFiring
}

// catchUp takes the newest data: a session whose frame is drawn by a
// group is woken less often than the frame changes, and a key must act on
// what is seen.
func catchUp(m *Model) {
	if m.watch.feed != nil && !m.pause.on {
		if s := m.watch.feed.Snapshot(); s != m.whole {
			m.takeSnapshot(s)
		}
	}
}
