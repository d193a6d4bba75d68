package ui

import (
	"regexp"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// filterLine is a filter being typed. It is applied at every key; what was
// there before comes back on esc.
type filterLine struct {
	line   input
	widget widgets.Widget
	before string
	bad    bool // not a regular expression as it stands
}

func (m *Model) doFilter() tea.Cmd {
	slot := m.focused()
	if slot == nil {
		return nil
	}
	if !knows(slot.Widget, widgets.ActDown) { // what has rows can be filtered
		m.say(theme.Label, "nothing to filter in "+slot.Widget.Title().String())
		return nil
	}
	f := &filterLine{widget: slot.Widget, before: m.views[slot.Widget].Filter}
	f.line.set(f.before)
	m.filter = f
	m.toast = toast{}
	m.changed()
	return nil
}

func (m *Model) onFilterKey(key, text string) tea.Cmd {
	switch key {
	case "enter":
		m.filter = nil
		m.changed()
	case "esc":
		m.putFilter("")
		m.filter = nil
		m.changed()
	case "up":
		return m.act(widgets.ActUp, 0)
	case "down":
		return m.act(widgets.ActDown, 0)
	default:
		if m.filter.line.key(key, text) {
			m.applyFilter()
		}
	}
	return nil
}

// applyFilter gives the line to the widget when it is a regular expression;
// while it is not, the last one stays and the footer says why.
func (m *Model) applyFilter() {
	m.changed()
	text := m.filter.line.String()
	if _, err := regexp.Compile(strings.TrimPrefix(text, "!")); err != nil {
		m.filter.bad = true
		m.toast = toast{datasource.Clean(strings.TrimPrefix(err.Error(), "error parsing regexp: "), 128), theme.Bad}
		return
	}
	m.filter.bad, m.toast = false, toast{}
	m.putFilter(text)
}

func (m *Model) putFilter(text string) {
	v := m.views[m.filter.widget]
	v.Filter, v.Offset, v.Cursor = text, 0, 0
	m.setView(m.filter.widget, v)
}

func (m *Model) filterPrompt() string {
	if m.filter == nil {
		return ""
	}
	return "/" + datasource.Clean(m.filter.line.String(), maxPaste).String()
}

// filterCursor is where the terminal's cursor stands while a filter is typed.
func (m *Model) filterCursor() *tea.Cursor {
	if m.filter == nil || m.card() != "" {
		return nil
	}
	before := datasource.Clean(string(m.filter.line.runes[:m.filter.line.at]), maxPaste).String()
	return tea.NewCursor(min(2+draw.Width(before), m.w-1), m.h-1)
}
