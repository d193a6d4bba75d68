package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/widgets"
)

// Binding is one row of the key table: the one place that says which key does
// what. The switch, the help, the palette, the man page and the docs are all
// made from it.
type Binding struct {
	Action string   // the name it is remapped by: "next-page"
	Keys   []string // as bound by default, in the spelling of NewKeys
	Help   string   // what it does, a short sentence without a full stop
	Group  string   // heading in the help
	Note   string   // a condition: "recordings only"

	do  func(m *Model, key string) tea.Cmd
	act widgets.Action // what a widget must know for the key to do anything; ActNone: always
}

// The groups, in the order of the help.
const (
	groupPages   = "Getting about"
	groupPanel   = "Inside a panel"
	groupLook    = "Looking closer"
	groupView    = "The view"
	groupData    = "Data"
	groupReplay  = "Replay"
	groupProgram = "Program"
)

// Bindings returns the key table in the order of the help. The slice is the
// caller's.
func Bindings() []Binding {
	return slices.Concat(pageBindings(), panelBindings(), lookBindings(), viewBindings(), dataBindings(), programBindings())
}

func pageBindings() []Binding {
	g := groupPages
	return []Binding{
		{Action: "page", Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, Help: "go to that page", Group: g, do: (*Model).doPage},
		{Action: "next-page", Keys: []string{"tab"}, Help: "next page", Group: g, do: plain((*Model).doNextPage)},
		{Action: "previous-page", Keys: []string{"shift+tab"}, Help: "previous page", Group: g, do: plain((*Model).doPreviousPage)},
		{Action: "focus-left", Keys: []string{"H", "ctrl+left"}, Help: "focus the panel to the left", Group: g, do: focus(-1, 0)},
		{Action: "focus-down", Keys: []string{"J", "ctrl+down"}, Help: "focus the panel below", Group: g, do: focus(0, 1)},
		{Action: "focus-up", Keys: []string{"K", "ctrl+up"}, Help: "focus the panel above", Group: g, do: focus(0, -1)},
		{Action: "focus-right", Keys: []string{"L", "ctrl+right"}, Help: "focus the panel to the right", Group: g, do: focus(1, 0)},
		{Action: "palette", Keys: []string{":", "ctrl+p"}, Help: "find any action, page, panel, account, symbol or theme", Group: g, do: plain((*Model).doPalette)},
		{Action: "account", Keys: []string{"a"}, Help: "switch account", Group: g, do: plain((*Model).doAccount)},
		{Action: "symbols", Keys: []string{"w"}, Help: "choose the symbols watched", Group: g, do: plain((*Model).doSymbols)},
	}
}

func panelBindings() []Binding {
	g := groupPanel
	row := func(action, help string, act widgets.Action, keys ...string) Binding {
		return Binding{Action: action, Keys: keys, Help: help, Group: g, act: act, do: inside(act)}
	}
	return []Binding{
		row("up", "up", widgets.ActUp, "up", "k"),
		row("down", "down", widgets.ActDown, "down", "j"),
		row("left", "left; crosshair back", widgets.ActLeft, "left", "h"),
		row("right", "right; crosshair forward", widgets.ActRight, "right", "l"),
		row("top", "first row", widgets.ActTop, "g", "home"),
		row("bottom", "last row", widgets.ActBottom, "G", "end"),
		row("page-up", "half a page up", widgets.ActPageUp, "ctrl+u", "pgup"),
		row("page-down", "half a page down", widgets.ActPageDown, "ctrl+d", "pgdown"),
		row("sort", "sort by the next column", widgets.ActSort, "s"),
		row("sort-flip", "sort the other way round", widgets.ActSortFlip, "o"),
		{Action: "sort-column", Keys: []string{"shift+letter"}, Help: "sort by the column with that initial", Group: g, act: widgets.ActSortColumn,
			Note: "letters that no other key uses", do: (*Model).doSortColumn},
		row("hide-column", "hide the sorted column; after the last all are back", widgets.ActHideColumn, "c"),
		row("shorter", "shorter time range", widgets.ActShorter, "["),
		row("longer", "longer time range", widgets.ActLonger, "]"),
		row("zoom-in", "magnify", widgets.ActZoomIn, "="),
		row("zoom-out", "magnify less", widgets.ActZoomOut, "-"),
		row("interval", "next candle interval", widgets.ActInterval, "v"),
		{Action: "filter", Keys: []string{"/"}, Help: "filter rows by a regular expression; ! inverts", Group: g, do: plain((*Model).doFilter)},
		{Action: "next-match", Keys: []string{"n"}, Help: "next match", Group: g, act: widgets.ActDown, do: inside(widgets.ActDown)},
		{Action: "previous-match", Keys: []string{"N"}, Help: "previous match", Group: g, act: widgets.ActUp, do: inside(widgets.ActUp)},
	}
}

func lookBindings() []Binding {
	g := groupLook
	return []Binding{
		{Action: "inspect", Keys: []string{"i", "enter"}, Help: "everything known of the datum under the cursor", Group: g, do: plain((*Model).doInspect)},
		{Action: "zoom", Keys: []string{"z"}, Help: "this panel on the whole screen", Group: g, do: plain((*Model).doZoom)},
		{Action: "events", Keys: []string{"E"}, Help: "what is not plain, why, and every change of state", Group: g, do: plain((*Model).doEvents)},
		{Action: "alerts", Keys: []string{"!"}, Help: "alerts: acknowledge, snooze, history", Group: g, do: plain((*Model).doAlerts)},
		{Action: "copy", Keys: []string{"y"}, Help: "copy the value under the cursor", Group: g, do: plain((*Model).doCopy)},
		{Action: "copy-row", Keys: []string{"Y"}, Help: "copy the row under the cursor as JSON", Group: g, do: plain((*Model).doCopyRow)},
	}
}

func viewBindings() []Binding {
	g := groupView
	return []Binding{
		{Action: "theme", Keys: []string{"T"}, Help: "choose a theme, with a live preview", Group: g, do: plain((*Model).doTheme)},
		{Action: "stamps", Keys: []string{"t"}, Help: "times of day instead of ages", Group: g, do: plain((*Model).doStamps)},
		{Action: "private", Keys: []string{"x"}, Help: "hide balances, also in copies", Group: g, do: plain((*Model).doPrivate)},
		{Action: "mouse", Keys: []string{"m"}, Help: "mouse on or off; off lets the terminal select text", Group: g, do: plain((*Model).doMouse)},
		{Action: "redraw", Keys: []string{"ctrl+l"}, Help: "redraw the screen", Group: g, do: plain((*Model).doRedraw)},
	}
}

func dataBindings() []Binding {
	g, r := groupData, groupReplay
	replay := func(action, key, help string, do func(*Model) tea.Cmd) Binding {
		return Binding{Action: action, Keys: []string{key}, Help: help, Group: r, Note: "recordings only", do: plain(do)}
	}
	return []Binding{
		{Action: "pause", Keys: []string{"p", "space"}, Help: "hold the picture while data keeps arriving; a recording stops", Group: g, do: plain((*Model).doPause)},
		{Action: "refresh", Keys: []string{"r"}, Help: "read this panel's data again now", Group: g, do: plain((*Model).doRefresh)},
		{Action: "refresh-all", Keys: []string{"R"}, Help: "read everything again now", Group: g, do: plain((*Model).doRefreshAll)},
		replay("step", ".", "one update forward", (*Model).doStep),
		replay("step-back", ",", "one update back", (*Model).doStepBack),
		replay("seek", ">", "forward: a twentieth of the recording, a minute at most", (*Model).doSeek),
		replay("seek-back", "<", "back by the same", (*Model).doSeekBack),
		replay("faster", "+", "play twice as fast", (*Model).doFaster),
		replay("slower", "_", "play half as fast", (*Model).doSlower),
	}
}

func programBindings() []Binding {
	g := groupProgram
	return []Binding{
		{Action: "help", Keys: []string{"?"}, Help: "this help", Group: g, do: plain((*Model).doHelp)},
		{Action: "back", Keys: []string{"esc"}, Help: "close, go back, clear the filter; never quits", Group: g, do: plain((*Model).doBack)},
		{Action: "faults", Keys: []string{"F"}, Help: "break something and watch", Group: g, Note: "demo only", do: plain((*Model).doFaults)},
		{Action: "suspend", Keys: []string{"ctrl+z"}, Help: "suspend", Group: g, Note: "not over SSH", do: plain((*Model).doSuspend)},
		{Action: "quit", Keys: []string{"q", "ctrl+c"}, Help: "quit; q closes what is open first", Group: g, do: (*Model).doQuit},
	}
}

// plain is for actions that don't care which of their keys was pressed.
func plain(f func(*Model) tea.Cmd) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd { return f(m) }
}

func focus(dx, dy int) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd { return m.moveFocus(dx, dy) }
}

func inside(a widgets.Action) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd { return m.act(a, 0) }
}

// Bindings returns the table as assigned. The slice is shared.
func (k *Keys) Bindings() []Binding { return k.table }

// ShowKeys returns all keys of a binding for the help and the docs: "p space",
// "1–9".
func (b *Binding) ShowKeys() string {
	if b.Action == "page" && len(b.Keys) == 9 && b.Keys[0] == "1" && b.Keys[8] == "9" {
		return "1–9"
	}
	shown := make([]string, len(b.Keys))
	for i, key := range b.Keys {
		shown[i] = ShowKey(key)
	}
	return strings.Join(shown, " ")
}
