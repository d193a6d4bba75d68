package format

import (
	"math"

	"ticktop/datasource"
)

// Decimals decides with how many digits after the point all values of a column,
// a row of prices or a series are shown: as many as the one that was written
// with most, so that 1.0834 beside 1.08353 is 1.08340. Values that can only be
// the result of a division (48211.3333333333 out of 48211.333333333336) don't
// count, where others do; where there are no others they get the usual digits
// of a price of their size. At most MaxDecimals.
//
//	231.05, 231.07000000000002   2
//	1.5, 1.23e-06                8
//	48211.333333333336           2
func Decimals(ns []datasource.Number) int {
	var c Column
	for _, n := range ns {
		c.Add(n)
	}
	return c.Decimals()
}

// Column collects the values of a column for Decimals, without keeping them.
// The zero Column is empty.
type Column struct {
	written, computed int
	any               bool // a value that was written by somebody
}

// Add takes a value into account; what is not finite has no say.
func (c *Column) Add(n datasource.Number) {
	if !n.Finite() {
		return
	}
	d, computed := believed(n)
	if computed {
		c.computed = max(c.computed, d)
		return
	}
	c.written, c.any = max(c.written, d), true
}

// AddFloat is Add of a point of a series.
func (c *Column) AddFloat(f float64) { c.Add(datasource.NumberFromFloat(f)) }

// Decimals is the decision for what was added.
func (c *Column) Decimals() int {
	if c.any {
		return min(c.written, MaxDecimals)
	}
	return min(c.computed, MaxDecimals)
}

// NumberDecimals is how many decimals one number is shown with when it stands
// alone.
func NumberDecimals(n datasource.Number) int {
	d, _ := believed(n)
	return min(d, MaxDecimals)
}

// manyDecimals is more than anybody quotes in.
const manyDecimals = 8

// believed returns how many decimals the producer of n meant; computed is true
// for what no producer wrote by hand.
func believed(n datasource.Number) (places int, computed bool) {
	var scratch [72]byte
	d, ok := parseDecimal(scratch[:0], n.String())
	if !ok {
		return 0, true
	}
	if n.Quoted() {
		return d.frac, false
	}
	before := len(d.digits)
	d = d.withoutNoise()
	if len(d.digits) < noiseDigits-1 || before < noiseDigits || d.frac <= manyDecimals {
		return d.frac, false
	}
	return usualDecimals(n.Float()), true
}

// usualDecimals are those of a price of this size.
func usualDecimals(f float64) int {
	switch p := math.Abs(f); {
	case p >= 1000:
		return 2
	case p >= 20:
		return 3
	case p >= 0.01:
		return 5
	case p == 0:
		return 0
	default:
		return min(int(math.Ceil(-math.Log10(p)))+3, MaxDecimals)
	}
}
