package draw

import (
	"math"
	"time"

	"ticktop/datasource"
)

// Scale is a value axis: round steps that cover what there is to see.
type Scale struct {
	Lo, Hi float64 // the values at the bottom and the top of the graph
	First  float64 // the lowest label
	Step   float64 // between two labels
	Count  int     // labels
	Format NumberFormat

	log   bool      // equal ratios are equally far apart, see Log
	ticks []float64 // where the labels stand, of a logarithmic axis
}

// NewScale returns an axis from lo to hi with at most most labels, two at
// least, at multiples of 1, 2, 2.5 or 5 times a power of ten. The format shows
// as many digits as the step needs, and thousands with a letter when the
// values are large; values below decimals places are not asked for.
func NewScale(lo, hi float64, most int) Scale {
	if top := max(math.Abs(lo), math.Abs(hi)); !(hi-lo > top*minSpan) || hi-lo < 1/math.MaxFloat64 || math.IsInf(hi-lo, 0) {
		lo, hi = axisAround(lo, hi)
	}
	most = max(most, 2)
	step := niceStep((hi - lo) / float64(most-1))
	if math.Floor(hi/step)-math.Ceil(lo/step)+1 > float64(most) {
		step = niceStep(step * 1.01)
	}
	s := Scale{Lo: lo, Hi: hi, Step: step, First: math.Ceil(lo/step) * step}
	s.Count = int(math.Floor(hi/step)-math.Ceil(lo/step)) + 1
	s.Format = labelFormat(max(math.Abs(lo), math.Abs(hi)), step)
	return s
}

// EvenScale returns an axis for a graph of so many lines with so many dots
// each. Its ends lie a little outside lo and hi, so that one step is a whole
// number of lines and all labels are equally far apart.
func EvenScale(lo, hi float64, lines, dots int) Scale {
	most := LabelsFor(lines)
	if top := max(math.Abs(lo), math.Abs(hi)); lines < 3 || !(hi-lo > top*minSpan) || hi-lo < minEven || math.IsInf(hi-lo, 0) {
		return NewScale(lo, hi, most)
	}
	last := lines*dots - 1 // the top dot, counted from the bottom one
	// One dot more than there is to see lets the ends fall on whole dots.
	var best Scale
	waste := math.Inf(1)
	from := max(1, (lines+most-1)/most)
	for every := from; every <= from+3 && every < lines; every++ {
		apart := float64(every * dots)
		step := niceStep((hi - lo) * apart / float64(last-1))
		dot := step / apart
		extra := float64(last)*dot/(hi-lo) + float64(every-from)*0.05
		if extra >= waste {
			continue
		}
		bottom := math.Floor(lo / dot)
		above := float64(last) - (math.Ceil(hi/dot) - bottom)
		bottom -= math.Floor(max(above, 0) / 2)
		waste = extra
		best = Scale{Lo: bottom * dot, Hi: (bottom + float64(last)) * dot, Step: step}
	}
	if !(best.Hi > best.Lo) || math.IsInf(best.Hi, 0) || math.IsInf(best.Lo, 0) {
		return NewScale(lo, hi, most) // at the edge of float64 no step fits
	}
	best.First = math.Ceil(best.Lo/best.Step-1e-9) * best.Step
	best.Count = int(math.Floor((best.Hi-best.First)/best.Step+1e-9)) + 1
	best.Format = labelFormat(max(math.Abs(best.Lo), math.Abs(best.Hi)), best.Step)
	return best
}

// minEven is the least range that EvenScale divides into dots.
const minEven = 1e-250

// LabelsFor is how many labels a value axis of that many lines is given at
// most: about every third line, and no more than the eye takes in.
func LabelsFor(lines int) int { return min(lines/3+2, 8) }

// minSpan is the least part of its values that an axis can divide: below it
// the steps drown in the noise of float64.
const minSpan = 1e-12

// axisAround returns an axis for values that are all the same, or beyond measure.
func axisAround(lo, hi float64) (float64, float64) {
	mid := lo/2 + hi/2
	if math.IsInf(mid, 0) || math.IsNaN(mid) {
		return -1, 1
	}
	if d := hi - lo; math.IsInf(d, 0) {
		return lo / 4, hi / 4 // what is above and below lies on the edge
	}
	pad := max(math.Abs(mid)*0.001, 1e-6)
	return mid - pad, mid + pad
}

// niceStep returns the smallest 1, 2, 2.5 or 5 times a power of ten that is at
// least x.
func niceStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range [...]float64{1, 2, 2.5, 5} {
		if m*power >= x*0.999999 {
			return m * power
		}
	}
	return 10 * power
}

// maxCompact is how many decimals a label with a letter may have: 48.35k is
// shorter than 48,350, but 48.325k is not.
const maxCompact = 2

// labelFormat returns the format of an axis whose largest label is about top.
func labelFormat(top, step float64) NumberFormat {
	if top >= 1e15 {
		return NumberFormat{Decimals: 2, Unit: UnitCompact}
	}
	for _, u := range [...]struct{ from, unit float64 }{{1e12, 1e12}, {1e9, 1e9}, {1e6, 1e6}, {1e4, 1e3}} {
		if top < u.from {
			continue
		}
		if d := decimalsOf(step / u.unit); d <= maxCompact {
			return NumberFormat{Decimals: d, Unit: UnitCompact}
		}
		break // a smaller letter would not fit the larger labels
	}
	return Fixed(decimalsOf(step))
}

// decimalsOf is how many decimals it takes to tell the multiples of a step apart.
func decimalsOf(step float64) (n int) {
	for ; n < 8 && math.Abs(step-math.Round(step)) > 1e-6*step; n++ {
		step *= 10
	}
	return n
}

// Label returns the i-th label and its value.
func (s Scale) Label(i int) (text string, v float64) {
	v = s.First + float64(i)*s.Step
	if s.log {
		v = s.ticks[i]
	}
	if math.Abs(v) < s.Step*1e-9 {
		v = 0 // -0.00 is nothing
	}
	return FormatNumber(datasource.NumberFromFloat(v), s.Format), v
}

// TimeTicks are the labels of a time axis.
type TimeTicks struct {
	First  time.Time // the first label
	Step   time.Duration
	Layout string // of time.Format
}

// timeSteps are the distances that people count in.
var timeSteps = [...]time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day,
}

const day = 24 * time.Hour

// NewTimeTicks returns about most labels between two times, one more at most, in the location
// of from, on round times of day there.
func NewTimeTicks(from, to time.Time, most int) TimeTicks {
	span := to.Sub(from)
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if span/s <= time.Duration(max(most, 1)) {
			step = s
			break
		}
	}
	t := TimeTicks{Step: step, Layout: "15:04"}
	switch {
	case step < time.Minute:
		t.Layout = "15:04:05"
	case step >= day:
		t.Layout = "2 Jan"
	case span > 36*time.Hour:
		t.Layout = "2 Jan 15:04"
	}
	midnight := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location())
	steps := int64((from.Sub(midnight) + step - 1) / step) // rounded up
	t.First = midnight.Add(time.Duration(steps) * step)
	return t
}
