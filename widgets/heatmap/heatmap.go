// Package heatmap draws a tile for each symbol, shaded by its change: where
// the market moves is seen before a figure is read. Each tile has its name and
// its change with sign and arrow, so that the shade is never needed.
package heatmap

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/measure"
	"ticktop/widgets/theme"
)

// Kind is the widget's name in the configuration.
const Kind = "heatmap"

// Spec configures the widget.
type Spec struct {
	Data   string  `yaml:"data"`   // a group of objects, a list of objects or an object of numbers: "quote"
	Title  string  `yaml:"title"`  // from the datum's name when empty
	Label  string  `yaml:"label"`  // the field that names a tile; symbol or name when empty
	Field  string  `yaml:"field"`  // the field that holds the change; guessed when empty: change_pct
	Format string  `yaml:"format"` // of the change, as in field.Parse
	Scale  float64 `yaml:"scale"`  // the change that gets the strongest shade; the largest there is when 0
	Sort   string  `yaml:"sort"`   // none (as configured, the default), value, size, label
}

var sorts = []string{"none", "value", "size", "label"}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec   Spec
	title  datasource.Safe
	format field.Format
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("heatmap: data is missing: name a group of objects, for example data: quote")
	}
	if s.Scale < 0 || math.IsNaN(s.Scale) || math.IsInf(s.Scale, 0) {
		return nil, fmt.Errorf("heatmap: scale %v is not above zero", s.Scale)
	}
	if s.Sort == "" {
		s.Sort = sorts[0]
	}
	if !slices.Contains(sorts, s.Sort) {
		return nil, fmt.Errorf("heatmap: unknown sort %q (one of %s)", s.Sort, strings.Join(sorts, ", "))
	}
	name := s.Field
	if name == "" {
		name = "change_pct"
	}
	format, err := field.Parse(s.Format, name)
	if err != nil {
		return nil, fmt.Errorf("heatmap: %w", err)
	}
	format.Sign = true
	w := &Widget{spec: s, format: format, title: datasource.Clean(s.Title, 80)}
	if s.Title == "" {
		w.title = datasource.Clean(field.Label(s.Data), 80)
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return []string{w.spec.Data} }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 4 + 2*minTile + gap, 4 }

// look is a frame worked out.
type look struct {
	tiles   []measure.Item
	all     int
	entries []*datasource.Entry
	filter  list.Filter
	grid    grid
	win     list.Window // of tiles, in whole rows of them
	scale   float64
	order   string
}

// grid is how the tiles are laid out.
type grid struct {
	cols, rows int // tiles across, rows of tiles that have room
	width      int // cells of a tile
	wide       int // the first so many of a row are a cell wider, so that the row is full
	lines      int // lines of a tile: 1, or 2 with the change below the name
	air        int // blank lines between two rows
}

const (
	gap     = 1
	minTile = 12 // " +0.52 % ▲ "
	minFlat = 16 // " EURUSD +0.52 % "
	maxTile = 18
)

func (w *Widget) lookAt(f *widgets.Frame) look {
	k := look{filter: list.NewFilter(f.View.Filter), scale: w.spec.Scale, order: w.spec.Sort}
	k.tiles, k.entries = measure.Collect(f.Data, measure.Where{Data: w.spec.Data, Label: w.spec.Label, Field: w.spec.Field})
	k.all = len(k.tiles)
	k.tiles = slices.DeleteFunc(k.tiles, func(it measure.Item) bool { return !k.filter.KeepString(it.Label) })
	if slices.Contains(sorts, f.View.Sort) {
		k.order = f.View.Sort
	}
	measure.Sort(k.tiles, k.order, f.View.Desc)
	for _, it := range k.tiles {
		if x := math.Abs(it.Num.Float()); it.OK && it.Num.Finite() && w.spec.Scale == 0 {
			k.scale = max(k.scale, x)
		}
	}
	width, height := list.Inside(*f)
	k.grid = layout(len(k.tiles), width, height)
	rows := (len(k.tiles) + k.grid.cols - 1) / k.grid.cols
	v := f.View
	v.Cursor, v.Offset = rowOf(v.Cursor, k.grid.cols), rowOf(v.Offset, k.grid.cols)
	k.win = list.Fit(v, rows, k.grid.rows)
	return k
}

// rowOf is the row of a tile, -1 for none.
func rowOf(tile, cols int) int {
	if tile < 0 {
		return -1
	}
	return tile / cols
}

// layout finds the tiles' size: two lines each, with air between the rows when
// all of them then have room, and as wide as they may be; or else one line
// each, wide enough for name and change beside each other.
func layout(n, width, height int) grid {
	g := grid{lines: 2}
	fits := func(cols, line int) bool { return (n+cols-1)/cols*line <= height }
	most := max(1, min(n, (width+gap)/(minTile+gap)))
	switch {
	case fits(most, 2) || height < 2 || n <= 1:
		for g.cols = most; g.cols > 1 && (width+gap)/(g.cols-1)-gap <= maxTile && fits(g.cols-1, 3); {
			g.cols--
		}
		if (n+g.cols-1)/g.cols*3-1 <= height {
			g.air = 1
		}
	default:
		g.lines = 1
		g.cols = max(1, min(n, (width+gap)/(minFlat+gap)))
	}
	if height < 2 {
		g.lines = 1
	}
	g.width = max(1, (width+gap)/g.cols-gap)
	g.wide = max(0, (width+gap)%g.cols)
	g.rows = max(1, (height+g.air)/(g.lines+g.air))
	return g
}

// cursor is the selected tile, -1 for none.
func (k *look) cursor(v widgets.View) int { return min(v.Cursor, len(k.tiles)-1) }

// step returns the shade of a change, from -theme.HeatSteps to theme.HeatSteps.
func (k *look) step(n datasource.Number) int {
	x := n.Float()
	if k.scale == 0 || x == 0 || !n.Finite() {
		return 0
	}
	s := max(1, int(math.Ceil(min(math.Abs(x)/k.scale, 1)*theme.HeatSteps)))
	if x < 0 {
		return -s
	}
	return s
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action {
	return list.Motions(widgets.ActLeft, widgets.ActRight, widgets.ActSort, widgets.ActSortFlip)
}

// Act implements widgets.Actor. The cursor moves from tile to tile in all four
// directions.
func (w *Widget) Act(f widgets.Frame, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	v, n := f.View, len(k.tiles)
	at := max(k.cursor(v), 0)
	page := k.grid.cols * max(k.grid.rows-1, 1)
	switch a {
	case widgets.ActSort:
		v.Sort, v.Desc = sorts[(slices.Index(sorts, k.order)+1)%len(sorts)], false
		return v
	case widgets.ActSortFlip:
		v.Desc = !v.Desc
		return v
	case widgets.ActLeft:
		at--
	case widgets.ActRight:
		at++
	case widgets.ActUp:
		if at >= k.grid.cols {
			at -= k.grid.cols
		}
	case widgets.ActDown:
		if at+k.grid.cols < n {
			at += k.grid.cols
		}
	case widgets.ActPageUp:
		at -= page
	case widgets.ActPageDown:
		at += page
	case widgets.ActTop:
		at = 0
	case widgets.ActBottom:
		at = n - 1
	default:
		return v
	}
	v.Cursor = max(0, min(at, n-1))
	v.Offset = k.win.First * k.grid.cols
	return v
}

// Target implements widgets.Pointer: the tile under the cursor.
func (w *Widget) Target(f widgets.Frame) (widgets.Target, bool) {
	k := w.lookAt(&f)
	i := k.cursor(f.View)
	if i < 0 {
		return widgets.Target{}, false
	}
	it := k.tiles[i]
	return widgets.Target{Name: it.Name, Field: it.Field, Row: it.Row}, true
}

// RowAt implements widgets.Pointer: the first tile of the row at that line.
func (w *Widget) RowAt(f widgets.Frame, y int) (int, bool) {
	k := w.lookAt(&f)
	row, ok := k.win.At((y - list.Top(f)) / (k.grid.lines + k.grid.air))
	return row * k.grid.cols, ok && y >= list.Top(f)
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Frame) string {
	k := w.lookAt(&f)
	head := draw.Head{Title: w.title, Focused: f.Focused}
	head.Note, head.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if k.filter.Active() || k.win.Lines < k.win.Total {
		shown := list.Window{First: k.win.First * k.grid.cols, Total: len(k.tiles)}
		shown.Lines = min(k.win.Lines*k.grid.cols, len(k.tiles)-shown.First)
		head.Extra = shown.Extra(k.all, k.filter)
	}
	if f.View.Sort != "" {
		head.Extra += " · by " + k.order
	}
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
		w.tiles(p, &k, &f)
	}
	return p.String()
}

// tiles draws the rows of tiles.
func (w *Widget) tiles(p *draw.Panel, k *look, f *widgets.Frame) {
	for row := k.win.First; row < k.win.End(); row++ {
		if row > k.win.First {
			for range k.grid.air {
				p.EndLine()
			}
		}
		for line := range k.grid.lines {
			for i := row * k.grid.cols; i < min((row+1)*k.grid.cols, len(k.tiles)); i++ {
				if i > row*k.grid.cols {
					p.Skip(gap)
				}
				w.tile(p, k, i, line, f)
			}
			p.EndLine()
		}
	}
}

// tile draws one line of a tile. The one under the cursor has a pointer as
// well as another background.
func (w *Widget) tile(p *draw.Panel, k *look, i, line int, f *widgets.Frame) {
	it := &k.tiles[i]
	selected := f.Focused && i == k.cursor(f.View)
	g := k.grid
	if i%g.cols < g.wide {
		g.width++
	}
	text := w.text(it, g, line, selected, f)
	switch state := draw.StateOf(it.Entry); {
	case selected:
		p.Lit(theme.Selected, text+strings.Repeat(" ", max(0, g.width-draw.Width(text))))
	case !it.OK || state == datasource.StateStale:
		p.Cell(theme.Dim, text, g.width)
	default:
		p.Heat(k.step(it.Num), text, g.width)
	}
}

// text is one line of a tile: the name, the change, or both, and the mark of a
// state that is not live.
func (w *Widget) text(it *measure.Item, g grid, line int, selected bool, f *widgets.Frame) string {
	ascii := f.Theme.Symbols == theme.ASCII
	mark, _ := draw.Mark(f.Theme, draw.StateOf(it.Entry))
	name := pick(selected, pick(ascii, ">", "▸"), " ") + it.Label
	switch {
	case g.lines == 1 && mark != "":
		return spread(name, w.change(it, g.width-6, f)+mark, g.width)
	case g.lines == 1:
		return spread(name, w.change(it, g.width-6, f), g.width)
	case line == 0:
		return spread(name, mark, g.width)
	}
	return spread(" "+w.change(it, g.width-4, f), draw.Arrow(f.Theme, int8(draw.Sign(it.Num))), g.width)
}

// change formats a tile's number into a width: whole, or "…".
func (w *Widget) change(it *measure.Item, width int, f *widgets.Frame) string {
	switch {
	case !it.OK:
		return pick(f.Theme.Symbols == theme.ASCII, "-", "–")
	case f.Private && w.format.Class.Private():
		return draw.Hidden(f.Theme)
	default:
		return string(draw.AppendFit(nil, it.Num, w.format.For(it.Num), max(width, 1)))
	}
}

func pick(is bool, a, b string) string {
	if is {
		return a
	}
	return b
}

// spread puts two texts at both ends of a width, a blank after the second one;
// the first is cut, with a mark, when both have no room.
func spread(left, right string, width int) string {
	room := width - draw.Width(right) - 2
	if right == "" || room < 2 {
		return draw.Truncate(left, width)
	}
	left = draw.Truncate(left, room)
	return left + strings.Repeat(" ", room-draw.Width(left)+1) + right + " "
}
