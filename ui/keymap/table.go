package keymap

import (
	"slices"
	"strings"

	"ticktop/widgets"
)

// Binding is one row of the key table.
type Binding struct {
	Action Action         // the name it is remapped by: "next-page"
	Keys   []string       // as bound by default, in the spelling of New
	Help   string         // what it does, a short sentence without a full stop
	Group  string         // heading in the help
	Note   string         // a condition: "recordings only"
	Asks   widgets.Action // what a widget must know for the key to do anything; ActNone: always
}

// The groups, in the order of the help.
const (
	GroupPages   = "Getting about"
	GroupPanel   = "Inside a panel"
	GroupLook    = "Looking closer"
	GroupView    = "The view"
	GroupData    = "Data"
	GroupReplay  = "Replay"
	GroupProgram = "Program"
)

// Bindings returns the key table in the order of the help. The slice is the
// caller's.
func Bindings() []Binding {
	return slices.Concat(pageBindings(), panelBindings(), lookBindings(), viewBindings(), dataBindings(), programBindings())
}

func pageBindings() []Binding {
	g := GroupPages
	return []Binding{
		{Action: Page, Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, Help: "go to that page", Group: g},
		{Action: NextPage, Keys: []string{"tab"}, Help: "next page", Group: g},
		{Action: PreviousPage, Keys: []string{"shift+tab"}, Help: "previous page", Group: g},
		{Action: FocusLeft, Keys: []string{"H", "ctrl+left"}, Help: "focus the panel to the left", Group: g},
		{Action: FocusDown, Keys: []string{"J", "ctrl+down"}, Help: "focus the panel below", Group: g},
		{Action: FocusUp, Keys: []string{"K", "ctrl+up"}, Help: "focus the panel above", Group: g},
		{Action: FocusRight, Keys: []string{"L", "ctrl+right"}, Help: "focus the panel to the right", Group: g},
		{Action: Palette, Keys: []string{":", "ctrl+p"}, Help: "go to anything: symbols, pages, accounts, alerts, actions", Group: g},
		{Action: Account, Keys: []string{"a"}, Help: "switch account", Group: g},
		{Action: NextSymbol, Keys: []string{"n"}, Help: "next symbol; in a filtered panel the next match", Group: g},
		{Action: PreviousSymbol, Keys: []string{"N"}, Help: "previous symbol or match", Group: g},
		{Action: Watchlists, Keys: []string{"w"}, Help: "watchlists: choose, create, reorder, add, remove", Group: g},
		{Action: Undo, Keys: []string{"u"}, Help: "undo the last change to a watchlist or an alert", Group: g},
	}
}

func panelBindings() []Binding {
	g := GroupPanel
	row := func(action Action, help string, asks widgets.Action, keys ...string) Binding {
		return Binding{Action: action, Keys: keys, Help: help, Group: g, Asks: asks}
	}
	return []Binding{
		row(Up, "up", widgets.ActUp, "up", "k"),
		row(Down, "down", widgets.ActDown, "down", "j"),
		row(Left, "left; crosshair back", widgets.ActLeft, "left", "h"),
		row(Right, "right; crosshair forward", widgets.ActRight, "right", "l"),
		row(Top, "first row", widgets.ActTop, "g", "home"),
		row(Bottom, "last row", widgets.ActBottom, "G", "end"),
		row(PageUp, "half a page up", widgets.ActPageUp, "ctrl+u", "pgup"),
		row(PageDown, "half a page down", widgets.ActPageDown, "ctrl+d", "pgdown"),
		row(Sort, "sort by the next column", widgets.ActSort, "s"),
		row(SortFlip, "sort the other way round", widgets.ActSortFlip, "o"),
		{Action: SortColumn, Keys: []string{"shift+letter"}, Help: "sort by the column with that initial", Group: g, Asks: widgets.ActSortColumn,
			Note: "letters that no other key uses"},
		row(HideColumn, "hide the sorted column; after the last all are back", widgets.ActHideColumn, "c"),
		row(Shorter, "shorter time range", widgets.ActShorter, "["),
		row(Longer, "longer time range", widgets.ActLonger, "]"),
		row(ZoomIn, "magnify", widgets.ActZoomIn, "="),
		row(ZoomOut, "magnify less", widgets.ActZoomOut, "-"),
		row(Interval, "next candle interval; in a feed the next kind of message", widgets.ActInterval, "v"),
		{Action: Filter, Keys: []string{"/"}, Help: "filter rows by a regular expression; ! inverts", Group: g},
	}
}

func lookBindings() []Binding {
	g := GroupLook
	return []Binding{
		{Action: Open, Keys: []string{"enter"}, Help: "open the page of the symbol, position or order under the cursor", Group: g},
		{Action: Inspect, Keys: []string{"i"}, Help: "details of the selected value: key, TTL, raw value", Group: g},
		{Action: Zoom, Keys: []string{"z"}, Help: "this panel on the whole screen", Group: g},
		{Action: Events, Keys: []string{"E"}, Help: "problems and state changes", Group: g},
		{Action: AddAlert, Keys: []string{"+"}, Help: "new alert on what is selected", Group: g, Note: "in a recording: play twice as fast"},
		{Action: Alerts, Keys: []string{"!"}, Help: "alerts: armed rules, acknowledge, snooze, edit, delete, history", Group: g},
		{Action: Copy, Keys: []string{"y"}, Help: "copy the value under the cursor", Group: g},
		{Action: CopyRow, Keys: []string{"Y"}, Help: "copy the row under the cursor as JSON", Group: g},
	}
}

func viewBindings() []Binding {
	g := GroupView
	return []Binding{
		{Action: Theme, Keys: []string{"T"}, Help: "choose a theme, with a live preview", Group: g},
		{Action: Indicators, Keys: []string{"e"}, Help: "indicators and overlays of the chart", Group: g},
		{Action: OptionsMenu, Keys: []string{"O"}, Help: "options of looks and behaviour, changed live", Group: g},
		{Action: Stamps, Keys: []string{"t"}, Help: "times of day instead of ages", Group: g},
		{Action: Private, Keys: []string{"x"}, Help: "hide balances, also in copies", Group: g},
		{Action: Mouse, Keys: []string{"m"}, Help: "mouse on or off; off lets the terminal select text", Group: g},
		{Action: Redraw, Keys: []string{"ctrl+l"}, Help: "redraw the screen", Group: g},
	}
}

func dataBindings() []Binding {
	g, r := GroupData, GroupReplay
	replay := func(action Action, key, help string) Binding {
		return Binding{Action: action, Keys: []string{key}, Help: help, Group: r, Note: "recordings only"}
	}
	return []Binding{
		{Action: Pause, Keys: []string{"p", "space"}, Help: "freeze the screen while data keeps arriving; stop a recording", Group: g},
		{Action: Refresh, Keys: []string{"r"}, Help: "read this panel's data again now", Group: g},
		{Action: RefreshAll, Keys: []string{"R"}, Help: "read everything again now", Group: g},
		replay(Step, ".", "one update forward"),
		replay(StepBack, ",", "one update back"),
		replay(Seek, ">", "forward: a twentieth of the recording, a minute at most"),
		replay(SeekBack, "<", "back by the same"),
		replay(Faster, "+", "play twice as fast"),
		replay(Slower, "_", "play half as fast"),
	}
}

func programBindings() []Binding {
	g := GroupProgram
	return []Binding{
		{Action: Help, Keys: []string{"?"}, Help: "this help", Group: g},
		{Action: Back, Keys: []string{"esc"}, Help: "close, go back, clear the filter; never quits", Group: g},
		{Action: Browse, Keys: []string{"B"}, Help: "browse the keys of this Redis, read-only", Group: g, Note: "where no rights limit the session"},
		{Action: WriteConfig, Keys: []string{"W"}, Help: "write what is shown as ticktop.yaml", Group: g, Note: "not over SSH"},
		{Action: Faults, Keys: []string{"F"}, Help: "enable a fault and watch", Group: g, Note: "demo only"},
		{Action: Suspend, Keys: []string{"ctrl+z"}, Help: "suspend", Group: g, Note: "not over SSH"},
		{Action: Quit, Keys: []string{"q", "ctrl+c"}, Help: "quit; q closes what is open first", Group: g},
	}
}

// ShowKeys returns all keys of a binding for the help and the docs: "p space",
// "1–9".
func (b *Binding) ShowKeys() string {
	if b.Action == Page && len(b.Keys) == 9 && b.Keys[0] == "1" && b.Keys[8] == "9" {
		return "1–9"
	}
	shown := make([]string, len(b.Keys))
	for i, key := range b.Keys {
		shown[i] = ShowKey(key)
	}
	return strings.Join(shown, " ")
}
