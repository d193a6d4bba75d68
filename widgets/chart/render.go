package chart

import (
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	width, height := list.Inside(f)
	k := w.lookAt(&f, width, height)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.titleLine(&k, &f))
	switch {
	case k.drawn:
		w.drawBody(p, &k, &f)
	default:
		w.drawAbsent(p, &k, &f)
	}
	return p.String()
}

// titleLine is the title with its range, the figures, and what is not plain.
func (w *Widget) titleLine(k *look, f *widgets.Context) draw.Head {
	h := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	h.Note, h.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if !k.drawn {
		return h
	}
	shown := w.rangeOf(f.View)
	if shown == all {
		shown = k.fullRange()
	}
	h.Extra = " · " + rangeWords(shown>>clamp(f.View.Zoom, 0, maxZoom))
	if z := clamp(f.View.Zoom, 0, maxZoom); z > 0 {
		h.Extra += " · ×" + strconv.Itoa(1<<z)
	}
	if k.scale.IsLog() {
		h.Extra += " · log"
	}
	w.addFigures(&h, k, f)
	return h
}

// fullRange is the length of all there is: the window that the datum keeps, when
// the samples nearly fill it, else from the first sample to the last.
func (k *look) fullRange() time.Duration {
	d := k.sampledSpan()
	for i := range k.lines {
		if window := k.lines[i].entry.Ref.Window; window > d && d > window*9/10 {
			return window
		}
	}
	return d
}

// addFigures puts the reading of the crosshair, or the last, lowest and highest
// value of a single line, at the right of the title: as many as have space.
func (w *Widget) addFigures(h *draw.Head, k *look, f *widgets.Context) {
	room := f.W - 6 - 4 - draw.Width(h.Title.String()+h.Extra)
	try := func(s string) {
		if draw.Width(s) <= room {
			h.Aside = s
		}
	}
	if k.crossed {
		h.AsideRole = theme.Strong
		at := draw.Clock(k.cross.Time(), f.Now)
		try(at)
		try(at + "  " + w.formatValue(&k.lines[0], k.cross.V, f))
		return
	}
	if len(k.lines) != 1 {
		return
	}
	l := &k.lines[0]
	last, ok := datasource.Point{}, false
	if pts := k.samplesIn(k.win); len(pts) > 0 {
		last, ok = (&datasource.Value{Points: pts}).Last()
	}
	if !ok {
		return
	}
	now := w.formatValue(l, last.V, f)
	try(now)
	if !w.spec.Percent {
		try("min " + w.formatValue(l, k.lo, f) + "  max " + w.formatValue(l, k.hi, f) + "  " + now)
	}
}

// formatValue formats a value of a line, hidden where money is.
func (w *Widget) formatValue(l *line, v float64, f *widgets.Context) string {
	if f.Private && w.money {
		return draw.Hidden(f.Theme)
	}
	if w.spec.Percent {
		return draw.FormatNumber(datasource.NumberFromFloat(l.percentChange(v)), draw.NumberFormat{Decimals: 2, Sign: true, Unit: draw.UnitPercent})
	}
	form := w.format.For(datasource.NumberFromFloat(v))
	if w.format.Decimals == draw.Auto && form.Unit != draw.UnitCompact {
		form.Decimals = max(form.Decimals, draw.Digits(l.pts))
	}
	return draw.FormatNumber(datasource.NumberFromFloat(v), form)
}

// drawBody draws legend, plot and axes.
func (w *Widget) drawBody(p *draw.Panel, k *look, f *widgets.Context) {
	if k.legend > 0 {
		w.drawLegend(p, k, f)
	}
	plot := draw.NewPlot(f.Theme, k.axis+k.cells+k.margin, p.Lines()-k.legend)
	w.valueAxis(plot, k, f)
	k.timeAxis(plot, f)
	k.guides(plot, w, f)
	for i := len(k.lines) - 1; i >= 0; i-- { // the first one on top
		if !k.lines[i].front {
			k.drawLine(plot, &k.lines[i], f)
		}
	}
	for i := range k.lines {
		if k.lines[i].front {
			k.drawLine(plot, &k.lines[i], f)
		}
	}
	w.markPoints(plot, k, f)
	w.drawNames(plot, k, f)
	w.formatReading(plot, k, f)
	_, rows := plot.Size()
	for y := range rows {
		p.Plot(plot, y)
		p.EndLine()
	}
}

// markPoints marks the sample under the crosshair and, of several lines that a
// legend names, each one's end with its number there.
func (w *Widget) markPoints(plot *draw.Plot, k *look, f *widgets.Context) {
	if len(k.lines) > 1 && k.margin == 0 {
		for i := range k.lines {
			l := &k.lines[i]
			for c := len(l.spans) - 1; c >= 0; c-- {
				if l.spans[c].Set {
					plot.Put(k.axis+c/draw.DotsX, k.rowOf(l.spans[c].Out), numberOf(i), l.role)
					break
				}
			}
		}
	}
	if k.crossed {
		v := k.cross.V
		if w.spec.Percent {
			v = k.lines[0].percentChange(v)
		}
		plot.Put(k.axis+k.columnAt(k.cross.MS), k.rowOf(v), symbolFor(f.Theme, '●', 'O'), theme.Strong)
	}
}

// drawAbsent says why there is no line.
func (w *Widget) drawAbsent(p *draw.Panel, k *look, f *widgets.Context) {
	name, e := w.data[0], (*datasource.Entry)(nil)
	for _, x := range k.entries {
		if x != nil {
			e = x
			break
		}
	}
	switch {
	case e == nil && k.off > 0:
		p.Say("…", theme.Dim, "no line is switched on", "choose with the key of indicators")
	case e.Known() && e.Value.Type != datasource.TypeSeries:
		p.Wrong("a series", e, f.Now)
	case e.Known():
		p.Say("…", theme.Dim, "no points yet", "key "+datasource.Clean(e.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(name, e, f.Now)
	}
}

// symbolFor returns the character of a symbol set.
func symbolFor(pal *theme.Palette, unicode, ascii rune) rune {
	if pal.Symbols == theme.ASCII {
		return ascii
	}
	return unicode
}
