package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// doCopy copies the value under the cursor, doCopyRow its whole row as JSON.
func (m *Model) doCopy() tea.Cmd    { return m.copyOut(false) }
func (m *Model) doCopyRow() tea.Cmd { return m.copyOut(true) }

func (m *Model) copyOut(row bool) tea.Cmd {
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
		m.say(theme.Warn, "balances are hidden: "+m.opt.Keys.Key("private")+" shows them")
		return nil
	}
	v := rowOf(&e.Value, t)
	if !row {
		v = fieldOf(v, t.Field)
	}
	text := plainText(v, row)
	if len(text) > maxCopy {
		m.say(theme.Warn, "too long for a clipboard")
		return nil
	}
	shown := datasource.Clean(text, 48).String()
	m.say(theme.Good, "copied "+shown)
	return m.term.copy(text)
}

// hides reports whether a datum's value must not be told.
func (m *Model) hides(e *entry) bool {
	return m.hidesBalances() && !mask.Market(&e.Ref)
}

// rowOf returns the row that a target names, or the whole value.
func rowOf(v *datasource.Value, t widgets.Target) *datasource.Value {
	switch {
	case t.Row < 0:
	case v.Type == datasource.TypeArray && t.Row < len(v.Items):
		return &v.Items[t.Row]
	case v.Type == datasource.TypeMessages && t.Row < len(v.Messages):
		return &v.Messages[t.Row].Value
	}
	return v
}

// fieldOf follows a dotted path of fields as far as it goes.
func fieldOf(v *datasource.Value, path string) *datasource.Value {
	if path == "" {
		return v
	}
	if f, ok := v.Field(path); ok { // a name may hold dots itself
		return f
	}
	head, rest, _ := strings.Cut(path, ".")
	if f, ok := v.Field(head); ok && rest != "" {
		return fieldOf(f, rest)
	}
	return v
}

// plainText is what goes to the clipboard: a number's digits, a text as it is,
// anything else as JSON. All of it has passed the gate when it was decoded.
func plainText(v *datasource.Value, asJSON bool) string {
	if !asJSON {
		switch v.Type {
		case datasource.TypeNumber:
			return v.Num.String()
		case datasource.TypeText:
			return v.Text.String()
		}
	}
	return string(valueJSON(nil, v, -1))
}

// announce tells of alerts that have just fired: the bell, and the desktop
// where that is wanted; at most once a second.
func (m *Model) announce(fresh []datasource.Alert) tea.Cmd {
	if len(fresh) > 0 || len(m.alerts.active) > 0 || m.scene != nil && m.scene.key.quiet != "" {
		m.changed()
	}
	now := m.opt.Clock()
	if len(fresh) == 0 || m.opt.Notify == "" || m.opt.Notify == "off" || now.Sub(m.bellAt) < time.Second && now.After(m.bellAt) {
		return nil
	}
	loud := -1
	for i := range fresh {
		if m.alerts.state(&fresh[i], m.now) == "" {
			loud = i
			break
		}
	}
	if loud < 0 {
		return nil
	}
	m.bellAt = now
	cmds := []tea.Cmd{tea.Raw("\a")}
	text := datasource.Clean(alertText(&fresh[loud], m.hidesBalances(), m.snap).String(), 200).String()
	if seq := notification(m.opt.Notify, m.opt.Title, text); seq != "" {
		cmds = append(cmds, m.term.through(seq))
	}
	return tea.Batch(cmds...)
}
