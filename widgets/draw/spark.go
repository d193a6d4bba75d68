package draw

import (
	"math"
	"unicode/utf8"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// maxSpark is the widest sparkline, in columns of dots.
const maxSpark = 256

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
	lo, hi := sample(values, pts, from, to, gap)
	scale := func(levels int) (float64, float64) {
		if hi > lo {
			return lo, float64(levels-1) / (hi - lo)
		}
		return lo - float64(levels/2), 1 // flat: the middle
	}
	switch sym {
	case theme.Braille:
		base, k := scale(4)
		dst = appendBrailleSpark(dst, values, base, k)
	case theme.Block:
		base, k := scale(8)
		for _, v := range values {
			if math.IsNaN(v) {
				dst = append(dst, ' ')
			} else {
				dst = utf8.AppendRune(dst, '▁'+rune((v-base)*k+0.5))
			}
		}
	default:
		const steps = `_.-'"`
		base, k := scale(len(steps))
		for _, v := range values {
			if math.IsNaN(v) {
				dst = append(dst, ' ')
			} else {
				dst = append(dst, steps[int((v-base)*k+0.5)])
			}
		}
	}
	return appendSpaces(dst, w-(cols+per-1)/per)
}

// sample puts the last value of each column into values, NaN into gaps, and
// returns the lowest and the highest of them.
func sample(values []float64, pts []datasource.Point, from, to, gap int64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range values {
		values[i] = math.NaN()
	}
	if to <= from {
		return lo, hi
	}
	scale := float64(len(values)) / (float64(to) - float64(from))
	joined := false // to the sample before
	var before datasource.Point
	var place, placeBefore float64 // in columns
	for i := start(pts, from); i < len(pts); i++ {
		p := pts[i]
		if math.IsNaN(p.V) || math.IsInf(p.V, 0) {
			joined = false
			continue
		}
		if p.MS > to {
			break
		}
		place = (float64(p.MS) - float64(from)) * scale
		c := min(int(max(place, -1)), len(values)-1)
		if joined && place > placeBefore && p.MS-before.MS <= gap {
			slope := (p.V - before.V) / (place - placeBefore)
			for j := int(max(placeBefore+1, 0)); j < c; j++ {
				values[j] = before.V + slope*(float64(j)-placeBefore)
			}
		}
		if place >= 0 {
			values[c] = p.V
		}
		before, placeBefore, joined = p, place, true
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

// leftDots and rightDots are the braille bits of a column from the bottom up.
var (
	leftDots  = [4]rune{0x40, 0x04, 0x02, 0x01}
	rightDots = [4]rune{0x80, 0x20, 0x10, 0x08}
)

// appendBrailleSpark draws a line of dots: each column its value, and the rise
// from the column before, so that the line has no holes.
func appendBrailleSpark(dst []byte, values []float64, base, k float64) []byte {
	before := -1
	for i := 0; i < len(values); i += 2 {
		bits := rune(0)
		for side := range 2 {
			if i+side >= len(values) || math.IsNaN(values[i+side]) {
				before = -1
				continue
			}
			y := int((values[i+side]-base)*k + 0.5)
			low, high := y, y
			if before >= 0 && before < y {
				low = before + 1
			} else if before > y {
				high = before - 1
			}
			for l := min(low, y); l <= max(high, y); l++ {
				if side == 0 {
					bits |= leftDots[l]
				} else {
					bits |= rightDots[l]
				}
			}
			before = y
		}
		if bits == 0 {
			dst = append(dst, ' ')
		} else {
			dst = utf8.AppendRune(dst, 0x2800+bits)
		}
	}
	return dst
}

// Spark puts a sparkline of w cells on the line.
func (p *Panel) Spark(r theme.Role, pts []datasource.Point, from, to, gap int64, w int) *Panel {
	if w = min(w, p.Left()); w <= 0 {
		return p
	}
	p.tmp = AppendSpark(p.tmp[:0], pts, from, to, gap, w, p.pal.Symbols)
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
