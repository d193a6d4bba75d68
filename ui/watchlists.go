package ui

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
	"ticktop/widgets/theme"
)

// Watchlist is a named list of symbols, in the user's order.
type Watchlist struct {
	Name    string   `json:"name"`
	Symbols []string `json:"symbols"`
}

// watchlists are a session's own lists; the configured symbols are the list
// "Configured", which cannot be deleted.
type watchlists struct {
	own        []Watchlist
	active     string   // "": the configured one
	configured []string // symbols as configured
}

// maxUndo bounds how many changes can be undone.
const maxUndo = 50

func (l *watchlists) findList(name string) *Watchlist {
	for i := range l.own {
		if l.own[i].Name == name {
			return &l.own[i]
		}
	}
	return nil
}

// newWatchlistPicker lists the watchlists, and below them the symbols of the one
// in use and those that could be added.
func newWatchlistPicker(m *Model) overlay.Overlay {
	if m.lists.configured == nil && m.lists.active == "" {
		m.lists.configured = slices.Clone(m.dash.Vars["symbols"])
	}
	p := &overlay.Picker{Title: "Watchlists", List: func() []overlay.Choice { return watchlistChoices(m) }, Stay: true,
		Note: "enter choose or add · n new · J K reorder · d remove · u undo · / find · q close",
		Free: func(text string) []overlay.Choice {
			symbols := splitSymbols(text)
			return []overlay.Choice{{Kind: "symbols", Name: datasource.Clean(strings.Join(symbols, ","), 256).String(), Note: "as typed",
				Do: func() tea.Cmd { return setSymbols(m, symbols) }}}
		}}
	p.OnKey = func(key string, c *overlay.Choice) (tea.Cmd, bool) {
		if p.Typing {
			return nil, false
		}
		return watchlistKey(m, p, key, c)
	}
	return p
}

func splitSymbols(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

func watchlistChoices(m *Model) []overlay.Choice {
	list := func(name, shown string, n int, do func() tea.Cmd) overlay.Choice {
		return overlay.Choice{Kind: "list", Name: datasource.Clean(shown, 64).String(), Note: strconv.Itoa(n) + " symbols",
			Mark: textWhen(m.lists.active == name, "✓", " "), Do: do}
	}
	out := []overlay.Choice{list("", "Configured", len(m.lists.configured), func() tea.Cmd { return useWatchlist(m, "", m.lists.configured) })}
	for _, l := range m.lists.own {
		out = append(out, list(l.Name, l.Name, len(l.Symbols), func() tea.Cmd { return useWatchlist(m, l.Name, l.Symbols) }))
	}
	have := m.dash.Vars["symbols"]
	all := slices.Clone(have)
	for _, more := range [][]string{m.dash.Choices["symbols"], m.lists.configured} {
		for _, s := range more {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	for _, s := range all {
		on := slices.Contains(have, s)
		out = append(out, overlay.Choice{Kind: "symbol", Name: datasource.Clean(s, 64).String(), Mark: textWhen(on, "✓", " "),
			Note: textWhen(on, "watched", "enter adds"), Do: func() tea.Cmd { return toggleSymbol(m, s) }})
	}
	return out
}

// watchlistKey handles the keys of the picker beside moving and choosing.
func watchlistKey(m *Model, p *overlay.Picker, key string, c *overlay.Choice) (tea.Cmd, bool) {
	have := m.dash.Vars["symbols"]
	at := -1
	if c != nil && c.Kind == "symbol" {
		at = slices.IndexFunc(have, func(s string) bool { return datasource.Clean(s, 64).String() == c.Name })
	}
	switch key {
	case "n":
		m.open(&overlay.Prompt{Title: "New watchlist", Help: []string{"a name; it begins with the symbols of the list in use"},
			Check: func(text string) (string, bool) {
				if m.lists.findList(text) != nil || strings.EqualFold(text, "Configured") {
					return "there is a list of that name", true
				}
				return "", false
			},
			Done: func(text string) tea.Cmd { return createWatchlist(m, datasource.Clean(text, 64).String()) }})
		return nil, true
	case "J", "K":
		by := map[string]int{"J": 1, "K": -1}[key]
		if at < 0 || at+by < 0 || at+by >= len(have) {
			return nil, true
		}
		next := slices.Clone(have)
		next[at], next[at+by] = next[at+by], next[at]
		p.Cursor += by
		return setSymbols(m, next), true
	case "d", "delete":
		if at >= 0 {
			return toggleSymbol(m, have[at]), true
		}
		if c != nil && c.Kind == "list" {
			return deleteWatchlist(m, c.Name), true
		}
		return nil, true
	case "u":
		return undoLast(m), true
	case "w":
		host{m}.Close()
		return nil, true
	}
	return nil, false
}

// useWatchlist shows a list's symbols.
func useWatchlist(m *Model, name string, symbols []string) tea.Cmd {
	before, symbolsBefore := m.lists.active, slices.Clone(m.dash.Vars["symbols"])
	m.remembersUndo(func() tea.Cmd {
		m.lists.active = before
		return setVar(m, "symbols", symbolsBefore)
	})
	m.lists.active = name
	return setVar(m, "symbols", symbols)
}

func createWatchlist(m *Model, name string) tea.Cmd {
	before := m.lists.active
	m.lists.own = append(m.lists.own, Watchlist{name, slices.Clone(m.dash.Vars["symbols"])})
	m.lists.active = name
	m.remembersUndo(func() tea.Cmd {
		m.lists.own = slices.DeleteFunc(m.lists.own, func(l Watchlist) bool { return l.Name == name })
		m.lists.active = before
		return nil
	})
	m.open(newWatchlistPicker(m))
	m.showMessage(theme.Good, "list "+name+": choose its symbols")
	return nil
}

func deleteWatchlist(m *Model, name string) tea.Cmd {
	l := m.lists.findList(name)
	if l == nil {
		m.showMessage(theme.Warn, "the configured list stays")
		return nil
	}
	gone, active := *l, m.lists.active
	m.lists.own = slices.DeleteFunc(slices.Clone(m.lists.own), func(l Watchlist) bool { return l.Name == name })
	m.remembersUndo(func() tea.Cmd {
		m.lists.own = append(m.lists.own, gone)
		m.lists.active = active
		return nil
	})
	m.showMessage(theme.Label, "deleted "+name+" · "+m.opt.Keys.Key("undo")+" undo")
	if active == name {
		m.lists.active = ""
		return setVar(m, "symbols", m.lists.configured)
	}
	return nil
}

func toggleSymbol(m *Model, s string) tea.Cmd {
	have := slices.Clone(m.dash.Vars["symbols"])
	if i := slices.Index(have, s); i >= 0 {
		have = slices.Delete(have, i, i+1)
	} else {
		have = append(have, s)
	}
	if len(have) == 0 {
		m.showMessage(theme.Warn, "the last symbol stays")
		return nil
	}
	return setSymbols(m, have)
}

// setSymbols changes the list in use; it can be undone.
func setSymbols(m *Model, symbols []string) tea.Cmd {
	before := slices.Clone(m.dash.Vars["symbols"])
	put := func(symbols []string) tea.Cmd {
		if l := m.lists.findList(m.lists.active); l != nil {
			l.Symbols = symbols
		}
		return setVar(m, "symbols", symbols)
	}
	m.remembersUndo(func() tea.Cmd { return put(before) })
	return put(symbols)
}

// remembersUndo keeps how the last change is undone.
func (m *Model) remembersUndo(undo func() tea.Cmd) {
	m.undo = append(m.undo, undo)
	m.undo = m.undo[max(len(m.undo)-maxUndo, 0):]
}

func undoLast(m *Model) tea.Cmd {
	n := len(m.undo)
	if n == 0 {
		m.showMessage(theme.Label, "nothing to undo")
		return nil
	}
	last := m.undo[n-1]
	m.undo = m.undo[:n-1]
	cmd := last()
	m.showMessage(theme.Label, "undone")
	return cmd
}
