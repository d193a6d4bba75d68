package ui

import (
	"fmt"
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/ui/scene"
	"ticktop/widgets/theme"
)

// buildScene makes the scene of the session's present state.
func buildScene(m *Model) *scene.Scene {
	handled, handledKey := m.alerts.Handled(m.now)
	k := scene.Key{
		Dash: m.dash, Page: m.place.page, Crumb: m.place.thingCrumb(), W: m.w, H: m.h, Palette: m.palette(), Keys: m.opt.Keys.ID(),
		Zoomed: m.place.zoomed, Stamps: m.stamps, Private: m.hidesBalances(), Replay: m.recordingPlayer() != nil, Faults: m.opt.Faults != nil,
		Selected: m.selected, Caption: m.caption, Notice: m.notice, Plain: m.found, Paused: pauseText(m), Toast: m.toast, Prompt: filterPrompt(m),
		Rate: m.rate, Alerts: handledKey, Outage: scene.RedisDown(m.snap),
	}
	k.Armed, k.Levels = armedAlerts(m)
	page := m.fitPage(m.currentPage())
	if page != nil {
		k.Items = m.snap.Len()
		if a, ok := m.arrangements[m.pageName()]; ok && m.place.thingPage == nil {
			k.Arranged = fmt.Sprint(a)
		}
		k.Focus = m.place.focusIndex()
	}
	return scene.New(k, m.opt.Keys, page, m.views, handled)
}

// cardInstead returns what is shown instead of the dashboard, "" when that is shown.
func (m *Model) cardInstead() string {
	need := "ticktop needs " + strconv.Itoa(layout.MinWidth) + "×" + strconv.Itoa(layout.MinHeight)
	clean := func(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }
	switch {
	case m.err != nil:
		return chrome.Card(m.pal, m.w, m.h, "the dashboard can't be opened", clean(m.err.Error()), clean("q quits"))
	case layout.ClassOf(m.w, m.h) == layout.TooSmall:
		return chrome.Card(m.pal, m.w, m.h, need, clean("this window is "+strconv.Itoa(m.w)+"×"+strconv.Itoa(m.h)), clean("q quits"))
	case m.currentPage() == nil:
		return chrome.Card(m.pal, m.w, m.h, "no page to show", clean("the configuration has no pages"), clean("q quits"))
	}
	return ""
}

// Title is the window's title: our own name, the account, the page, and a mark for
// alerts; 64 characters at most, all of them safe.
func (m *Model) Title() string {
	parts := []string{m.opt.Title}
	if a := m.dash.Account(); !a.Empty() {
		parts = append(parts, a.String())
	}
	if m.dash != nil && m.place.page < len(m.dash.Pages) {
		parts = append(parts, datasource.Clean(m.dash.Pages[m.place.page].Name, 64).String())
	}
	if crumb := m.place.thingCrumb(); !crumb.Empty() {
		parts = append(parts, crumb.String())
	}
	title := strings.Join(parts, " · ")
	if n := m.alerts.Unhandled(m.now); n > 0 {
		title = "(!" + strconv.Itoa(n) + ") " + title
	}
	safe := datasource.Clean(title, 256).String()
	if r := []rune(safe); len(r) > 64 {
		safe = string(r[:63]) + "…"
	}
	if m.pal.Symbols == theme.ASCII {
		return chrome.ASCII(safe)
	}
	return safe
}

// pageNamed returns the page of a name or a number, the first when there is
// none.
func pageNamed(d *Dashboard, name string) int {
	for i := range d.Pages {
		if strings.EqualFold(d.Pages[i].Name, name) {
			return i
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(d.Pages) {
		return n - 1
	}
	return 0
}
