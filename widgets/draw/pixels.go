package draw

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"

	"github.com/charmbracelet/x/ansi/sixel"
	"golang.org/x/image/vector"

	"ticktop/widgets/theme"
)

// canvas is a plot in pixels: lines, areas and candles are drawn as such, and
// what else the plot has stays text over it. The picture travels in the panel's
// first line, behind an escape sequence that only the renderer of ui/broadcast
// knows; it never leaves that as it is.
type canvas struct {
	pal    *theme.Palette
	w, h   int     // cells
	cw, ch float32 // pixels of a cell
	ops    []func(*image.RGBA)
}

// newCanvas returns nil where the terminal shows no pixels.
func newCanvas(pal *theme.Palette, w, h int) *canvas {
	g := pal.Graphics
	if g.Protocol == theme.NoPixels || w <= 0 || h <= 0 || w*h*g.CellW*g.CellH > maxPixels {
		return nil
	}
	return &canvas{pal: pal, w: w, h: h, cw: float32(g.CellW), ch: float32(g.CellH)}
}

const (
	maxPixels  = 4 << 20   // of one chart: beyond it dots must do
	maxPicture = 192 << 10 // bytes of one chart, as sent
)

// PictureBegin starts a picture in a panel's line, PictureEnd ends it: protocol,
// columns, rows and the data stand between them, separated by ';'.
const (
	PictureBegin = "\x1b_ticktop;"
	PictureEnd   = "\x1b\\"
)

// point of a span's middle, in pixels.
func (c *canvas) at(x0, y0, h, col int, v, lo, hi float64) (x, y float32) {
	part := max(0, min(1, (hi-v)/(hi-lo)))
	x = (float32(x0) + (float32(col)+0.5)/DotsX) * c.cw
	y = float32(y0)*c.ch + float32(part)*(float32(h)*c.ch-2) + 1
	return x, y
}

// line draws a series as a smooth line.
func (c *canvas) line(x0, y0, w, h int, spans []Span, lo, hi float64, role theme.Role) {
	spans = append([]Span(nil), spans[:min(len(spans), w*DotsX)]...)
	width := max(c.ch/12, 1.4)
	c.ops = append(c.ops, func(img *image.RGBA) {
		z := vector.NewRasterizer(img.Rect.Dx(), img.Rect.Dy())
		for i := range spans {
			s := &spans[i]
			if !s.Set {
				continue
			}
			x, y := c.at(x0, y0, h, i, s.Out, lo, hi)
			if i > 0 && spans[i-1].Set {
				px, py := c.at(x0, y0, h, i-1, spans[i-1].Out, lo, hi)
				stroke(z, px, py, x, y, width)
			} else {
				stroke(z, x-width/2, y, x+width/2, y, width)
			}
			if s.Hi > s.Lo { // a spike stays one
				_, top := c.at(x0, y0, h, i, s.Hi, lo, hi)
				_, bottom := c.at(x0, y0, h, i, s.Lo, lo, hi)
				stroke(z, x, top, x, bottom, 1)
			}
		}
		z.Draw(img, img.Rect, image.NewUniform(c.pal.Ink(role)), image.Point{})
	})
}

// stroke adds a segment of a line to a path.
func stroke(z *vector.Rasterizer, ax, ay, bx, by, width float32) {
	dx, dy := bx-ax, by-ay
	n := float32(math.Hypot(float64(dx), float64(dy)))
	if n == 0 {
		return
	}
	ox, oy := -dy/n*width/2, dx/n*width/2
	ex, ey := dx/n*width/3, dy/n*width/3 // so that joints have no gaps
	z.MoveTo(ax+ox-ex, ay+oy-ey)
	z.LineTo(bx+ox+ex, by+oy+ey)
	z.LineTo(bx-ox+ex, by-oy+ey)
	z.LineTo(ax-ox-ex, ay-oy-ey)
	z.ClosePath()
}

// area fills what lies between a series and a base line.
func (c *canvas) area(x0, y0, w, h int, spans []Span, base, lo, hi float64, role theme.Role) {
	spans = append([]Span(nil), spans[:min(len(spans), w*DotsX)]...)
	ink := c.pal.Ink(role)
	ink = color.RGBA{ink.R / 2, ink.G / 2, ink.B / 2, 0x80}
	c.ops = append(c.ops, func(img *image.RGBA) {
		z := vector.NewRasterizer(img.Rect.Dx(), img.Rect.Dy())
		for i := 1; i < len(spans); i++ {
			if !spans[i].Set || !spans[i-1].Set {
				continue
			}
			ax, ay := c.at(x0, y0, h, i-1, spans[i-1].Out, lo, hi)
			bx, by := c.at(x0, y0, h, i, spans[i].Out, lo, hi)
			_, floor := c.at(x0, y0, h, i, base, lo, hi)
			z.MoveTo(ax, ay)
			z.LineTo(bx, by)
			z.LineTo(bx, floor)
			z.LineTo(ax, floor)
			z.ClosePath()
		}
		z.Draw(img, img.Rect, image.NewUniform(ink), image.Point{})
	})
}

// Candle draws one candle in a column of cells of a plot that is drawn in
// pixels; high, low, top and bottom are parts of the height of h lines, from
// their top. It reports whether it did: else the plot has characters only.
func (p *Plot) Candle(x, y0, h, every int, high, top, bottom, low float64, role theme.Role) bool {
	c := p.pix
	if c == nil {
		return false
	}
	c.ops = append(c.ops, func(img *image.RGBA) {
		y := func(part float64) float32 {
			return float32(y0)*c.ch + float32(max(0, min(1, part)))*(float32(h)*c.ch-1)
		}
		mid := int((float32(x) + 0.5) * c.cw)
		body := int(c.cw * min(float32(every), 1.6) * 0.42)
		ink := c.pal.Ink(role)
		fill(img, mid, int(y(high)), mid+1, int(y(low))+1, ink)
		fill(img, mid-body, int(y(top)), mid+body+1, max(int(y(bottom)), int(y(top)))+1, ink)
	})
	return true
}

// fill draws a rectangle of one colour; what is outside of the picture is not
// drawn.
func fill(img *image.RGBA, ax, ay, bx, by int, ink color.RGBA) {
	for y := max(ay, 0); y < min(by, img.Rect.Dy()); y++ {
		for x := max(ax, 0); x < min(bx, img.Rect.Dx()); x++ {
			i := y*img.Stride + 4*x
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = ink.R, ink.G, ink.B, ink.A
		}
	}
}

// append writes the picture, and takes out of the plot what is in it. A picture
// that is too large is not written; the plot then has its text alone, which
// does not happen at the sizes of screens.
func (c *canvas) append(buf []byte, plot *Plot) []byte {
	img := image.NewRGBA(image.Rect(0, 0, c.w*int(c.cw), c.h*int(c.ch)))
	c.takeLines(img, plot)
	for _, op := range c.ops {
		op(img)
	}
	data, ok := c.encode(img)
	if !ok || len(data) > maxPicture {
		return buf
	}
	buf = append(buf, PictureBegin...)
	buf = strconv.AppendInt(buf, int64(c.pal.Graphics.Protocol), 10)
	buf = append(buf, ';')
	buf = strconv.AppendInt(buf, int64(c.w), 10)
	buf = append(buf, ';')
	buf = strconv.AppendInt(buf, int64(c.h), 10)
	buf = append(buf, ';')
	buf = append(buf, data...)
	return append(buf, PictureEnd...)
}

// takeLines draws the characters for lines and bars as such, and
// blanks them.
func (c *canvas) takeLines(img *image.RGBA, plot *Plot) {
	for y := range plot.h {
		for x := range plot.w {
			cell := &plot.cells[y*plot.w+x]
			if c.takeLine(img, x, y, cell.r, cell.role) {
				*cell = plotCell{}
			}
		}
	}
}

func (c *canvas) takeLine(img *image.RGBA, x, y int, r rune, role theme.Role) bool {
	cw, ch := int(c.cw), int(c.ch)
	x0, y0 := x*cw, y*ch
	ink := c.pal.Ink(role)
	faint := color.RGBA{ink.R / 3 * 2, ink.G / 3 * 2, ink.B / 3 * 2, 0xaa}
	switch {
	case r == '┈':
		for px := x0; px < x0+cw; px += 4 {
			fill(img, px, y0+ch/2, px+1, y0+ch/2+1, faint)
		}
	case r == '╌' || r == '┄':
		for px := x0; px < x0+cw; px += 5 {
			fill(img, px, y0+ch/2, px+3, y0+ch/2+1, ink)
		}
	case r == '┊' || r == '┆':
		for py := y0; py < y0+ch; py += 4 {
			fill(img, x0+cw/2, py, x0+cw/2+1, py+2, faint)
		}
	case r >= '▁' && r <= '█':
		part := int(r-'▁') + 1
		fill(img, x0+1, y0+ch-ch*part/8, x0+cw-1, y0+ch, ink)
	default:
		return false
	}
	return true
}

// encode turns the picture into what the protocol sends.
func (c *canvas) encode(img *image.RGBA) ([]byte, bool) {
	var b bytes.Buffer
	if c.pal.Graphics.Protocol == theme.Sixel {
		var e sixel.Encoder
		if err := e.Encode(&b, img); err != nil || bytes.IndexByte(b.Bytes(), 0x1b) >= 0 {
			return nil, false
		}
		return b.Bytes(), true
	}
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := e.Encode(&b, img); err != nil {
		return nil, false
	}
	out := make([]byte, base64.StdEncoding.EncodedLen(b.Len()))
	base64.StdEncoding.Encode(out, b.Bytes())
	return out, true
}
