package chart

import (
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// placeLegend decides where several lines are named: beside their ends where
// there is space and they are many, else in as many lines above as it takes.
func (w *Widget) placeLegend(k *look, f *widgets.Context, height int) {
	if len(k.lines) < 2 || height < minLegend {
		return
	}
	if k.cells >= minMargin && len(k.lines) >= manyLines && k.rows >= 6 {
		widest := 0
		for i := range k.lines {
			widest = max(widest, draw.Width(k.lines[i].label))
		}
		k.margin = 2 + 2 + min(widest, 16) + 1 + len("-00.00%")
		if !w.spec.Percent {
			k.margin += 4
		}
		return
	}
	k.legend = 1
	for k.legend < max(k.rows/3, 1) && w.legendLeaves(k, f) > 0 {
		k.legend++
	}
	k.rows -= k.legend
}

// numberOf is how a line's end is marked: 1 to 9, then a to z.
func numberOf(i int) rune { return rune("123456789abcdefghijklmnopqrstuvwxyz"[i%35]) }

// entry is one name of the legend.
type entry struct {
	name, value string
	role        theme.Role
}

// legendRows breaks the names into lines of the legend, each with its value
// where there is space, and returns how many did not fit.
func (w *Widget) legendRows(k *look, f *widgets.Context) (rows [][]entry, left int) {
	width := k.cells
	for i := 0; i < len(k.lines) && len(rows) < k.legend; {
		var row []entry
		x := 0
		for ; i < len(k.lines); i++ {
			l := &k.lines[i]
			e := entry{name: string(numberOf(i)) + " " + l.label, value: w.valueAt(k, l, f), role: l.role}
			room := width - x
			if len(rows) == k.legend-1 {
				if rest := len(k.lines) - 1 - i + k.more; rest > 0 {
					room -= draw.Width(moreWords(rest)) + 2
				}
			}
			if draw.Width(e.name+e.value) > room {
				e.value = ""
			}
			if draw.Width(e.name) > room {
				break
			}
			row = append(row, e)
			x += draw.Width(e.name+e.value) + 2
		}
		rows = append(rows, row)
		if len(row) == 0 {
			return rows, len(k.lines) - i + k.more
		}
		if len(rows) == k.legend {
			return rows, len(k.lines) - i + k.more
		}
	}
	return rows, k.more
}

func (w *Widget) legendLeaves(k *look, f *widgets.Context) int {
	_, left := w.legendRows(k, f)
	return left - k.more
}

// drawLegend names the lines, each with its value at the crosshair or at its end
// where there is space, and says how many are left out.
func (w *Widget) drawLegend(p *draw.Panel, k *look, f *widgets.Context) {
	rows, left := w.legendRows(k, f)
	for i := range k.legend {
		p.Skip(k.axis)
		if i < len(rows) {
			for _, e := range rows[i] {
				p.Lit(e.role, e.name).Lit(theme.Label, e.value).Skip(2)
			}
		}
		if i == k.legend-1 && left > 0 {
			p.Lit(theme.Dim, moreWords(left))
		}
		p.EndLine()
	}
}

func moreWords(n int) string { return "+" + strconv.Itoa(n) + " more" }

// valueAt is a line's value at the crosshair or at its end, with a blank before.
func (w *Widget) valueAt(k *look, l *line, f *widgets.Context) string {
	at := k.win.to
	if k.crossed {
		at = k.cross.MS
	}
	if k.win.to == 0 { // not placed yet: what the end will be
		if last, ok := l.entry.Value.Last(); ok {
			return " " + w.formatValue(l, last.V, f)
		}
		return ""
	}
	if s, ok := sampleAt(l.pts, at); ok {
		return " " + w.formatValue(l, s.V, f)
	}
	return ""
}

// drawNames writes the name of each line beside its end, with how the line is
// drawn and its value; none covers another.
func (w *Widget) drawNames(plot *draw.Plot, k *look, f *widgets.Context) {
	if k.margin == 0 {
		return
	}
	want := make([]float64, len(k.lines))
	for i := range k.lines {
		want[i] = float64(k.rows) - 1
		for c := len(k.lines[i].spans) - 1; c >= 0; c-- {
			if s := &k.lines[i].spans[c]; s.Set {
				want[i] = (1 - k.scale.Part(s.Out)) * float64(k.rows-1)
				break
			}
		}
	}
	x, width := k.axis+k.cells+1, k.margin-1
	hidden := k.more
	for i, row := range draw.Spread(want, k.rows, -1) {
		l := &k.lines[i]
		if row < 0 {
			hidden++
			continue
		}
		role := l.role
		if l.front {
			role = theme.Strong
		}
		plot.Text(x, row, w.swatch(l, f), l.role)
		value := strings.TrimPrefix(w.valueAt(k, l, f), " ")
		name := draw.Truncate(l.label, max(width-3-draw.Width(value)-1, 1))
		plot.Text(x+3, row, name, role)
		valueRole := theme.Text
		if w.spec.Percent {
			valueRole = directionOf(value)
		}
		plot.Text(x+width-draw.Width(value), row, value, draw.Faded(l.entry, valueRole))
	}
	if hidden > 0 {
		plot.Text(x, k.rows, moreWords(hidden), theme.Dim)
	}
}

// directionOf is the role of a change that is written with its sign.
func directionOf(value string) theme.Role {
	switch {
	case strings.Trim(value, "+-0.%") == "":
		return theme.Text
	case value[0] == '-':
		return theme.Down
	}
	return theme.Up
}

// swatch shows how a line is drawn.
func (w *Widget) swatch(l *line, f *widgets.Context) string {
	if f.Theme.Symbols == theme.ASCII {
		return [...]string{"--", "- ", ".."}[l.weave%3]
	}
	return [...]string{"━━", "╍╍", "┅┅"}[l.weave%3]
}

// drawLine draws one line in its weave.
func (k *look) drawLine(plot *draw.Plot, l *line, f *widgets.Context) {
	role := l.role
	if len(k.lines) == 1 {
		role = draw.Faded(l.entry, theme.Series1)
	}
	spans := l.spans
	if l.weave > 0 || k.scale.IsLog() {
		spans = append([]draw.Span(nil), spans...)
		for c := range spans {
			if l.weave == 1 && c/3%2 == 1 || l.weave == 2 && c%3 != 0 {
				spans[c] = draw.Span{}
			}
		}
	}
	lo, hi := k.scale.Even(spans)
	plot.Line(k.axis, 0, k.cells, k.rows, spans, lo, hi, role)
}

// isShown reports whether a series of the group is switched on in a view.
func (w *Widget) isShown(v widgets.View, name string) bool {
	item := datasource.Item(name)
	if item == "" {
		return true
	}
	shown := len(w.spec.Symbols) == 0
	for _, s := range w.spec.Symbols {
		shown = shown || s == item
	}
	for _, part := range strings.Split(v.Overlays, ",") {
		if len(part) > 1 && part[1:] == item {
			shown = part[0] == '+'
		}
	}
	return shown
}

// isLog reports whether the scale is logarithmic in a view.
func (w *Widget) isLog(v widgets.View) bool {
	log := w.spec.Log
	for _, part := range strings.Split(v.Overlays, ",") {
		if len(part) > 1 && part[1:] == logName {
			log = part[0] == '+'
		}
	}
	return log && !w.spec.Percent
}

// logName is the switch of the scale.
const logName = "log scale"

// Overlays implements widgets.Overlaid: the series of a group, and the scale.
func (w *Widget) Overlays(f widgets.Context) []widgets.Overlay {
	var out []widgets.Overlay
	for _, data := range w.data {
		f.Data.Each(data, func(name string, _ *datasource.Entry) {
			if item := datasource.Item(name); item != "" && f.Data.Get(data) == nil {
				out = append(out, widgets.Overlay{Name: item, Text: "line", On: w.isShown(f.View, name)})
			}
		})
	}
	if !w.spec.Percent {
		out = append(out, widgets.Overlay{Name: logName, Text: "equal ratios equally far apart", On: w.isLog(f.View)})
	}
	return out
}

// SwitchOverlay implements widgets.Overlaid.
func (w *Widget) SwitchOverlay(v widgets.View, name string) widgets.View {
	on := !w.isShown(v, "."+name)
	if name == logName {
		on = !w.isLog(v)
	}
	var parts []string
	for _, part := range strings.Split(v.Overlays, ",") {
		if part != "" && part[1:] != name {
			parts = append(parts, part)
		}
	}
	v.Overlays = strings.Join(append(parts, map[bool]string{true: "+", false: "-"}[on]+name), ",")
	return v
}
