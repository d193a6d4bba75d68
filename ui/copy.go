package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/ui/alertbook"
	"ticktop/ui/keymap"
	"ticktop/ui/overlay"
	"ticktop/widgets/theme"
)

// copyTarget copies the value under the cursor, or its whole row as JSON.
func copyTarget(m *Model, row bool) tea.Cmd {
	t, ok := m.target()
	if !ok {
		m.say(theme.Label, "nothing here to copy")
		return nil
	}
	e := m.snap.Get(t.Name)
	if !e.Known() {
		m.say(theme.Warn, "no value to copy yet")
		return nil
	}
	if m.hides(e) {
		m.say(theme.Warn, "balances are hidden: "+m.opt.Keys.Key(keymap.Private)+" shows them")
		return nil
	}
	v := overlay.RowOf(&e.Value, t)
	if !row {
		v = overlay.FieldOf(v, t.Field)
	}
	text := overlay.PlainText(v, row)
	if len(text) > maxCopy {
		m.say(theme.Warn, "too long for a clipboard")
		return nil
	}
	shown := datasource.Clean(text, 48).String()
	m.say(theme.Good, "copied "+shown)
	return m.term.copy(text)
}

// hides reports whether a datum's value must not be told.
func (m *Model) hides(e *datasource.Entry) bool {
	return m.hidesBalances() && !mask.Market(&e.Ref)
}

// announce tells of alerts that have just fired: the bell, and the desktop
// where that is wanted; at most once a second.
func announce(m *Model, fresh []datasource.Alert) tea.Cmd {
	if len(fresh) > 0 || len(m.alerts.Active) > 0 || m.scene != nil && m.scene.Key.Alerts != "" {
		m.changed()
	}
	now := m.opt.Clock()
	if len(fresh) == 0 || m.opt.Notify == "" || m.opt.Notify == "off" || now.Sub(m.bellAt) < time.Second && now.After(m.bellAt) {
		return nil
	}
	loud := -1
	for i := range fresh {
		if m.alerts.State(&fresh[i], m.now) == "" {
			loud = i
			break
		}
	}
	if loud < 0 {
		return nil
	}
	m.bellAt = now
	cmds := []tea.Cmd{tea.Raw("\a")}
	text := datasource.Clean(alertbook.Text(&fresh[loud], m.hidesBalances(), m.snap).String(), 200).String()
	if seq := notification(m.opt.Notify, m.opt.Title, text); seq != "" {
		cmds = append(cmds, m.term.through(seq))
	}
	return tea.Batch(cmds...)
}
