package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
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
	// cheap when little has changed. It belongs to one goroutine.
	Render func(s *datasource.Snapshot, now time.Time) string
}

// Picture returns what the session shows now. Like Update and View it belongs
// to the program's goroutine; the Render in it does not.
func (m *Model) Picture() Picture {
	p := Picture{W: m.w, H: m.h, Title: m.windowTitle()}
	if m.mouse {
		p.Mouse = tea.MouseModeCellMotion
	}
	sc := m.current()
	p.Key = sc.key
	if m.card() != "" || m.overlay != nil || m.filter != nil || m.pause.on {
		p.Key.alone = m.id
		p.Cursor = m.View().Cursor
		p.Render = func(*datasource.Snapshot, time.Time) string { return m.View().Content }
		return p
	}
	p.Shared = true
	cache, log, mm := m.opt.Cache, m.opt.Log, new(memo)
	p.Render = func(s *datasource.Snapshot, now time.Time) string {
		if s.Replay != nil {
			now = s.Replay.At
		}
		return sc.draw(mm, cache, log, s, wholeSecond(now))
	}
	return p
}

// Vars returns the variables of the dashboard shown, to open a feed of the same
// data for a group of sessions. The map is shared.
func (m *Model) Vars() map[string][]string {
	if m.dash == nil {
		return nil
	}
	return m.dash.Vars
}
