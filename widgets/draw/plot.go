package draw

import (
	"unicode/utf8"

	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"ticktop/widgets/theme"
)

// Plot is a grid of single-width characters, each with a role. Graphs are
// drawn on it in any order and it is then written into a Panel line by line,
// one escape sequence for each run of a role: that is what makes it an order
// of magnitude cheaper than a style for each cell.
//
// The dots of lines are set by ntcharts' braille grid; for the coarser symbol
// sets its patterns are translated.
type Plot struct {
	w, h  int
	sym   theme.Symbols
	cells []plotCell
	pix   *canvas // where the terminal shows pixels
}

type plotCell struct {
	r    rune // 0 is blank
	role theme.Role
}

// The dots of one cell: every symbol set is drawn on braille's grid.
const (
	DotsX = 2
	DotsY = 4
)

// NewPlot returns a blank plot of w×h cells.
func NewPlot(pal *theme.Palette, w, h int) *Plot {
	w, h = max(w, 0), max(h, 0)
	return &Plot{w: w, h: h, sym: pal.Symbols, cells: make([]plotCell, w*h), pix: newCanvas(pal, w, h)}
}

// Size returns the plot's cells.
func (p *Plot) Size() (w, h int) { return p.w, p.h }

// Put draws one character; outside the plot nothing is drawn.
func (p *Plot) Put(x, y int, r rune, role theme.Role) {
	if x >= 0 && x < p.w && y >= 0 && y < p.h {
		p.cells[y*p.w+x] = plotCell{r, role}
	}
}

// At returns what stands at a cell, 0 for a blank.
func (p *Plot) At(x, y int) rune {
	if x < 0 || x >= p.w || y < 0 || y >= p.h {
		return 0
	}
	return p.cells[y*p.w+x].r
}

// Text draws text of single-width characters, ours only; what is outside the
// plot is not drawn.
func (p *Plot) Text(x, y int, s string, role theme.Role) {
	for _, r := range s {
		p.Put(x, y, r, role)
		x++
	}
}

// Line draws a series into the area of w×h cells at (x0, y0): spans has DotsX
// columns for each cell, lo and hi are the values of its bottom and top dot.
func (p *Plot) Line(x0, y0, w, h int, spans []Span, lo, hi float64, role theme.Role) {
	if w <= 0 || h <= 0 {
		return
	}
	if hi <= lo {
		lo, hi = lo-1, hi+1
	}
	if p.pix != nil {
		p.pix.line(x0, y0, w, h, spans, lo, hi, role)
		return
	}
	rows := h * DotsY
	grid := runes.NewPatternDotsGrid(w*DotsX, rows)
	k := float64(rows-1) / (hi - lo)
	dot := func(v float64) int { return max(0, min(rows-1, int((hi-v)*k+0.5))) }
	rise := func(x, a, b int) {
		for y := min(a, b); y <= max(a, b); y++ {
			grid.Set(x, y)
		}
	}
	for x := range min(len(spans), w*DotsX) {
		s := &spans[x]
		if !s.Set {
			continue
		}
		out := dot(s.Out)
		top, bottom := out, out
		if x > 0 && spans[x-1].Set {
			before := dot(spans[x-1].Out)
			joinDots(before, out, x, rise)
			top, bottom = min(out, before), max(out, before)
		}
		if hi := dot(s.Hi); hi <= top-spike {
			rise(x, hi, out)
		}
		if lo := dot(s.Lo); lo >= bottom+spike {
			rise(x, out, lo)
		}
		rise(x, out, out)
	}
	p.layDots(x0, y0, grid.BraillePatterns(), role)
}

// spike is how many dots a column's extremes stand out from the line before
// they are drawn: what is less is noise, and would make the line a band.
const spike = 3

// joinDots fills the rows between the dot a of column x-1 and the dot b of column
// x, half of them in each column, so that a steep line has no holes.
func joinDots(a, b, x int, rise func(x, from, to int)) {
	switch mid := (a + b) / 2; {
	case b-a > 1:
		rise(x-1, a, mid)
		rise(x, mid+1, b)
	case a-b > 1:
		rise(x-1, a, mid+1)
		rise(x, mid, b)
	}
}

// layDots lays braille patterns over what is there: dots join dots, anything else
// is drawn over.
func (p *Plot) layDots(x0, y0 int, patterns [][]rune, role theme.Role) {
	for y, row := range patterns {
		for x, r := range row {
			if r == runes.BrailleBlockOffset || x0+x >= p.w || y0+y >= p.h {
				continue
			}
			c := &p.cells[(y0+y)*p.w+x0+x]
			if runes.IsBraillePattern(c.r) {
				r = runes.CombineBraillePatterns(c.r, r)
			}
			*c = plotCell{r, role}
		}
	}
}

// glyphFor returns the character of the symbol set for a cell.
func (p *Plot) glyphFor(r rune) rune {
	if p.sym == theme.Braille || !runes.IsBraillePattern(r) {
		return r
	}
	return coarseGlyph(r-runes.BrailleBlockOffset, p.sym)
}

// quadrants are the block elements by which quarters are filled: 1 top left,
// 2 top right, 4 bottom left, 8 bottom right.
var quadrants = [16]rune{' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'}

// coarseGlyph translates the dots of a braille pattern.
func coarseGlyph(bits rune, sym theme.Symbols) rune {
	q := 0
	for i, mask := range [4]rune{0x03, 0x18, 0x44, 0xa0} {
		if bits&mask != 0 {
			q |= 1 << i
		}
	}
	if sym == theme.Block {
		return quadrants[q]
	}
	switch top, bottom := q&3 != 0, q&12 != 0; {
	case top && bottom:
		return ':'
	case top:
		return '\''
	default:
		return '.'
	}
}

// Plot puts line y of a plot on the panel's line.
func (p *Panel) Plot(plot *Plot, y int) *Panel {
	if p.Full() || y < 0 || y >= plot.h {
		return p
	}
	p.beginLine()
	if y == 0 && plot.pix != nil && plot.w <= p.Left() {
		p.buf = plot.pix.append(p.buf, plot)
	}
	row := plot.cells[y*plot.w:][:min(plot.w, p.Left())]
	for x := 0; x < len(row); {
		c := row[x]
		if c.r == 0 || c.r == ' ' {
			n := x
			for n < len(row) && (row[n].r == 0 || row[n].r == ' ') {
				n++
			}
			p.Skip(n - x)
			x = n
			continue
		}
		p.openStyle(c.role)
		p.buf = utf8.AppendRune(p.buf, plot.glyphFor(c.r))
		p.col++
		x++
	}
	return p
}

// Area fills what lies between a series and a base line, in the area of w×h
// cells at (x0, y0); see Line for the other arguments.
func (p *Plot) Area(x0, y0, w, h int, spans []Span, base, lo, hi float64, role theme.Role) {
	if w <= 0 || h <= 0 || hi <= lo {
		return
	}
	if p.pix != nil {
		p.pix.area(x0, y0, w, h, spans, base, lo, hi, role)
		return
	}
	rows := h * DotsY
	grid := runes.NewPatternDotsGrid(w*DotsX, rows)
	k := float64(rows-1) / (hi - lo)
	dot := func(v float64) int { return max(0, min(rows-1, int((hi-v)*k+0.5))) }
	from := dot(base)
	for x := range min(len(spans), w*DotsX) {
		if !spans[x].Set {
			continue
		}
		to := dot(spans[x].Out)
		for y := min(from, to); y <= max(from, to); y++ {
			grid.Set(x, y)
		}
	}
	p.layDots(x0, y0, grid.BraillePatterns(), role)
}
