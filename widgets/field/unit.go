package field

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
)

// Unit is the unit of a distance between two prices: "13.9 pip", "28 ct".
// The zero Unit is that of its symbol: pips for a pair of currencies, the plain
// price for all else.
type Unit struct {
	kind  format.SpreadUnit
	label string
	size  float64 // of one label in price; 0 for a kind
}

// labels are units with a size of their own.
var labels = map[string]float64{"ct": 0.01, "pt": 1}

// ParseUnit reads a unit of the configuration: pip, price, bp, ct, pt, or a name
// with its size in price: "tick=0.25".
func ParseUnit(s string) (Unit, error) {
	if k, ok := format.ParseSpreadUnit(s); ok {
		return Unit{kind: k}, nil
	}
	name, text, sized := strings.Cut(s, "=")
	size, known := labels[name]
	if sized {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || !(f > 0) || math.IsInf(f, 0) {
			return Unit{}, fmt.Errorf("unit %q: %q is no size, write tick=0.25", s, text)
		}
		size, known = f, true
	}
	if !known || name == "" {
		return Unit{}, fmt.Errorf("unknown unit %q (one of pip, price, bp, ct, pt, or a name with its size: tick=0.25)", s)
	}
	return Unit{label: datasource.Clean(name, 16).String(), size: size}, nil
}

// Text is a distance in price of a symbol that is at mid and has prices of so
// many decimals.
func (u Unit) Text(distance float64, decimals int, symbol string, mid float64) string {
	if u.size > 0 {
		places := max(0, decimals+int(math.Round(math.Log10(u.size))))
		return Decimal(distance/u.size, places) + " " + u.label
	}
	text, ok := format.SpreadOf(exactly(format.Round(distance, decimals), decimals), mid, symbol, u.kind)
	if !ok {
		return Absent
	}
	return text
}

// Decimal writes a calculated number with so many decimals and with thousands.
func Decimal(f float64, places int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Absent
	}
	return format.Number(format.Rounded(f, places+2), format.Fixed(places))
}

// exactly is a number with so many decimals, written out where that does not
// make it zero.
func exactly(f float64, decimals int) datasource.Number {
	if n, ok := datasource.ParseNumber(strconv.FormatFloat(f, 'f', decimals, 64)); ok && (n.Float() != 0 || f == 0) {
		return n
	}
	return datasource.NumberFromFloat(f)
}
