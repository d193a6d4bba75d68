package heatmap

import (
	"math"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/measure"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	k := w.lookAt(&f)
	head := draw.Head{Title: w.headingOf(&k), Focused: f.Focused}
	head.Note, head.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if k.filter.Active() || k.win.Lines < k.win.Total {
		shown := list.Window{First: k.win.First * k.grid.cols, Total: len(k.tiles)}
		shown.Lines = min(k.win.Lines*k.grid.cols, len(k.tiles)-shown.First)
		head.Extra = shown.Extra(k.all, k.filter)
	}
	if f.View.Sort != "" {
		head.Extra += " · by " + k.order
	}
	head.Aside, head.AsideRole = w.scaleText(&k), theme.Label
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case len(k.entries) == 0:
		p.Absent(w.spec.Data, nil, f.Now)
	case len(k.entries) == 1 && !k.entries[0].Known():
		p.Absent(w.spec.Data, k.entries[0], f.Now)
	case k.filter.Active() && len(k.tiles) == 0:
		p.Say("", theme.Label, "nothing matches "+k.filter.String())
	case k.all == 0:
		p.Say("", theme.Label, "nothing to show: the list is empty")
	default:
		w.drawTiles(p, &k, &f)
	}
	return p.String()
}

// scaleText is the change that has the strongest shade: "±1%".
func (w *Widget) scaleText(k *look) string {
	form := w.format
	for i := range k.tiles {
		if k.tiles[i].OK {
			form = w.formatOf(&k.tiles[i])
			break
		}
	}
	if !(k.scale > 0) || math.IsInf(k.scale, 0) || form.Class.Private() {
		return ""
	}
	style := form.NumberFormat
	style.Sign, style.Decimals = false, draw.Auto
	return "±" + draw.FormatNumber(datasource.NumberFromFloat(k.scale), style)
}

// drawTiles draws the rows of tiles.
func (w *Widget) drawTiles(p *draw.Panel, k *look, f *widgets.Context) {
	for row := k.win.First; row < k.win.End(); row++ {
		for line := range k.grid.lines {
			for i := row * k.grid.cols; i < min((row+1)*k.grid.cols, len(k.tiles)); i++ {
				w.drawTile(p, k, i, line, f)
			}
			p.EndLine()
		}
	}
}

// drawTile draws one line of a tile. The one under the cursor has a pointer as
// well as another background.
func (w *Widget) drawTile(p *draw.Panel, k *look, i, line int, f *widgets.Context) {
	it := &k.tiles[i]
	selected := f.Focused && i == k.selectedTile(f.View)
	g := k.grid
	if i%g.cols < g.wide {
		g.width++
	}
	text := w.tileText(it, g, line, selected, f)
	switch state := draw.StateOf(it.Entry); {
	case selected:
		p.Lit(theme.Selected, text+strings.Repeat(" ", max(0, g.width-draw.Width(text))))
	case !it.OK || state == datasource.StateStale:
		p.Cell(theme.Dim, text, g.width)
	default:
		p.Heat(k.shadeOf(it.Num), text, g.width)
	}
}

// tileText is one line of a tile: the name, the change, or both, and the mark of a
// state that is not live.
func (w *Widget) tileText(it *measure.Item, g grid, line int, selected bool, f *widgets.Context) string {
	ascii := f.Theme.Symbols == theme.ASCII
	mark, _ := draw.Mark(f.Theme, draw.StateOf(it.Entry))
	name := pick(selected, pick(ascii, ">", "▸"), " ") + it.Label
	if g.tight {
		if !selected {
			name = it.Label
		}
		return spreadTexts(name, w.tightChange(it, g.width-6, f)+mark, g.width)
	}
	switch {
	case g.lines == 1 && mark != "":
		return spreadTexts(name, w.changeText(it, g.width-6, f)+mark, g.width)
	case g.lines == 1:
		return spreadTexts(name, w.changeText(it, g.width-6, f), g.width)
	}
	switch nameLine := (g.lines - 1) / 2; line { // name and change in the middle
	case nameLine:
		return spreadTexts(name, mark, g.width)
	case nameLine + 1:
	default:
		return ""
	}
	return spreadTexts(" "+w.changeText(it, g.width-4, f), draw.Arrow(f.Theme, int8(draw.Sign(it.Num))), g.width)
}

// tightChange is change without its unit.
func (w *Widget) tightChange(it *measure.Item, width int, f *widgets.Context) string {
	form := w.formatOf(it)
	if !it.OK || form.Unit != draw.UnitPercent {
		return w.changeText(it, width, f)
	}
	style := form.For(it.Num)
	style.Unit = draw.UnitNone
	return string(draw.AppendFit(nil, it.Num, style, max(width, 1)))
}

// changeText formats a tile's number into a width: whole, or "…".
func (w *Widget) changeText(it *measure.Item, width int, f *widgets.Context) string {
	switch {
	case !it.OK:
		return pick(f.Theme.Symbols == theme.ASCII, "-", "–")
	case f.Private && w.formatOf(it).Class.Private():
		return draw.Hidden(f.Theme)
	default:
		return string(draw.AppendFit(nil, it.Num, w.formatOf(it).For(it.Num), max(width, 1)))
	}
}

func pick(is bool, a, b string) string {
	if is {
		return a
	}
	return b
}

// spreadTexts puts two texts at both ends of a width, a blank after the second one;
// the first is cut, with a mark, when both have no space.
func spreadTexts(left, right string, width int) string {
	space := width - draw.Width(right) - 2
	if right == "" || space < 2 {
		return draw.Truncate(left, width)
	}
	left = draw.Truncate(left, space)
	return left + strings.Repeat(" ", space-draw.Width(left)+1) + right + " "
}
