package ui

import (
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/mask"
)

// Picture is what a session shows, as data: for a server that draws once for
// all sessions that show the same thing, in the place of Bubble Tea's
// renderer.
type Picture struct {
	// Key is comparable: sessions with equal keys show equal pictures of equal
	// data. Dashboards are told apart by their address, so a Desk that wants
	// its sessions to share must hand out one Dashboard for equal variables and
	// rights.
	Key SceneKey
	// Shared is false while the session shows something of its own: an open
	// box, a filter being typed, a card, a picture held by pause. It is then
	// drawn by View, for this session alone.
	Shared bool
	W, H   int
	Title  string
	Mouse  tea.MouseMode
	Cursor *tea.Cursor // nil: hidden
	// Render draws the whole picture: H lines of W cells. It depends on nothing
	// that a session can change afterwards and keeps its last panels, so it is
	// cheap when little has changed. Safe for concurrent use while Shared.
	Render func(s *datasource.Snapshot, now time.Time) string
}

// Picture returns what the session shows now. Like Update and View it belongs
// to the program's goroutine; the Render in it does not.
func (m *Model) Picture() Picture {
	p := Picture{W: m.w, H: m.h, Title: m.Title(), Mouse: m.Mouse()}
	sc := m.current()
	p.Key = sc.key
	if m.personal() {
		p.Key.alone = m.id
		p.Cursor = m.View().Cursor
		p.Render = func(*datasource.Snapshot, time.Time) string { return m.View().Content }
		return p
	}
	if sc != m.sharedOf {
		m.sharedOf, m.shared = sc, sc.renderer(m.opt.Cache, m.opt.Log)
	}
	p.Shared, p.Render = true, m.shared
	return p
}

// renderer returns a function that draws the scene for a group. The lock is for
// the moment in which one group ends and the next begins with it.
func (sc *Scene) renderer(cache *Cache, log panicLog) func(*datasource.Snapshot, time.Time) string {
	var mu sync.Mutex
	var mm memo
	var hiding mask.View
	return func(s *datasource.Snapshot, now time.Time) string {
		mu.Lock()
		defer mu.Unlock()
		if sc.key.private {
			s = hiding.Of(s)
		}
		if s.Replay != nil {
			now = s.Replay.At
		}
		return sc.draw(&mm, cache, log, s, wholeSecond(now))
	}
}

// personal reports whether the session shows something that no other does.
func (m *Model) personal() bool {
	return m.card() != "" || m.overlay != nil || m.filter != nil || m.pause.on
}

// catchUp takes the newest data: a session whose picture another draws is
// woken by them less often than the picture changes, and a key must act on
// what is seen.
func (m *Model) catchUp() {
	if m.feed != nil && !m.pause.on {
		if s := m.feed.Snapshot(); s != m.whole {
			m.take(s)
		}
	}
}

// Mouse returns the mouse mode that the session asks for.
func (m *Model) Mouse() tea.MouseMode {
	if m.mouse {
		return tea.MouseModeCellMotion
	}
	return tea.MouseModeNone
}

// Vars returns the variables of the dashboard shown, to open a feed of the same
// data for a group of sessions. The map is shared.
func (m *Model) Vars() map[string][]string {
	if m.dash == nil {
		return nil
	}
	return m.dash.Vars
}
