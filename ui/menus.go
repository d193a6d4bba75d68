package ui

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/alertbook"
	"ticktop/ui/keymap"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// newPalette lists everything one can go to or do, each with its key, what was
// chosen last first. Choosing never removes anything.
func newPalette(m *Model) overlay.Overlay {
	return &overlay.Picker{Title: "Go to", Typing: true, List: func() []overlay.Choice { return paletteChoices(m) },
		Free: func(text string) []overlay.Choice { return freeText(m, text) }, Note: "enter run · tab complete · esc"}
}

// maxRecent is how many choices the palette offers first.
const maxRecent = 5

func paletteChoices(m *Model) []overlay.Choice {
	out := pageChoices(m)
	out = append(out, goToSymbolChoices(m)...)
	out = append(out, actionChoices(m)...)
	out = append(out, panelChoices(m)...)
	out = append(out, accountChoices(m)...)
	out = append(out, alertChoices(m)...)
	out = append(out, themeChoices(m)...)
	for i := range out {
		c := out[i]
		out[i].Do = func() tea.Cmd {
			m.recent = append([]string{c.Kind + " " + c.Name}, slices.DeleteFunc(m.recent, func(s string) bool { return s == c.Kind+" "+c.Name })...)
			m.recent = m.recent[:min(len(m.recent), maxRecent)]
			return c.Do()
		}
	}
	slices.SortStableFunc(out, func(a, b overlay.Choice) int { return byRecency(m, a) - byRecency(m, b) })
	return out
}

// byRecency orders what was chosen last before all else.
func byRecency(m *Model, c overlay.Choice) int {
	if i := slices.Index(m.recent, c.Kind+" "+c.Name); i >= 0 {
		return i
	}
	return maxRecent
}

// goToSymbolChoices lists the elements on the dashboard: choosing one opens its
// page.
func goToSymbolChoices(m *Model) []overlay.Choice {
	var out []overlay.Choice
	for _, s := range elementsOf(m) {
		name := datasource.Clean(s, 64)
		out = append(out, overlay.Choice{Kind: "symbol", Name: name.String(), Note: textWhen(name == m.selected, "selected", ""),
			Do: func() tea.Cmd { return openSymbol(m, name) }})
	}
	return out
}

// alertChoices lists what fires: choosing it opens the list of alerts.
func alertChoices(m *Model) []overlay.Choice {
	var out []overlay.Choice
	for i := range m.alerts.Active {
		a := &m.alerts.Active[i]
		out = append(out, overlay.Choice{Kind: "alert", Name: alertbook.Text(a, m.hidesBalances(), m.snap).String(), Note: a.Level.String(),
			Do: func() tea.Cmd { m.open(newAlertList(m)); return nil }})
	}
	return out
}

func actionChoices(m *Model) []overlay.Choice {
	var out []overlay.Choice
	table := m.opt.Keys.Bindings()
	for _, i := range commonFirst(table) {
		b := &table[i]
		switch {
		case b.Action == keymap.Page, b.Action == keymap.SortColumn, b.Action == keymap.Palette, b.Action == keymap.Back, !isOffered(m, b):
			continue
		}
		first := ""
		if len(b.Keys) > 0 {
			first = b.Keys[0]
		}
		out = append(out, overlay.Choice{Kind: "action", Name: string(b.Action), Note: b.Help, Keys: b.ShowKeys(),
			Do: func() tea.Cmd { return doAction(m, b.Action, first) }})
	}
	return out
}

// commonFirst orders the table for the palette: what one does to a dashboard before
// how one moves in it.
func commonFirst(table []keymap.Binding) []int {
	var first, last []int
	for i := range table {
		b := &table[i]
		if b.Asks != widgets.ActNone || strings.HasPrefix(string(b.Action), "focus-") {
			last = append(last, i)
		} else {
			first = append(first, i)
		}
	}
	return append(first, last...)
}

func pageChoices(m *Model) []overlay.Choice {
	var out []overlay.Choice
	for i := range m.dash.Pages {
		keys := ""
		if i < 9 {
			keys = strconv.Itoa(i + 1)
		}
		out = append(out, overlay.Choice{Kind: "page", Name: datasource.Clean(m.dash.Pages[i].Name, 64).String(), Keys: keys,
			Do: func() tea.Cmd { goPage(m, i); return nil }})
	}
	return out
}

// panelChoices lists the panels of every page: choosing one goes there.
func panelChoices(m *Model) []overlay.Choice {
	var out []overlay.Choice
	for p := range m.dash.Pages {
		page := datasource.Clean(m.dash.Pages[p].Name, 64).String()
		for i, w := range scene.PageWidgets(&m.dash.Pages[p]) {
			out = append(out, overlay.Choice{Kind: "panel", Name: w.Title().String(), Note: page,
				Do: func() tea.Cmd { goPage(m, p); m.setFocus(i); return nil }})
		}
	}
	return out
}

func themeChoices(m *Model) []overlay.Choice {
	var out []overlay.Choice
	for _, name := range theme.Names() {
		note := ""
		if t, err := theme.Lookup(name); err == nil {
			note = t.Text
		}
		out = append(out, overlay.Choice{Kind: "theme", Name: name, Note: note, Do: func() tea.Cmd {
			m.themeName = name
			m.setPalette()
			return nil
		}})
	}
	return out
}

// accountChoices lists the accounts that this session may see.
func accountChoices(m *Model) []overlay.Choice {
	var out []overlay.Choice
	all := m.dash.Choices["account"]
	if len(all) == 0 { // any may be typed: the list is where we are
		all = m.dash.Vars["account"]
	}
	for _, a := range all {
		on := slices.Contains(m.dash.Vars["account"], a)
		out = append(out, overlay.Choice{Kind: "account", Name: datasource.Clean(a, 64).String(), Note: textWhen(on, "shown now", ""),
			Do: func() tea.Cmd { return setVar(m, "account", []string{a}) }})
	}
	return out
}

// freeText offers what no list can hold: "account ACC-7", "symbols A,B".
func freeText(m *Model, text string) []overlay.Choice {
	word, rest, _ := strings.Cut(text, " ")
	values := strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' })
	if len(values) == 0 {
		return nil
	}
	name := map[string]string{"account": "account", "symbol": "symbols", "symbols": "symbols"}[strings.ToLower(word)]
	if name == "" {
		return nil
	}
	return []overlay.Choice{setChoice(m, name, values)}
}

func setChoice(m *Model, name string, values []string) overlay.Choice {
	return overlay.Choice{Kind: name, Name: datasource.Clean(strings.Join(values, ","), 256).String(), Note: "as typed",
		Do: func() tea.Cmd { return setVar(m, name, values) }}
}

func newAccountPicker(m *Model) overlay.Overlay {
	return &overlay.Picker{Title: "Account", Typing: true, List: func() []overlay.Choice { return withoutKind(accountChoices(m)) },
		Note: "type or choose · enter switch · esc",
		Free: func(text string) []overlay.Choice {
			if len(m.dash.Choices["account"]) > 0 {
				return nil // the list is all there is
			}
			return []overlay.Choice{setChoice(m, "account", []string{text})}
		}}
}

// withoutKind leaves the kind out where all are of one.
func withoutKind(out []overlay.Choice) []overlay.Choice {
	for i := range out {
		out[i].Kind = ""
	}
	return out
}

// setVar opens the dashboard with one variable changed; the desk refuses what
// this session may not see, and then the old one stays.
func setVar(m *Model, name string, values []string) tea.Cmd {
	if slices.Equal(m.dash.Vars[name], values) {
		return nil
	}
	vars := make(map[string][]string, len(m.dash.Vars)+1)
	for k, v := range m.dash.Vars {
		vars[k] = v
	}
	vars[name] = values
	what := name + " " + datasource.Clean(strings.Join(values, ","), 128).String()
	m.showMessage(theme.Label, "opening "+what)
	return reopenWith(m, vars, what)
}

// newThemePicker lists the themes; moving the cursor shows each at once.
func newThemePicker(m *Model) overlay.Overlay {
	before := m.themeName
	use := func(name string) {
		m.themeName = name
		m.setPalette()
	}
	list := withoutKind(themeChoices(m))
	p := &overlay.Picker{Title: "Theme", List: func() []overlay.Choice { return list }, Note: "enter keep · esc back",
		OnMove: func(c *overlay.Choice) { use(c.Name) }, OnEsc: func() { use(before) }}
	for i := range list {
		if list[i].Name == m.pal.Name {
			p.Cursor = i
		}
	}
	return p
}

func newHelp(m *Model) overlay.Overlay {
	title, useful := "", func(*keymap.Binding) bool { return false }
	if slot := m.focusedSlot(); slot != nil {
		w := slot.Widget
		title = w.Title().String()
		useful = func(b *keymap.Binding) bool {
			return b.Asks == widgets.ActNone && scene.Knows(w, widgets.ActDown) || scene.Knows(w, b.Asks)
		}
	}
	return overlay.NewHelp(host{m}, title, useful, func(b *keymap.Binding) bool { return isOffered(m, b) })
}

// isOffered reports whether an action can do something in this session.
func isOffered(m *Model, b *keymap.Binding) bool {
	switch b.Action {
	case keymap.Faults:
		return m.opt.Faults != nil
	case keymap.Browse:
		return m.opt.Browser != nil
	case keymap.WriteConfig:
		return m.opt.Write != nil
	}
	return b.Group != keymap.GroupReplay || m.recordingPlayer() != nil
}
