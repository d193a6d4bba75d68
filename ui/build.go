package ui

import (
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// buildScene makes the scene of the session's present state.
func (m *Model) buildScene() *Scene {
	quiet, quietKey := m.alerts.quiet(m.now)
	k := SceneKey{
		dash: m.dash, page: m.page, w: m.w, h: m.h, pal: m.pal, keys: m.opt.Keys.id, zoomed: m.zoomed,
		stamps: m.stamps, private: m.hidesBalances(), replay: m.player() != nil, faults: m.opt.Faults != nil,
		caption: m.caption, notice: m.notice, paused: m.pauseText(), toast: m.toast, prompt: m.filterPrompt(), rate: m.rate, quiet: quietKey,
	}
	if k.dash == nil {
		k.dash = &Dashboard{}
	}
	sc := &Scene{quiet: quiet, focus: -1, keys: m.opt.Keys}
	for i := range k.dash.Pages {
		sc.names = append(sc.names, datasource.Clean(k.dash.Pages[i].Name, 64))
	}
	if page := m.pageOf(); page != nil {
		k.focus = m.focus[m.page]
		sc.plan = m.plan(page, &k)
	}
	for i := range sc.plan.Slots {
		slot := &sc.plan.Slots[i]
		sc.views = append(sc.views, m.views[slot.Widget])
		if slot.Index == k.focus {
			sc.focus = i
		}
	}
	k.views = viewsKey(sc.views)
	sc.key = k
	sc.hints = m.hints(sc)
	return sc
}

// plan lays the page out between the bars; a zoomed panel has all of it.
func (m *Model) plan(page *layout.Page, k *SceneKey) layout.Plan {
	top := 1 + k.bannerLines()
	area := layout.Rect{X: 0, Y: top, W: m.w, H: max(m.h-top-1, 1)}
	if !m.zoomed {
		return layout.Arrange(page, area, layout.ClassOf(m.w, m.h), k.focus)
	}
	i := 0
	for r := range page.Rows {
		for c := range page.Rows[r].Cells {
			if i == k.focus {
				w := page.Rows[r].Cells[c].Widget
				return layout.Plan{Slots: []layout.Slot{{Index: i, Widget: w, Rect: area}}}
			}
			i++
		}
	}
	return layout.Plan{}
}

// hints are the keys in the footer: what a newcomer needs, and what the
// focused panel can do.
func (m *Model) hints(sc *Scene) []chrome.Hint {
	keys := m.opt.Keys
	add := func(out []chrome.Hint, pairs ...string) []chrome.Hint {
		for i := 0; i+1 < len(pairs); i += 2 {
			if key := keys.Key(pairs[i]); key != "" {
				out = append(out, chrome.Hint{Key: key, Text: pairs[i+1]})
			}
		}
		return out
	}
	out := add(nil, "help", "help", "palette", "command", "pause", "pause", "inspect", "inspect")
	if sc.zoomed() {
		out = add(out, "zoom", "back")
	} else {
		out = add(out, "zoom", "zoom")
	}
	if sc.focus < 0 {
		return out
	}
	w := sc.plan.Slots[sc.focus].Widget
	if knows(w, widgets.ActSort) {
		out = add(out, "filter", "filter", "sort", "sort")
	}
	if knows(w, widgets.ActShorter) {
		out = add(out, "shorter", "shorter", "longer", "longer")
	}
	if knows(w, widgets.ActInterval) {
		out = add(out, "interval", "interval")
	}
	if m.opt.Faults != nil {
		out = add(out, "faults", "faults")
	}
	return add(out, "account", "account", "theme", "theme", "quit", "quit")
}

func (sc *Scene) zoomed() bool { return sc.key.zoomed }

// knows reports whether a widget does something on an action.
func knows(w widgets.Widget, a widgets.Action) bool {
	actor, ok := w.(widgets.Actor)
	if !ok {
		return false
	}
	for _, have := range actor.Acts() {
		if have == a {
			return true
		}
	}
	return false
}

// card returns what is shown instead of the dashboard, "" when that is shown.
func (m *Model) card() string {
	need := "ticktop needs " + strconv.Itoa(layout.MinWidth) + "×" + strconv.Itoa(layout.MinHeight)
	clean := func(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }
	switch {
	case m.err != nil:
		return chrome.Card(m.pal, m.w, m.h, "the dashboard can't be opened", clean(m.err.Error()), clean("q quits"))
	case layout.ClassOf(m.w, m.h) == layout.TooSmall:
		return chrome.Card(m.pal, m.w, m.h, need, clean("this window is "+strconv.Itoa(m.w)+"×"+strconv.Itoa(m.h)), clean("q quits"))
	case m.pageOf() == nil:
		return chrome.Card(m.pal, m.w, m.h, "no page to show", clean("the configuration has no pages"), clean("q quits"))
	}
	return ""
}

// Title is the window's title: our own name, the account, the page, and a mark for
// alerts; 64 characters at most, all of them safe.
func (m *Model) Title() string {
	parts := []string{m.opt.Title}
	if a := account(m.dash); !a.Empty() {
		parts = append(parts, a.String())
	}
	if p := m.pageOf(); p != nil {
		parts = append(parts, datasource.Clean(p.Name, 64).String())
	}
	title := strings.Join(parts, " · ")
	if n := m.alerts.loud(m.now); n > 0 {
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
