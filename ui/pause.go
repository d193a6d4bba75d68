package ui

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/scene"
	"ticktop/widgets/theme"
)

// pause freezes the screen: newer snapshots are counted, not shown.
type pause struct {
	on     bool
	since  time.Time
	newest *datasource.Snapshot
}

// recordingPlayer returns the feed as a recording, or nil.
func (m *Model) recordingPlayer() datasource.Player {
	p, _ := m.watch.feed.(datasource.Player)
	return p
}

// doPause freezes or releases the screen; a recording itself stops.
func doPause(m *Model) tea.Cmd {
	if p := m.recordingPlayer(); p != nil {
		r := m.snap.Replay
		p.SetPaused(r == nil || !r.Paused)
		m.dirty = true
		return nil
	}
	m.markChanged()
	if m.pause.on {
		newest := m.pause.newest
		m.pause = pause{}
		if newest != nil {
			return showSnapshot(m, newest)
		}
		return nil
	}
	m.pause = pause{on: true, since: m.now}
	return nil
}

// pauseText says for how long the screen has been frozen and how much has
// happened since; "" while data flows.
func pauseText(m *Model) datasource.Safe {
	if !m.pause.on {
		return datasource.Safe{}
	}
	text := "for " + format.Stopwatch(m.now.Sub(m.pause.since)) + " · data keeps arriving"
	if n := m.pause.newest; n != nil && n.Seq > m.snap.Seq {
		behind := int(n.Seq - m.snap.Seq)
		text += ", " + format.Count(int64(behind)) + " " + scene.Plural("update", behind) + " behind"
	}
	return datasource.Clean(text, 128)
}

// steerPlayer moves a recording; without one it says so.
func steerPlayer(m *Model, do func(datasource.Player)) tea.Cmd {
	if p := m.recordingPlayer(); p != nil {
		do(p)
	} else {
		m.showMessage(theme.Label, "only in a recording: ticktop replay FILE")
	}
	return nil
}

// seekStep is how far one seek goes: a twentieth of the recording, a second at
// least and a minute at most.
func seekStep(m *Model) time.Duration {
	r := m.snap.Replay
	if r == nil {
		return time.Minute
	}
	return min(max(r.To.Sub(r.From)/20, time.Second), time.Minute)
}

// speed multiplies a recording's speed, between 1/8 and 64 times.
func multiplySpeed(m *Model, by float64) tea.Cmd {
	return steerPlayer(m, func(p datasource.Player) {
		x := 1.0
		if r := m.snap.Replay; r != nil && r.Speed > 0 {
			x = r.Speed
		}
		x = min(max(x*by, 0.125), 64)
		p.SetSpeed(x)
		m.showMessage(theme.Label, strconv.FormatFloat(x, 'g', 3, 64)+"×")
	})
}
