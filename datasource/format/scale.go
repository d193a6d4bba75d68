package format

import (
	"math"

	"ticktop/datasource"
	"ticktop/datasource/names"
)

// Scale says what a rate is written in.
type Scale uint8

// The scales. ScaleUnknown is shown as it is, without a "%": nothing tells.
const (
	ScaleUnknown  Scale = iota
	ScalePercent        // 57.2 is 57.2 %
	ScaleFraction       // 0.572 is 57.2 %
)

// Unit is the unit that shows a rate of this scale in per cent.
func (s Scale) Unit() Unit {
	switch s {
	case ScalePercent:
		return UnitPercent
	case ScaleFraction:
		return UnitFraction
	case ScaleUnknown:
	}
	return UnitNone
}

// Rate is a figure that may be a rate: the name of its field and its number.
type Rate struct {
	Name  string
	Value datasource.Number
}

// RateScale decides in what the rate called name is written, from its name and
// from the figures beside it in the same value (which include it): a name that
// says "pct" is per cent, one that says "ratio" a fraction. Others are recognised by
// the company they keep: two or more rates of a ratio's size are fractions, a
// rate over that size makes all of them per cents, and a single small one can't
// be told.
//
//	win_rate 0.57, max_drawdown -0.082   fractions: 57 %, -8.2 %
//	win_rate 57.2, max_drawdown -0.082   per cents: 57.2 %, -0.082 %
//	win_rate 0.57                        unknown: 0.57
func RateScale(name string, beside []Rate) Scale {
	switch names.RateOf(name) {
	case names.RatePercent:
		return ScalePercent
	case names.RateFraction:
		return ScaleFraction
	case names.RateUnclear:
	default:
		return ScaleUnknown
	}
	small := 0
	for _, r := range beside {
		abs := math.Abs(r.Value.Float())
		if names.RateOf(r.Name) != names.RateUnclear || math.IsNaN(abs) || abs == 0 {
			continue
		}
		if abs > largestFraction {
			return ScalePercent
		}
		small++
	}
	if small >= 2 {
		return ScaleFraction
	}
	return ScaleUnknown
}

// largestFraction is the largest number that is still taken for a fraction: an
// exposure of 1.2 is 120 %.
const largestFraction = 1.5
