package feed

import (
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
)

// maxKinds is how many kinds of message there may be for them to be chosen from:
// beyond it the word is no kind.
const maxKinds = 6

// kindsOf returns the kinds of the messages, what they say of themselves beside
// the text: FILL, REJECT, WARN. They are in the order of the alphabet, so that a
// new message does not move them; nil where there is nothing to choose.
func (w *Widget) kindsOf(all []message) []string {
	var out []string
	for i := range all {
		kind := w.levelOf(&all[i])
		if kind == "" || slices.Contains(out, kind) {
			continue
		}
		if out = append(out, kind); len(out) > maxKinds {
			return nil
		}
	}
	if len(out) < 2 {
		return nil
	}
	slices.Sort(out)
	return out
}

// nextKind returns the view that shows the next kind alone; after the last one
// all are back.
func nextKind(v widgets.View, kinds []string) widgets.View {
	at := slices.Index(kinds, v.Sort) + 1 // 0: all are shown
	v.Sort, v.Cursor, v.Offset = "", 0, 0
	if at < len(kinds) {
		v.Sort = kinds[at]
	}
	return v
}

// kindsLine names the kinds, the one that is shown in brackets.
func kindsLine(kinds []string, shown string) string {
	if len(kinds) == 0 {
		return ""
	}
	parts := []string{"all"}
	for _, kind := range kinds {
		parts = append(parts, strings.ToLower(kind))
	}
	at := slices.Index(kinds, shown) + 1
	parts[at] = "[" + parts[at] + "]"
	return datasource.Clean(strings.Join(parts, " · "), 80).String()
}

// ofKind leaves the messages of a kind; all of them if there are no such messages.
func (w *Widget) ofKind(all []message, kinds []string, kind string) []message {
	if kind == "" || !slices.Contains(kinds, kind) {
		return all
	}
	return slices.DeleteFunc(all, func(m message) bool { return w.levelOf(&m) != kind })
}
