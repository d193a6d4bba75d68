package ui

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/widgets/theme"
)

// pause holds the picture: newer snapshots are counted, not shown.
type pause struct {
	on     bool
	since  time.Time
	newest *datasource.Snapshot
}

// player returns the feed as a recording, or nil.
func (m *Model) player() datasource.Player {
	p, _ := m.feed.(datasource.Player)
	return p
}

// doPause holds or releases the picture; a recording itself stops.
func (m *Model) doPause() tea.Cmd {
	if p := m.player(); p != nil {
		r := m.snap.Replay
		p.SetPaused(r == nil || !r.Paused)
		m.dirty = true
		return nil
	}
	m.changed()
	if m.pause.on {
		newest := m.pause.newest
		m.pause = pause{}
		if newest != nil {
			return m.show(newest)
		}
		return nil
	}
	m.pause = pause{on: true, since: m.now}
	return nil
}

// pauseText says for how long the picture has stood still and how much has
// happened since; "" when data flow.
func (m *Model) pauseText() datasource.Safe {
	if !m.pause.on {
		return datasource.Safe{}
	}
	text := "for " + chrome.Clock(m.now.Sub(m.pause.since)) + " · data keep arriving"
	if n := m.pause.newest; n != nil && n.Seq > m.snap.Seq {
		behind := int(n.Seq - m.snap.Seq)
		text += ", " + chrome.Count(int64(behind)) + " " + plural("update", behind) + " behind"
	}
	return datasource.Clean(text, 128)
}

// steer moves a recording; without one it says so.
func (m *Model) steer(do func(datasource.Player)) tea.Cmd {
	if p := m.player(); p != nil {
		do(p)
	} else {
		m.say(theme.Label, "only in a recording: ticktop replay FILE")
	}
	return nil
}

func (m *Model) doStep() tea.Cmd     { return m.steer(func(p datasource.Player) { p.Step(1) }) }
func (m *Model) doStepBack() tea.Cmd { return m.steer(func(p datasource.Player) { p.Step(-1) }) }
func (m *Model) doSeek() tea.Cmd     { return m.steer(func(p datasource.Player) { p.Seek(m.stride()) }) }
func (m *Model) doSeekBack() tea.Cmd {
	return m.steer(func(p datasource.Player) { p.Seek(-m.stride()) })
}
func (m *Model) doFaster() tea.Cmd { return m.speed(2) }
func (m *Model) doSlower() tea.Cmd { return m.speed(0.5) }

// stride is how far one seek goes: a twentieth of the recording, a second at
// least and a minute at most.
func (m *Model) stride() time.Duration {
	r := m.snap.Replay
	if r == nil {
		return time.Minute
	}
	return min(max(r.To.Sub(r.From)/20, time.Second), time.Minute)
}

// speed multiplies a recording's speed, between 1/8 and 64 times.
func (m *Model) speed(by float64) tea.Cmd {
	return m.steer(func(p datasource.Player) {
		x := 1.0
		if r := m.snap.Replay; r != nil && r.Speed > 0 {
			x = r.Speed
		}
		x = min(max(x*by, 0.125), 64)
		p.SetSpeed(x)
		m.say(theme.Label, strconv.FormatFloat(x, 'g', 3, 64)+"×")
	})
}
