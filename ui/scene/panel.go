package scene

import (
	"fmt"
	"hash/fnv"
	"log/slog"
	"runtime/debug"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// RenderPanel draws a widget. A panic costs that panel and nothing else: it
// becomes a panel that names an id, and the stack goes to the log under that
// id. A widget that returns another number of lines is corrected.
func RenderPanel(w widgets.Widget, f widgets.Context, log *slog.Logger) (out string) {
	defer func() {
		if r := recover(); r != nil {
			out = brokenPanel(w, f, r, log)
		}
	}()
	return exactLines(w.Render(f), f.W, f.H)
}

// brokenPanel is drawn in the place of a widget that panicked. The id is the
// same for the same panic at the same place, so that a screen full of them
// leads to one line of the log.
func brokenPanel(w widgets.Widget, f widgets.Context, cause any, log *slog.Logger) string {
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

// exactLines returns panel with exactly h lines: a widget that draws too many
// must not move the rest of the page.
func exactLines(panel string, w, h int) string {
	n := strings.Count(panel, "\n") + 1
	if n == h {
		return panel
	}
	lines := strings.Split(panel, "\n")
	for len(lines) < h {
		lines = append(lines, strings.Repeat(" ", max(w, 0)))
	}
	return strings.Join(lines[:h], "\n")
}

// drawsFields reports whether a widget shows an object as a line for each field:
// with the values hidden the names are left. Others would say that a figure is
// missing.
func drawsFields(w widgets.Widget) bool {
	switch w.Kind() {
	case "account", "counter", "table", "text":
		return true
	}
	return false
}

// allHidden reports whether a panel has nothing to show but hidden values.
func allHidden(w widgets.Widget, snap *datasource.Snapshot) bool {
	some, names := false, w.Data()
	if w.Kind() == "positions" { // the prices alone are no positions
		names = names[:1]
	}
	for _, name := range names {
		shown := false
		snap.Each(name, func(_ string, e *datasource.Entry) {
			switch {
			case e == nil || mask.Market(e.Ref) || e.Value.Type == datasource.TypeObject && drawsFields(w):
				shown = true
			case e.Known():
				some = true
			}
		})
		if shown {
			return false
		}
	}
	return some
}

// hiddenPanel stands where everything that a panel shows is private.
func hiddenPanel(w widgets.Widget, f widgets.Context) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: w.Title(), Focused: f.Focused})
	p.Say("", theme.Label, "hidden")
	return p.String()
}
