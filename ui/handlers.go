package ui

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/keymap"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// handler does what a key of one action does.
type handler func(m *Model, key string) tea.Cmd

// doAction does what a key of an action does.
func doAction(m *Model, a keymap.Action, key string) tea.Cmd {
	if h := handlerOf(a); h != nil {
		return h(m, key)
	}
	return nil
}

// handlerOf returns the handler of an action; a test holds that each has one.
func handlerOf(a keymap.Action) handler {
	for _, group := range [...]func(keymap.Action) handler{panelHandler, placeHandler, lookHandler, menuHandler, dataHandler} {
		if h := group(a); h != nil {
			return h
		}
	}
	return nil
}

// ignoringKey is for actions that don't depend on which of their keys was pressed.
func ignoringKey(f func(*Model) tea.Cmd) handler {
	return func(m *Model, _ string) tea.Cmd { return f(m) }
}

// panelHandler: what the focused widget does itself.
func panelHandler(a keymap.Action) handler {
	if a == keymap.SortColumn {
		return func(m *Model, key string) tea.Cmd { return m.actOnWidget(widgets.ActSortColumn, []rune(key)[0]) }
	}
	for _, b := range keymap.Bindings() {
		if b.Action == a && b.Asks != widgets.ActNone {
			return func(m *Model, _ string) tea.Cmd { return m.actOnWidget(b.Asks, 0) }
		}
	}
	return nil
}

// placeHandler: where one is on the dashboard.
func placeHandler(a keymap.Action) handler {
	focus := func(dx, dy int) handler {
		return func(m *Model, _ string) tea.Cmd { return moveFocus(m, dx, dy) }
	}
	switch a {
	case keymap.Page:
		return pageOfKey
	case keymap.NextPage:
		return ignoringKey(func(m *Model) tea.Cmd { return turnPage(m, 1) })
	case keymap.PreviousPage:
		return ignoringKey(func(m *Model) tea.Cmd { return turnPage(m, -1) })
	case keymap.FocusLeft:
		return focus(-1, 0)
	case keymap.FocusRight:
		return focus(1, 0)
	case keymap.FocusUp:
		return focus(0, -1)
	case keymap.FocusDown:
		return focus(0, 1)
	case keymap.Zoom:
		return ignoringKey(toggleZoom)
	case keymap.Open:
		return ignoringKey(openThing)
	case keymap.NextSymbol:
		return ignoringKey(func(m *Model) tea.Cmd { return stepSymbol(m, 1) })
	case keymap.PreviousSymbol:
		return ignoringKey(func(m *Model) tea.Cmd { return stepSymbol(m, -1) })
	case keymap.Back:
		return ignoringKey(goBack)
	case keymap.Quit:
		return ignoringKey(quitOrLeave)
	}
	return nil
}

// lookHandler: how things look.
func lookHandler(a keymap.Action) handler {
	switch a {
	case keymap.Stamps:
		return ignoringKey(toggleStamps)
	case keymap.Private:
		return ignoringKey(togglePrivate)
	case keymap.Mouse:
		return ignoringKey(toggleMouse)
	case keymap.Redraw:
		return ignoringKey(redrawScreen)
	case keymap.Suspend:
		return ignoringKey(doSuspend)
	case keymap.Filter:
		return ignoringKey(doFilter)
	}
	return nil
}

// menuHandler: what opens over the dashboard.
func menuHandler(a keymap.Action) handler {
	opens := func(build func(*Model) overlay.Overlay) handler {
		return ignoringKey(func(m *Model) tea.Cmd { m.open(build(m)); return nil })
	}
	switch a {
	case keymap.Help:
		return opens(newHelp)
	case keymap.Palette:
		return opens(newPalette)
	case keymap.Account:
		return opens(newAccountPicker)
	case keymap.Theme:
		return opens(newThemePicker)
	case keymap.Events:
		return opens(func(m *Model) overlay.Overlay { return overlay.NewEvents(host{m}) })
	case keymap.Alerts:
		return opens(newAlertList)
	case keymap.AddAlert:
		return ignoringKey(addAlert)
	case keymap.Watchlists:
		return opens(newWatchlistPicker)
	case keymap.Undo:
		return ignoringKey(undoLast)
	case keymap.Indicators:
		return ignoringKey(openIndicators)
	case keymap.OptionsMenu:
		return opens(newOptionsMenu)
	case keymap.Inspect:
		return ignoringKey(openInspector)
	case keymap.Faults:
		return ignoringKey(doFaults)
	case keymap.Browse:
		return ignoringKey(openBrowser)
	}
	return nil
}

// dataHandler: the data and the recording it comes from.
func dataHandler(a keymap.Action) handler {
	steers := func(move func(*Model, datasource.Player)) handler {
		return ignoringKey(func(m *Model) tea.Cmd { return steerPlayer(m, func(p datasource.Player) { move(m, p) }) })
	}
	switch a {
	case keymap.Pause:
		return ignoringKey(doPause)
	case keymap.Refresh:
		return ignoringKey(refreshPanel)
	case keymap.RefreshAll:
		return ignoringKey(refreshAll)
	case keymap.Copy:
		return ignoringKey(func(m *Model) tea.Cmd { return copyTarget(m, false) })
	case keymap.CopyRow:
		return ignoringKey(func(m *Model) tea.Cmd { return copyTarget(m, true) })
	case keymap.WriteConfig:
		return ignoringKey(writeConfig)
	case keymap.Step:
		return steers(func(_ *Model, p datasource.Player) { p.Step(1) })
	case keymap.StepBack:
		return steers(func(_ *Model, p datasource.Player) { p.Step(-1) })
	case keymap.Seek:
		return steers(func(m *Model, p datasource.Player) { p.Seek(seekStep(m)) })
	case keymap.SeekBack:
		return steers(func(m *Model, p datasource.Player) { p.Seek(-seekStep(m)) })
	case keymap.Faster:
		return ignoringKey(func(m *Model) tea.Cmd { return multiplySpeed(m, 2) })
	case keymap.Slower:
		return ignoringKey(func(m *Model) tea.Cmd { return multiplySpeed(m, 0.5) })
	}
	return nil
}

// quitOrLeave leaves the zoom or the page of a thing first. What is open over the
// dashboard takes its key for itself.
func quitOrLeave(m *Model) tea.Cmd {
	if m.place.zoomed || m.place.thingPage != nil {
		return goBack(m)
	}
	return tea.Quit
}

// goBack goes back by one step: out of the zoom, the filter, the page of a
// thing.
func goBack(m *Model) tea.Cmd {
	if m.place.zoomed {
		return toggleZoom(m)
	}
	if slot := m.focusedSlot(); slot != nil {
		if v := m.views[slot.Widget]; v.Filter != "" {
			v.Filter, v.Offset, v.Cursor = "", 0, 0
			m.setView(slot.Widget, v)
			return nil
		}
	}
	if m.place.thingPage != nil {
		leaveThing(m)
		return nil
	}
	m.toast = scene.Toast{}
	m.markChanged()
	return nil
}

// pageOfKey goes to the page whose number is the key's place among the
// action's keys, so that remapped keys count too.
func pageOfKey(m *Model, key string) tea.Cmd {
	b, _ := m.lookupKey(key)
	goPage(m, slices.Index(b.Keys, key))
	return nil
}

func goPage(m *Model, i int) {
	if m.dash == nil || i < 0 || i >= len(m.dash.Pages) {
		m.showMessage(theme.Label, "there is no page "+strconv.Itoa(i+1))
		return
	}
	m.place.leaveThing()
	m.place.page = i
	m.markChanged()
}

func turnPage(m *Model, by int) tea.Cmd {
	if n := len(m.dash.Pages); n > 0 {
		goPage(m, (m.place.page+by+n)%n)
	}
	return nil
}

func toggleZoom(m *Model) tea.Cmd {
	m.place.zoomed = !m.place.zoomed
	m.markChanged()
	return nil
}

func toggleStamps(m *Model) tea.Cmd {
	m.stamps = !m.stamps
	m.showMessage(theme.Label, textWhen(m.stamps, "times of day", "ages"))
	return nil
}

func togglePrivate(m *Model) tea.Cmd {
	if m.dash != nil && m.dash.Private {
		m.showMessage(theme.Warn, "balances are hidden by policy")
		return nil
	}
	m.private = !m.private
	if m.whole != nil {
		m.takeSnapshot(m.whole)
	}
	if m.opt.Hide != nil {
		m.opt.Hide(m.private)
	}
	m.showMessage(theme.Label, textWhen(m.private, "balances hidden", "balances shown"))
	return nil
}

func toggleMouse(m *Model) tea.Cmd {
	m.mouse = !m.mouse
	m.showMessage(theme.Label, textWhen(m.mouse, "mouse on", "mouse off: the terminal selects text"))
	return nil
}

func redrawScreen(m *Model) tea.Cmd {
	m.memo = scene.Memo{}
	m.markChanged()
	return tea.ClearScreen
}

func doSuspend(m *Model) tea.Cmd {
	if !m.opt.Local {
		m.showMessage(theme.Label, "nothing to suspend to over SSH")
		return nil
	}
	return tea.Suspend
}

// refreshPanel asks for the focused panel's data now.
func refreshPanel(m *Model) tea.Cmd {
	slot := m.focusedSlot()
	if slot == nil || m.watch.feed == nil {
		return nil
	}
	var names []string
	for _, name := range slot.Widget.Data() {
		m.snap.Each(name, func(n string, _ *datasource.Entry) { names = append(names, n) })
	}
	if len(names) == 0 {
		return refreshAll(m) // a panel of everything there is
	}
	m.watch.feed.Refresh(names...)
	m.showMessage(theme.Label, "reading "+slot.Widget.Title().String()+" again")
	return nil
}

func refreshAll(m *Model) tea.Cmd {
	if m.watch.feed != nil {
		m.watch.feed.Refresh()
		m.showMessage(theme.Label, "reading everything again")
	}
	return nil
}

func openInspector(m *Model) tea.Cmd {
	t, ok := m.focusedTarget()
	if !ok {
		m.showMessage(theme.Label, "nothing here to inspect")
		return nil
	}
	m.open(newInspector(m, t))
	return nil
}

func newInspector(m *Model, t widgets.Target) overlay.Overlay {
	return overlay.NewInspector(host{m}, overlay.Inspected{
		Target: t, Hint: m.dash.Hints[t.Name], Hides: m.hidesValue,
		History: func(name string) []datasource.Past { return m.watch.feed.History(name) },
	})
}

// writeConfig writes what is shown as a configuration, in a command.
func writeConfig(m *Model) tea.Cmd {
	write := m.opt.Write
	if write == nil {
		m.showMessage(theme.Label, textWhen(m.opt.Local, "this dashboard comes from a file already", "not over SSH"))
		return nil
	}
	return func() tea.Msg {
		path, err := write()
		return doneMsg{func(m *Model) tea.Cmd {
			if err != nil {
				m.showMessage(theme.Bad, err.Error())
			} else {
				if m.found {
					m.Notice(datasource.Safe{})
				}
				m.showMessage(theme.Good, "wrote "+path)
			}
			return nil
		}}
	}
}

func textWhen(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}
