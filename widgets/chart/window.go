package chart

import (
	"math"
	"slices"
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
)

// all is the range that shows everything there is.
const all time.Duration = 0

const day = 24 * time.Hour

// rangeLadder returns the ranges that '[' and ']' step through, the configured one
// among them, and its index.
func rangeLadder(configured time.Duration) (ranges []time.Duration, base int) {
	ranges = []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour,
		8 * time.Hour, day, 3 * day, 7 * day, 30 * day}
	if configured == all {
		return append(ranges, all), len(ranges)
	}
	i, found := slices.BinarySearch(ranges, configured)
	if !found {
		ranges = slices.Insert(ranges, i, configured)
	}
	return append(ranges, all), i
}

// rangeOf is the range of a view.
func (w *Widget) rangeOf(v widgets.View) time.Duration {
	return w.ranges[w.rungOf(v)]
}

// rungOf is the index in ranges of a view's range.
func (w *Widget) rungOf(v widgets.View) int {
	return max(0, min(len(w.ranges)-1, w.base+clamp(v.Range, -64, 64)))
}

func clamp(n, lo, hi int) int { return max(lo, min(hi, n)) }

// stepRange moves a view to a shorter or longer range. Ranges that show no less
// than all there is are stepped over: a key must do something.
func (w *Widget) stepRange(v widgets.View, dir int, span time.Duration) widgets.View {
	i := w.rungOf(v)
	for {
		next := i + dir
		if next < 0 || next >= len(w.ranges) {
			break
		}
		i = next
		if r := w.ranges[i]; r == all || r < span {
			break
		}
	}
	v.Range = i - w.base
	return v
}

// window is the time that a chart shows.
type window struct {
	from, to int64 // epoch milliseconds
	all      bool  // everything there is
}

// maxZoom is how often a range can be halved.
const maxZoom = 8

// windowOf places the window on the data: it ends now, or with newer data at
// their end, or, when all data are older than the range, where they end. Its
// edges fall on whole columns of time, so that a sample stays in its column
// while the window moves and the line does not shimmer.
func windowOf(first, last int64, now time.Time, length time.Duration, zoom int, cross int64, cols int) window {
	w := window{to: max(now.UnixMilli(), last), all: length == all}
	ms := length.Milliseconds()
	switch {
	case length == all:
		w.to = last
		ms = max(last-first, 1)
	case last < w.to-ms:
		w.to = last
	}
	if zoom = clamp(zoom, 0, maxZoom); zoom > 0 {
		whole := ms
		ms = max(ms>>zoom, int64(cols))
		w.all = false
		if cross != 0 { // the crosshair stays in sight
			w.to = min(w.to, max(cross+ms/2, w.to-whole+ms))
		}
	}
	col := max((ms+int64(cols)-1)/int64(cols), 1)
	if w.all {
		w.from = first
		w.to = first + max(ms, int64(cols))
		return w
	}
	w.to = (w.to/col + 1) * col
	w.from = w.to - col*int64(cols)
	return w
}

// rangeWords names a range: "15 m", "4 h", "7 d"; all there is by its length.
func rangeWords(d time.Duration) string {
	switch {
	case d >= day && d%day == 0, d >= 48*time.Hour:
		return strconv.Itoa(int(math.Round(d.Hours()/24))) + " d"
	case d >= time.Hour && d%time.Hour == 0, d >= 3*time.Hour:
		return strconv.Itoa(int(math.Round(d.Hours()))) + " h"
	case d >= time.Minute:
		return strconv.Itoa(int(math.Round(d.Minutes()))) + " m"
	default:
		return strconv.Itoa(int(math.Round(d.Seconds()))) + " s"
	}
}

// timeExtent is the time between the first and the last sample of all lines.
func timeExtent(lines []line) (first, last int64, ok bool) {
	first, last = math.MaxInt64, math.MinInt64
	for i := range lines {
		if p := lines[i].pts; len(p) > 0 {
			first, last = min(first, clampTime(p[0].MS)), max(last, clampTime(p[len(p)-1].MS))
		}
	}
	return first, last, first <= last
}

// maxMS bounds times to what time.Time can show; a producer may write anything.
const maxMS = 253402300799999 // the end of the year 9999

func clampTime(ms int64) int64 { return max(-maxMS, min(maxMS, ms)) }

// millis is a duration of that many milliseconds, or the longest there is.
func millis(ms int64) time.Duration {
	return time.Duration(min(ms, math.MaxInt64/int64(time.Millisecond))) * time.Millisecond
}

// sampleAt returns the sample that is nearest to a time.
func sampleAt(pts []datasource.Point, ms int64) (datasource.Point, bool) {
	i, _ := slices.BinarySearchFunc(pts, ms, func(p datasource.Point, ms int64) int {
		switch {
		case p.MS < ms:
			return -1
		case p.MS > ms:
			return 1
		default:
			return 0
		}
	})
	best, found := datasource.Point{}, false
	for _, j := range [...]int{i - 1, i} {
		if j < 0 || j >= len(pts) || math.IsNaN(pts[j].V) {
			continue
		}
		if p := pts[j]; !found || abs(p.MS-ms) < abs(best.MS-ms) {
			best, found = p, true
		}
	}
	return best, found
}

func abs(n int64) int64 { return max(n, -n) }

// columnsOf is how many columns of dots a plot of that many cells has.
func columnsOf(cells int) int { return max(cells, 1) * draw.DotsX }
