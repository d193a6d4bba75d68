package draw

import (
	"math"
	"slices"
	"sort"

	"ticktop/datasource"
)

// Span is what a series did within one column of a graph.
type Span struct {
	Lo, Hi  float64 // the extremes, so that a spike is never lost
	In, Out float64 // the first and the last value, for the line to the neighbours
	Set     bool    // false: a gap
	Between bool    // no sample here: on the way from one to the next
}

// Resample reduces a series to one Span for each column of [from, to], in
// epoch milliseconds. dst gives the number of columns and is overwritten.
//
// Between two samples the line is straight, unless they are more than gap
// milliseconds apart or one is NaN: then the columns between stay unset. The
// last samples outside the window give the line its direction at the edges.
// Samples that are out of order are put where they belong.
func Resample(dst []Span, pts []datasource.Point, from, to, gap int64) {
	clear(dst)
	if len(dst) == 0 || to <= from || len(pts) == 0 {
		return
	}
	scale := float64(len(dst)) / (float64(to) - float64(from))
	column := func(ms int64) int {
		c := (float64(ms) - float64(from)) * scale
		if ms == to { // the right edge belongs to the last column
			c = float64(len(dst)) - 1
		}
		return int(math.Floor(max(-2, min(c, float64(len(dst)+1)))))
	}
	var prev datasource.Point
	joined := false // prev may be joined to
	for i := start(pts, from); i < len(pts); i++ {
		p := pts[i]
		if math.IsNaN(p.V) || math.IsInf(p.V, 0) {
			joined = false
			continue
		}
		c := column(p.MS)
		if joined && p.MS > prev.MS && p.MS-prev.MS <= gap {
			bridgeGap(dst, prev, p, column(prev.MS), c, from, scale)
		}
		if c >= 0 && c < len(dst) {
			dst[c].addSample(p.V)
		}
		prev, joined = p, true
		if p.MS > to {
			break
		}
	}
}

// start returns the index of the last sample at or before from, or 0.
func start(pts []datasource.Point, from int64) int {
	i := sort.Search(len(pts), func(i int) bool { return pts[i].MS > from })
	return max(0, i-1)
}

// addSample puts a sample into a span.
func (s *Span) addSample(v float64) {
	if !s.Set || s.Between {
		*s = Span{Lo: v, Hi: v, In: v, Out: v, Set: true}
		return
	}
	s.Lo, s.Hi, s.Out = min(s.Lo, v), max(s.Hi, v), v
}

// bridgeGap fills the columns strictly between two samples with a straight line.
func bridgeGap(dst []Span, a, b datasource.Point, ca, cb int, from int64, scale float64) {
	slope := (b.V - a.V) / float64(b.MS-a.MS)
	for c := max(ca+1, 0); c < min(cb, len(dst)); c++ {
		if dst[c].Set {
			continue
		}
		mid := float64(from) + (float64(c)+0.5)/scale
		v := a.V + slope*(mid-float64(a.MS))
		dst[c] = Span{Lo: v, Hi: v, In: v, Out: v, Set: true, Between: true}
	}
}

// Extent returns the lowest and the highest value of the columns; ok is false
// when all are gaps.
func Extent(spans []Span) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range spans {
		if spans[i].Set {
			lo, hi = min(lo, spans[i].Lo), max(hi, spans[i].Hi)
		}
	}
	return lo, hi, lo <= hi
}

// NoGap joins all samples, however far apart.
const NoGap int64 = math.MaxInt64

// GapOf returns how far apart two samples may be before the line between them
// is a guess: factor times the median distance. At most 128 distances, spread
// over the series, are looked at.
func GapOf(pts []datasource.Point, factor float64) int64 {
	const most = 128
	var buf [most]int64
	steps := buf[:0]
	stride := max(1, (len(pts)-1)/most+1)
	for i := 1; i < len(pts) && len(steps) < most; i += stride {
		if d := pts[i].MS - pts[i-1].MS; d > 0 {
			steps = append(steps, d)
		}
	}
	if len(steps) == 0 || factor <= 0 {
		return NoGap
	}
	slices.Sort(steps)
	g := float64(steps[len(steps)/2]) * factor
	if g >= math.MaxInt64/2 {
		return NoGap
	}
	return int64(g)
}

// Window returns the part of a series from the first sample at or after from
// to the last at or before to. Nothing is copied.
func Window(pts []datasource.Point, from, to int64) []datasource.Point {
	i := sort.Search(len(pts), func(i int) bool { return pts[i].MS >= from })
	j := sort.Search(len(pts), func(i int) bool { return pts[i].MS > to })
	return pts[i:max(i, j)]
}

// maxDigits is how many digits after the point are believed: a producer that
// writes more has printed a binary fraction (0.30000000000000004).
const maxDigits = 8

// Digits returns how many digits after the point the newest samples have, so
// that a price keeps its last zero.
func Digits(pts []datasource.Point) int {
	most := 0
	for _, p := range pts[max(0, len(pts)-16):] {
		if d := datasource.NumberFromFloat(p.V).Decimals(); d <= maxDigits {
			most = max(most, d)
		}
	}
	return most
}
