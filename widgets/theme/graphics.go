package theme

import "image/color"

// Protocol is how a terminal takes pictures.
type Protocol uint8

// The protocols.
const (
	NoPixels Protocol = iota
	Kitty
	Sixel
)

// Graphics is what charts are drawn with where a terminal can show pixels; the
// zero Graphics shows nothing.
type Graphics struct {
	Protocol     Protocol
	CellW, CellH int // pixels of a cell
}

// With returns the palette for a terminal that shows pixels: equal arguments
// give the same pointer. Without colours, and with symbols of 7 bits, it is p.
func (p *Palette) With(g Graphics) *Palette {
	if p.Graphics == g || p.Symbols == ASCII || p.Colourless() || p.Profile < Profile256 {
		return p
	}
	if g.CellW < 4 || g.CellH < 8 || g.CellW > 64 || g.CellH > 128 {
		g.CellW, g.CellH = 10, 20
	}
	key := pixelKey{p, g}
	if q, ok := palettes.Load(key); ok {
		return q.(*Palette)
	}
	q := *p
	q.Graphics = g
	kept, _ := palettes.LoadOrStore(key, &q)
	return kept.(*Palette)
}

type pixelKey struct {
	palette  *Palette
	graphics Graphics
}

// Ink is the colour that a role is drawn with in a picture.
func (p *Palette) Ink(r Role) color.RGBA {
	c := p.theme.looks[r].fg
	if c == none {
		c = p.theme.looks[Text].fg
	}
	if r == TagUp || r == TagDown {
		c = p.theme.looks[r].bg
	}
	return color.RGBA{c.r(), c.g(), c.b(), 0xff}
}
