package scene

import (
	"slices"

	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/widgets"
)

// Knows reports whether a widget does something on an action.
func Knows(w widgets.Widget, a widgets.Action) bool {
	actor, ok := w.(widgets.Actor)
	return ok && slices.Contains(actor.Acts(), a)
}

// footerHints are the keys in the footer: what the focused panel can do, and
// what a newcomer needs.
func (sc *Scene) footerHints() []chrome.Hint {
	var out []chrome.Hint
	add := func(action keymap.Action, text string) {
		if key := sc.Keys.Key(action); key != "" {
			out = append(out, chrome.Hint{Key: key, Text: text})
		}
	}
	knows := func(a widgets.Action) bool { return sc.Focus >= 0 && Knows(sc.Plan.Slots[sc.Focus].Widget, a) }
	switch {
	case !sc.Key.Crumb.Empty():
		add(keymap.Back, "back")
	case sc.Key.Zoomed:
		add(keymap.Zoom, "back")
	}
	add(keymap.Open, "open")
	add(keymap.Help, "keys")
	if knows(widgets.ActSort) {
		add(keymap.Filter, "find")
	}
	add(keymap.Palette, "go to")
	if !sc.Key.Replay {
		add(keymap.AddAlert, "alert here")
	}
	if knows(widgets.ActSort) {
		add(keymap.Sort, "sort")
	}
	if knows(widgets.ActShorter) {
		if a, b := sc.Keys.Key(keymap.Shorter), sc.Keys.Key(keymap.Longer); a != "" && b != "" {
			out = append(out, chrome.Hint{Key: a + " " + b, Text: "range"})
		}
		add(keymap.Indicators, "indicators")
	}
	if knows(widgets.ActInterval) {
		add(keymap.Interval, map[bool]string{true: "kind", false: "interval"}[sc.Plan.Slots[sc.Focus].Widget.Kind() == "feed"])
	}
	if sc.Key.Faults {
		add(keymap.Faults, "faults")
	}
	if !sc.Key.Zoomed {
		add(keymap.Zoom, "zoom")
	}
	add(keymap.Watchlists, "lists")
	add(keymap.Pause, "pause")
	add(keymap.Inspect, "inspect")
	add(keymap.Quit, "quit")
	return out
}
