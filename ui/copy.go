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
	t, ok := m.focusedTarget()
	if !ok {
		m.showMessage(theme.Label, "nothing here to copy")
		return nil
	}
	e := m.snap.Get(t.Name)
	if !e.Known() {
		m.showMessage(theme.Warn, "no value to copy yet")
		return nil
	}
	if m.hidesValue(e) {
		m.showMessage(theme.Warn, "balances are hidden: "+m.opt.Keys.Key(keymap.Private)+" shows them")
		return nil
	}
	v := overlay.RowOf(&e.Value, t)
	if !row {
		v = overlay.FieldOf(v, t.Field)
	}
	text := overlay.PlainText(v, row)
	if len(text) > maxCopy {
		m.showMessage(theme.Warn, "too long for a clipboard")
		return nil
	}
	shown := datasource.Clean(text, 48).String()
	m.showMessage(theme.Good, "copied "+shown)
	return m.term.copyText(text)
}

// hidesValue reports whether a datum's value must not be told.
func (m *Model) hidesValue(e *datasource.Entry) bool {
	return m.hidesBalances() && !mask.Market(e.Ref)
}

// announceAlerts tells of alerts that have just fired: the bell, and the desktop
// where that is wanted; at most once a second.
func announceAlerts(m *Model, fresh []datasource.Alert) tea.Cmd {
	if len(fresh) > 0 || len(m.alerts.Active) > 0 || m.scene != nil && m.scene.Key.Alerts != "" {
		m.markChanged()
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
	if seq := desktopNotification(m.opt.Notify, m.opt.Title, text); seq != "" {
		cmds = append(cmds, m.term.sendThrough(seq))
	}
	return tea.Batch(cmds...)
}
