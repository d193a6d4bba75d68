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
	Data   string  `yaml:"data" doc:"a repeated datum of objects, a list of objects, or an object of numbers: quote"`
	Title  string  `yaml:"title" doc:"title of the panel; from the field's name when empty: Change %"`
	Label  string  `yaml:"label" doc:"the field that names a tile; symbol or name when empty"`
	Field  string  `yaml:"field" doc:"the field that holds the change; found by its name when empty: change_pct"`
	Format string  `yaml:"format" doc:"format of the change; by the name of the field when empty"`
	Scale  float64 `yaml:"scale" doc:"the change that gets the strongest shade; a round number above the largest when 0"`
	Sort   string  `yaml:"sort" doc:"value (the default), size, label, or none for the order of the data"`
}

var sorts = []string{"value", "size", "label", "none"}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	widgets.Base
	spec   Spec
	format field.Format
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
	_ widgets.Linked  = (*Widget)(nil)
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
	w := &Widget{spec: s, format: format, Base: widgets.NewBase(Kind, s.Title, s.Data)}
	if s.Title == "" {
		w.SetTitle(fieldHeading(name, format))
	}
	return w, nil
}

// formatOf is the format of a tile's number: where the field was guessed, what
// that one is, and not what was looked for.
func (w *Widget) formatOf(it *measure.Item) field.Format {
	if !it.Guessed || w.spec.Format != "" {
		return w.format
	}
	f := field.Guessed(it.Field)
	f.Sign = true
	return f
}

// headingOf is the title of a frame: of the field that is shown.
func (w *Widget) headingOf(k *look) datasource.Safe {
	for i := range k.tiles {
		if it := &k.tiles[i]; it.OK && it.Guessed && w.spec.Title == "" {
			return datasource.Clean(fieldHeading(it.Field, w.formatOf(it)), 80)
		}
	}
	return w.Title()
}

// fieldHeading is the field's name with its unit.
func fieldHeading(name string, format field.Format) string {
	title := field.Label(name)
	if format.Unit == draw.UnitPercent {
		title += " %"
	}
	return title
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 4 + 2*minTile + gap, 4 }

// Follows implements widgets.Linked: the map shows all there is.
func (w *Widget) Follows() bool { return false }

// Selects implements widgets.Linked: the symbol of the tile under the cursor.
func (w *Widget) Selects(f widgets.Context) (datasource.Safe, bool) {
	k := w.lookAt(&f)
	i := k.selectedTile(f.View)
	if i < 0 {
		return datasource.Safe{}, false
	}
	return datasource.Clean(k.tiles[i].Label, datasource.MaxCell), true
}

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
	cols, rows int // tiles across, rows of tiles that have space
	width      int // cells of a tile
	wide       int // the first so many of a row are a cell wider, so that the row is full
	lines      int // lines of a tile: 1, or more with the change below the name
	tight      bool
}

// Tiles touch each other: the map is one surface.
const (
	gap      = 0
	minTile  = 13 // " +0.52 % ▲ "
	minFlat  = 17 // " EURUSD +0.52 % "
	minTight = 13 // "XAGUSD -0.90 ": without its unit, which the title says
	maxTile  = 26

	maxLines = 6
)

func (w *Widget) lookAt(f *widgets.Context) look {
	k := look{filter: list.NewFilter(f.View.Filter), scale: w.spec.Scale, order: w.spec.Sort}
	k.tiles, k.entries = measure.Collect(f.Data, measure.Where{Data: w.spec.Data, Label: w.spec.Label, Field: w.spec.Field})
	k.all = len(k.tiles)
	for i := range k.tiles {
		if it := &k.tiles[i]; it.Guessed && !w.formatOf(it).Class.Directed() {
			it.OK = false // a price is no change
		}
	}
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
	if w.spec.Scale == 0 {
		k.scale = roundUp(k.scale)
	}
	width, height := list.Inside(*f)
	k.grid = layTiles(len(k.tiles), width, height)
	rows := (len(k.tiles) + k.grid.cols - 1) / k.grid.cols
	v := f.View
	v.Cursor, v.Offset = rowOf(v.Cursor, k.grid.cols), rowOf(v.Offset, k.grid.cols)
	k.win = list.Fit(v, rows, k.grid.rows)
	return k
}

// roundUp is the next 1, 2 or 5 with zeros, so that the shades do not change
// with every tick.
func roundUp(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range [...]float64{1, 2, 5} {
		if x <= m*unit {
			return m * unit
		}
	}
	return 10 * unit
}

// rowOf is the row of a tile, -1 for none.
func rowOf(tile, cols int) int {
	if tile < 0 {
		return -1
	}
	return tile / cols
}

// layTiles finds the tiles' size: two lines or more each, and as wide as they may
// be, when all of them then have space; or else one line each, wide enough for
// name and change beside each other.
func layTiles(n, width, height int) grid {
	g := grid{lines: 2}
	fits := func(cols, line int) bool { return (n+cols-1)/cols*line <= height }
	most := max(1, min(n, (width+gap)/(minTile+gap)))
	switch {
	case fits(most, 2) || height < 2 || n <= 1:
		for g.cols = most; g.cols > 1 && (width+gap)/(g.cols-1)-gap <= maxTile && fits(g.cols-1, 3); {
			g.cols--
		}
		rows := max(1, (n+g.cols-1)/g.cols)
		g.lines = max(2, min(maxLines, height/rows))
	default:
		g.lines = 1
		if g.cols = max(1, min(n, width/minFlat)); !fits(g.cols, 1) && width/minTight > g.cols {
			g.cols, g.tight = min(n, width/minTight), true
		}
	}
	if height < 2 {
		g.lines = 1
	}
	g.width = max(1, (width+gap)/g.cols-gap)
	g.wide = max(0, (width+gap)%g.cols)
	g.rows = max(1, height/g.lines)
	return g
}

// selectedTile is the selected tile, -1 for none.
func (k *look) selectedTile(v widgets.View) int { return min(v.Cursor, len(k.tiles)-1) }

// shadeOf returns the shade of a change, from -theme.HeatSteps to theme.HeatSteps.
func (k *look) shadeOf(n datasource.Number) int {
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
