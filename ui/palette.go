package ui

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// doPalette opens the list of everything that can be done, each with its key.
func (m *Model) doPalette() tea.Cmd {
	m.open(&picker{title: "Command", typing: true, list: (*Model).everything, free: (*Model).freeText, note: "enter does it · tab completes · esc"})
	return nil
}

func (m *Model) everything() []choice {
	out := m.pageChoices()
	out = append(out, m.actionChoices()...)
	out = append(out, m.panelChoices()...)
	out = append(out, m.accountChoices()...)
	out = append(out, m.symbolChoices()...)
	return append(out, m.themeChoices()...)
}

func (m *Model) actionChoices() []choice {
	var out []choice
	table := m.opt.Keys.Bindings()
	for _, i := range usual(table) {
		b := &table[i]
		switch {
		case b.Action == "page", b.Action == "sort-column", b.Action == "palette", b.Action == "back",
			b.Action == "faults" && m.opt.Faults == nil, b.Group == groupReplay && m.player() == nil:
			continue
		}
		first := ""
		if len(b.Keys) > 0 {
			first = b.Keys[0]
		}
		do := b.do
		out = append(out, choice{kind: "action", name: b.Action, note: b.Help, keys: b.ShowKeys(),
			do: func(m *Model) tea.Cmd { return do(m, first) }})
	}
	return out
}

// usual orders the table for the palette: what one does to a dashboard before
// how one moves in it.
func usual(table []Binding) []int {
	var first, last []int
	for i := range table {
		b := &table[i]
		if b.act != widgets.ActNone || strings.HasPrefix(b.Action, "focus-") {
			last = append(last, i)
		} else {
			first = append(first, i)
		}
	}
	return append(first, last...)
}

func (m *Model) pageChoices() []choice {
	var out []choice
	for i := range m.dash.Pages {
		keys := ""
		if i < 9 {
			keys = strconv.Itoa(i + 1)
		}
		out = append(out, choice{kind: "page", name: datasource.Clean(m.dash.Pages[i].Name, 64).String(), keys: keys,
			do: func(m *Model) tea.Cmd { m.goPage(i); return nil }})
	}
	return out
}

// panelChoices lists the panels of every page: choosing one goes there.
func (m *Model) panelChoices() []choice {
	var out []choice
	for p := range m.dash.Pages {
		page := datasource.Clean(m.dash.Pages[p].Name, 64).String()
		for i, w := range pageWidgets(&m.dash.Pages[p]) {
			out = append(out, choice{kind: "panel", name: w.Title().String(), note: page,
				do: func(m *Model) tea.Cmd { m.goPage(p); m.setFocus(i); return nil }})
		}
	}
	return out
}

func (m *Model) themeChoices() []choice {
	var out []choice
	for _, name := range theme.Names() {
		note := ""
		if t, err := theme.Lookup(name); err == nil {
			note = t.Text
		}
		out = append(out, choice{kind: "theme", name: name, note: note, do: func(m *Model) tea.Cmd {
			m.themeName = name
			m.setPalette()
			return nil
		}})
	}
	return out
}

// accountChoices lists the accounts that this session may see.
func (m *Model) accountChoices() []choice {
	var out []choice
	all := m.dash.Choices["account"]
	if len(all) == 0 { // any may be typed: the list is where we are
		all = m.dash.Vars["account"]
	}
	for _, a := range all {
		on := slices.Contains(m.dash.Vars["account"], a)
		out = append(out, choice{kind: "account", name: datasource.Clean(a, 64).String(), note: pick(on, "shown now", ""),
			do: func(m *Model) tea.Cmd { return m.setVar("account", []string{a}) }})
	}
	return out
}

// symbolChoices lists the symbols; choosing one adds it or takes it away.
func (m *Model) symbolChoices() []choice {
	have := m.dash.Vars["symbols"]
	all := slices.Clone(m.dash.Choices["symbols"])
	for _, s := range have {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	var out []choice
	for _, s := range all {
		on := slices.Contains(have, s)
		out = append(out, choice{kind: "symbol", name: datasource.Clean(s, 64).String(), note: pick(on, "watched", "not watched"),
			do: func(m *Model) tea.Cmd { return m.toggleSymbol(s) }})
	}
	return out
}

// freeText offers what no list can hold: "account ACC-7", "symbols A,B".
func (m *Model) freeText(text string) []choice {
	word, rest, _ := strings.Cut(text, " ")
	values := strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' })
	if len(values) == 0 {
		return nil
	}
	name := map[string]string{"account": "account", "symbol": "symbols", "symbols": "symbols"}[strings.ToLower(word)]
	if name == "" {
		return nil
	}
	return []choice{m.setChoice(name, values)}
}

func (m *Model) setChoice(name string, values []string) choice {
	return choice{kind: name, name: datasource.Clean(strings.Join(values, ","), 256).String(), note: "as typed",
		do: func(m *Model) tea.Cmd { return m.setVar(name, values) }}
}

func (m *Model) doAccount() tea.Cmd {
	m.open(&picker{title: "Account", typing: true, list: unkind((*Model).accountChoices), note: "type or choose · enter switches · esc",
		free: func(m *Model, text string) []choice {
			if len(m.dash.Choices["account"]) > 0 {
				return nil // the list is all there is
			}
			return []choice{m.setChoice("account", []string{text})}
		}})
	return nil
}

func (m *Model) doSymbols() tea.Cmd {
	m.open(&picker{title: "Symbols", typing: true, list: unkind((*Model).symbolChoices), note: "enter adds or removes · A,B sets the list · esc",
		free: func(m *Model, text string) []choice {
			return []choice{m.setChoice("symbols", strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }))}
		}})
	return nil
}

// unkind leaves the kind out where all are of one.
func unkind(list func(*Model) []choice) func(*Model) []choice {
	return func(m *Model) []choice {
		out := list(m)
		for i := range out {
			out[i].kind = ""
		}
		return out
	}
}

func (m *Model) toggleSymbol(s string) tea.Cmd {
	have := slices.Clone(m.dash.Vars["symbols"])
	if i := slices.Index(have, s); i >= 0 {
		have = slices.Delete(have, i, i+1)
	} else {
		have = append(have, s)
	}
	if len(have) == 0 {
		m.say(theme.Warn, "the last symbol stays")
		return nil
	}
	return m.setVar("symbols", have)
}

// setVar opens the dashboard with one variable changed; the desk refuses what
// this session may not see, and then the old one stays.
func (m *Model) setVar(name string, values []string) tea.Cmd {
	if slices.Equal(m.dash.Vars[name], values) {
		return nil
	}
	vars := make(map[string][]string, len(m.dash.Vars)+1)
	for k, v := range m.dash.Vars {
		vars[k] = v
	}
	vars[name] = values
	what := name + " " + datasource.Clean(strings.Join(values, ","), 128).String()
	m.say(theme.Label, "opening "+what)
	return m.reopen(vars, what)
}

// doTheme opens the themes; moving about shows each at once.
func (m *Model) doTheme() tea.Cmd {
	before := m.themeName
	use := func(name string) {
		m.themeName = name
		m.setPalette()
	}
	list := m.themeChoices()
	for i := range list {
		list[i].kind = "" // all of them are themes
	}
	p := &picker{title: "Theme", list: func(*Model) []choice { return list }, note: "enter keeps · esc goes back"}
	p.onMove = func(_ *Model, c *choice) { use(c.name) }
	p.onEsc = func(*Model) { use(before) }
	for i := range list {
		if list[i].name == m.pal.Name {
			p.cursor = i
		}
	}
	m.open(p)
	return nil
}
