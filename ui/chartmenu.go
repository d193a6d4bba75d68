package ui

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// openIndicators lists what can be switched in the focused chart, or in the
// first chart of the page that has something to switch.
func openIndicators(m *Model) tea.Cmd {
	slot := chartOnScreen(m)
	if slot < 0 {
		m.showMessage(theme.Label, "no chart with indicators on this page")
		return nil
	}
	w := m.currentScene().Plan.Slots[slot].Widget
	chart, _ := w.(widgets.Overlaid)
	frame := func() widgets.Context { // the page may be laid out anew while the list is open
		f := m.currentScene().Context(min(slot, len(m.currentScene().Plan.Slots)-1), m.snap, m.now)
		f.View = m.views[w]
		return f
	}
	m.open(&overlay.Picker{Title: "Indicators", Stay: true, Note: "enter toggle · q close", List: func() []overlay.Choice {
		var out []overlay.Choice
		for _, o := range chart.Overlays(frame()) {
			out = append(out, overlay.Choice{Name: datasource.Clean(o.Name, 64).String(), Note: o.Text, Mark: textWhen(o.On, "✓", " "),
				Do: func() tea.Cmd { m.setView(w, chart.SwitchOverlay(m.views[w], o.Name)); return nil }})
		}
		return out
	}})
	return nil
}

// chartOnScreen returns the slot of that chart, -1 for none.
func chartOnScreen(m *Model) int {
	sc := m.currentScene()
	if slot := sc.Focused(); slot != nil {
		if _, ok := slot.Widget.(widgets.Overlaid); ok {
			return sc.Focus
		}
	}
	for i := range sc.Plan.Slots {
		if w := sc.Plan.Slots[i].Widget; w != nil {
			if _, ok := w.(widgets.Overlaid); ok {
				return i
			}
		}
	}
	return -1
}

// newOptionsMenu lists the options that can be changed live.
func newOptionsMenu(m *Model) overlay.Overlay {
	return &overlay.Picker{Title: "Options", Stay: true, Note: "enter change · q close · W writes them", List: func() []overlay.Choice { return optionChoices(m) }}
}

func optionChoices(m *Model) []overlay.Choice {
	on := func(name, note string, is bool, toggle func(*Model) tea.Cmd) overlay.Choice {
		return overlay.Choice{Name: name, Note: textWhen(is, "on", "off") + " · " + note, Mark: textWhen(is, "✓", " "),
			Do: func() tea.Cmd { return toggle(m) }}
	}
	out := []overlay.Choice{
		{Name: "theme", Note: m.pal.Name + " · colours", Mark: "›", Do: func() tea.Cmd { m.open(newThemePicker(m)); return nil }},
		{Name: "panels", Note: "hide, move and resize the panels of this page", Mark: "›", Do: func() tea.Cmd { m.open(newPanelList(m)); return nil }},
		{Name: "symbols", Note: m.opt.Symbols.String() + " · what charts are drawn with", Mark: "›", Do: func() tea.Cmd {
			m.opt.Symbols = (m.opt.Symbols + 1) % (theme.ASCII + 1)
			m.setPalette()
			return nil
		}},
		{Name: "frames", Note: strconv.Itoa(m.opt.FPS) + " a second at most", Mark: "›", Do: func() tea.Cmd {
			m.opt.FPS = map[bool]int{true: 5, false: m.opt.FPS * 2}[m.opt.FPS >= 30]
			return nil
		}},
		on("times", "times of day instead of ages", m.stamps, toggleStamps),
		on("private", "hide balances, also in copies", m.private, togglePrivate),
		on("mouse", "off lets the terminal select text", m.mouse, toggleMouse),
	}
	notify := m.opt.Notify
	if notify == "" {
		notify = "off"
	}
	next := map[string]string{"off": "bell", "bell": "osc9", "osc9": "osc777", "osc777": "osc99", "osc99": "off"}[notify]
	return append(out, overlay.Choice{Name: "notify", Note: notify + " · how alerts reach the desktop", Mark: "›",
		Do: func() tea.Cmd { m.opt.Notify = next; m.markChanged(); return nil }})
}
