package ui

import (
	"fmt"
	"hash/fnv"
	"log/slog"
	"runtime/debug"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// panicLog is where a widget's panic is written.
type panicLog = *slog.Logger

// renderSafely draws a widget. A panic costs that panel and nothing else: it
// becomes a panel that names an id, and the stack goes to the log under that
// id. A widget that breaks its promise about lines is made to keep it.
func renderSafely(w widgets.Widget, f widgets.Frame, log panicLog) (pic string) {
	defer func() {
		if r := recover(); r != nil {
			pic = brokenPanel(w, f, r, log)
		}
	}()
	return exactLines(w.Render(f), f.W, f.H)
}

// brokenPanel is drawn in the place of a widget that panicked. The id is the
// same for the same panic at the same place, so that a screen full of them
// leads to one line of the log.
func brokenPanel(w widgets.Widget, f widgets.Frame, cause any, log panicLog) string {
	stack := debug.Stack()
	h := fnv.New32a()
	fmt.Fprintf(h, "%T %v", w, cause)
	id := fmt.Sprintf("%08x", h.Sum32())
	log.Error("a panel failed to draw", "id", id, "widget", fmt.Sprintf("%T", w), "panic", fmt.Sprint(cause), "stack", string(stack))
	title := datasource.Clean("panel", 16)
	func() {
		defer func() { _ = recover() }() // its title may be what is broken
		title = w.Title()
	}()
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: title, Focused: f.Focused,
		Note: datasource.Clean("internal error", 32), NoteRole: theme.Bad})
	for _, s := range draw.Wrap("this panel failed to draw; the others go on", p.Width(), max(p.Lines()-1, 1)) {
		p.Lit(theme.Label, s).EndLine()
	}
	p.Lit(theme.Bad, "id "+id).EndLine()
	return p.String()
}

// exactLines returns pic with exactly h lines: a widget that draws too many
// must not push the page about.
func exactLines(pic string, w, h int) string {
	n := strings.Count(pic, "\n") + 1
	if n == h {
		return pic
	}
	lines := strings.Split(pic, "\n")
	for len(lines) < h {
		lines = append(lines, strings.Repeat(" ", max(w, 0)))
	}
	return strings.Join(lines[:h], "\n")
}
