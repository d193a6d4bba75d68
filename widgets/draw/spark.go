package draw

import (
	"math"
	"unicode/utf8"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// maxSpark is the widest sparkline, in columns of dots.
const maxSpark = 600

// AppendSpark appends a sparkline of exactly w cells over [from, to], in epoch
// milliseconds. It is scaled to the lowest and highest value in that window,
// not from zero: of a price one wants the movement. A window in which nothing
// moves is a line in the middle, a gap is blank. It does not allocate.
func AppendSpark(dst []byte, pts []datasource.Point, from, to, gap int64, w int, sym theme.Symbols) []byte {
	per := 1
	if sym == theme.Braille {
		per = 2
	}
	cols := min(w*per, maxSpark)
	if w <= 0 {
		return dst
	}
	var buf [maxSpark]float64
	values := buf[:cols]
	lo, hi := sampleColumns(values, pts, from, to, gap)
	switch sym {
	case theme.Braille:
		dst = appendBrailleSpark(dst, values, newLadder(lo, hi, 4))
	case theme.Block:
		l := newLadder(lo, hi, 8)
		for _, v := range values {
			if v != v {
				dst = append(dst, ' ')
			} else {
				dst = utf8.AppendRune(dst, '▁'+rune(l.rungOf(v)))
			}
		}
	default:
		const steps = `_.-'"`
		l := newLadder(lo, hi, len(steps))
		for _, v := range values {
			if v != v {
				dst = append(dst, ' ')
			} else {
				dst = append(dst, steps[l.rungOf(v)])
			}
		}
	}
	return appendSpaces(dst, w-(cols+per-1)/per)
}

// ladder maps values from lo to hi to rungs from 0.
type ladder struct{ base, k, zero float64 }

// newLadder returns a ladder of that many rungs. Values that are all the same,
// or too far or too near to each other to be told apart, are in the middle.
func newLadder(lo, hi float64, rungs int) ladder {
	if k := float64(rungs-1) / (hi - lo); hi > lo && k > 0 && k <= math.MaxFloat64 {
		return ladder{lo, k, 0.5}
	}
	return ladder{0, 0, float64(rungs / 2)}
}

// rungOf returns the rung of a finite value between lo and hi.
func (l ladder) rungOf(v float64) int { return int((v-l.base)*l.k + l.zero) }

// sampleColumns puts the last value of each column into values, NaN into gaps, and
// returns the lowest and the highest of them.
func sampleColumns(values []float64, pts []datasource.Point, from, to, gap int64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range values {
		values[i] = math.NaN()
	}
	if to <= from {
		return lo, hi
	}
	scale := float64(len(values)) / (float64(to) - float64(from))
	last := len(values) - 1
	joined := false // to the sample before
	var before datasource.Point
	column := -1              // of the sample before
	var place, placed float64 // in columns: of this sample, of the one before
	for i := start(pts, from); i < len(pts); i++ {
		p := pts[i]
		if p.V-p.V != 0 { // NaN or infinite
			joined = false
			continue
		}
		if p.MS > to {
			break
		}
		place = (float64(p.MS) - float64(from)) * scale
		c := -1
		if place >= 0 {
			c = min(int(place), last)
			values[c] = p.V
		}
		if c > column+1 && joined && place > placed && p.MS-before.MS <= gap {
			slope := (p.V - before.V) / (place - placed)
			for j := column + 1; j < c; j++ {
				values[j] = before.V + slope*(float64(j)-placed)
			}
		}
		before, placed, column, joined = p, place, c, true
	}
	for _, v := range values {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	return lo, hi
}

// leftDots and rightDots are the braille bits of a column of a cell from one
// row to another, counted from the bottom up.
var (
	leftDots = [4][4]byte{
		{0x40, 0x44, 0x46, 0x47}, {0x44, 0x04, 0x06, 0x07}, {0x46, 0x06, 0x02, 0x03}, {0x47, 0x07, 0x03, 0x01},
	}
	rightDots = [4][4]byte{
		{0x80, 0xa0, 0xb0, 0xb8}, {0xa0, 0x20, 0x30, 0x38}, {0xb0, 0x30, 0x10, 0x18}, {0xb8, 0x38, 0x18, 0x08},
	}
)

// appendBrailleSpark draws a line of dots: each column its value, and the rise
// from the column before, so that the line has no holes.
func appendBrailleSpark(dst []byte, values []float64, l ladder) []byte {
	before := -1
	for i, v := range values {
		dots, row, from := &leftDots, -1, -1
		if i&1 == 1 {
			dots = &rightDots
		}
		if v == v { // not NaN
			row = l.rungOf(v) & 3
			switch from = row; {
			case before < 0:
			case before < row:
				from = before + 1
			case before > row:
				from = before - 1
			}
		}
		bits := byte(0)
		if row >= 0 {
			bits = dots[from&3][row]
		}
		before = row
		switch n := len(dst); {
		case i&1 == 1 && dst[n-1] != ' ': // joins the left half, the last character
			bits |= dst[n-2]<<6 | dst[n-1]&0x3f
			dst = appendDots(dst[:n-3], bits)
		case i&1 == 1:
			dst = appendDots(dst[:n-1], bits)
		default:
			dst = appendDots(dst, bits)
		}
	}
	return dst
}

// appendDots appends a braille pattern in UTF-8, U+2800 to U+28FF, or a blank.
func appendDots(dst []byte, bits byte) []byte {
	if bits == 0 {
		return append(dst, ' ')
	}
	return append(dst, 0xe2, 0xa0|bits>>6, 0x80|bits&0x3f)
}

// Spark puts a sparkline of w cells on the line.
func (p *Panel) Spark(r theme.Role, pts []datasource.Point, from, to, gap int64, w int) *Panel {
	if w = min(w, p.Left()); w <= 0 {
		return p
	}
	p.tmp = AppendSpark(p.tmp[:0], pts, from, to, gap, w, p.pal.Symbols)
	return p.Bytes(r, p.tmp, w)
}

// FilledSpark is Spark as bars of eight levels, filled to the bottom.
func (p *Panel) FilledSpark(r theme.Role, pts []datasource.Point, from, to, gap int64, w int) *Panel {
	if w = min(w, p.Left()); w <= 0 {
		return p
	}
	sym := p.pal.Symbols
	if sym == theme.Braille {
		sym = theme.Block
	}
	p.tmp = AppendSpark(p.tmp[:0], pts, from, to, gap, w, sym)
	return p.Bytes(r, p.tmp, w)
}

// GraphRole returns the role of a graph that went in a direction. Without
// colour that is Text: the line itself shows it, and underlined or bold dots
// only blur.
func GraphRole(pal *theme.Palette, dir int) theme.Role {
	if pal.Colourless() {
		return theme.Text
	}
	if dir == 0 {
		return theme.Series1
	}
	return theme.Direction(dir, false)
}
