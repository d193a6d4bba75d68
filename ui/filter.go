package ui

import (
	"regexp"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// filterLine is a filter being typed. It is applied at every key; what was
// there before comes back on esc.
type filterLine struct {
	line   overlay.Input
	widget widgets.Widget
	before string
	bad    bool // not a regular expression as it stands
}

func doFilter(m *Model) tea.Cmd {
	slot := m.focusedSlot()
	if slot == nil {
		return nil
	}
	if !scene.Knows(slot.Widget, widgets.ActDown) { // what has rows can be filtered
		m.showMessage(theme.Label, "nothing to filter in "+slot.Widget.Title().String())
		return nil
	}
	f := &filterLine{widget: slot.Widget, before: m.views[slot.Widget].Filter}
	f.line.Set(f.before)
	m.filter = f
	m.toast = scene.Toast{}
	m.markChanged()
	return nil
}

func onFilterKey(m *Model, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "enter":
		m.filter = nil
		m.markChanged()
	case "esc":
		putFilter(m, "")
		m.filter = nil
		m.markChanged()
	case "up":
		return m.actOnWidget(widgets.ActUp, 0)
	case "down":
		return m.actOnWidget(widgets.ActDown, 0)
	default:
		if m.filter.line.Key(msg) {
			applyFilter(m)
		}
	}
	return nil
}

// applyFilter gives the line to the widget when it is a regular expression;
// while it is not, the last one stays and the footer says why.
func applyFilter(m *Model) {
	m.markChanged()
	text := m.filter.line.Text()
	if _, err := regexp.Compile(strings.TrimPrefix(text, "!")); err != nil {
		m.filter.bad = true
		m.toast = scene.Toast{Text: datasource.Clean(strings.TrimPrefix(err.Error(), "error parsing regexp: "), 128), Role: theme.Bad}
		return
	}
	m.filter.bad, m.toast = false, scene.Toast{}
	putFilter(m, text)
}

func putFilter(m *Model, text string) {
	v := m.views[m.filter.widget]
	v.Filter, v.Offset, v.Cursor = text, 0, 0
	m.setView(m.filter.widget, v)
}

func filterPrompt(m *Model) string {
	if m.filter == nil {
		return ""
	}
	return "/" + m.filter.line.Shown().String()
}

// filterCursor is where the terminal's cursor stands while a filter is typed.
func (m *Model) filterCursor() *tea.Cursor {
	if m.filter == nil || m.cardInstead() != "" {
		return nil
	}
	before := m.filter.line.BeforeCursor()
	return tea.NewCursor(min(2+draw.Width(before), m.w-1), m.h-1)
}
