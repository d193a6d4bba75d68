package format

import (
	"math"
	"strconv"

	"ticktop/datasource"
	"ticktop/datasource/names"
)

// SpreadUnit is the unit of a spread.
type SpreadUnit uint8

// The units. SpreadAuto is pips for pairs of two ISO currencies, else the price.
const (
	SpreadAuto SpreadUnit = iota
	SpreadPip
	SpreadPrice
	SpreadBP // of the middle of bid and ask
)

var spreadUnits = [...]string{SpreadAuto: "", SpreadPip: "pip", SpreadPrice: "price", SpreadBP: "bp"}

// SpreadUnits are the names that ParseSpreadUnit takes.
func SpreadUnits() []string { return spreadUnits[1:] }

// ParseSpreadUnit reads a unit of the configuration; "" is SpreadAuto.
func ParseSpreadUnit(s string) (SpreadUnit, bool) {
	for u, name := range spreadUnits {
		if name == s {
			return SpreadUnit(u), true
		}
	}
	return SpreadAuto, false
}

// Pip returns the size of a pip of a symbol: 0.01 for pairs whose second
// currency is like the yen, 0.0001 for other pairs of two ISO currencies. ok is
// false for everything else, metals and crypto included.
func Pip(symbol string) (size float64, ok bool) {
	_, quote, ok := names.CurrencyPair(symbol)
	switch {
	case !ok:
		return 0, false
	case names.LikeYen(quote):
		return 0.01, true
	}
	return 0.0001, true
}

// Spread writes the distance of ask and bid, with the unit behind the figure
// where it is not the price's own. ok is false when there isn't one: a side is
// missing or not finite.
//
//	EURUSD  1.08, 1.0801        1.0 pip
//	USDJPY  156.21, 156.225     1.5 pip
//	BTCUSD  97225.10, 97225.60  0.50
//	US500   6000, 6001          1
func Spread(bid, ask datasource.Number, symbol string, unit SpreadUnit) (text string, ok bool) {
	if !bid.Finite() || !ask.Finite() || bid.String() == "" || ask.String() == "" {
		return "", false
	}
	places := Decimals([]datasource.Number{bid, ask})
	distance, mid := Distance(bid, ask, places), ask.Float()/2+bid.Float()/2
	return spreadText(distance, mid, places, symbol, unit)
}

// SpreadOf is Spread of a distance that the producer gives itself, in price.
func SpreadOf(distance datasource.Number, mid float64, symbol string, unit SpreadUnit) (text string, ok bool) {
	if !distance.Finite() {
		return "", false
	}
	return spreadText(distance.Float(), mid, NumberDecimals(distance), symbol, unit)
}

func spreadText(distance, mid float64, places int, symbol string, unit SpreadUnit) (string, bool) {
	pip, pair := Pip(symbol)
	switch {
	case unit == SpreadPip && !pair:
		pip, unit = pipOfPrice(mid), SpreadPip
	case unit == SpreadAuto && pair:
		unit = SpreadPip
	case unit == SpreadBP && !(mid > 0):
		return "", false
	}
	switch unit {
	case SpreadPip:
		return fixedFloat(distance/pip, max(1, places-int(math.Round(-math.Log10(pip))))) + " pip", true
	case SpreadBP:
		return fixedFloat(distance/mid*1e4, 1) + " bp", true
	case SpreadAuto, SpreadPrice:
	}
	return fixedFloat(distance, places), true
}

// pipOfPrice is what "spread: pip" means for a symbol that is no pair of
// currencies: a hundredth, as for metals and indices.
func pipOfPrice(mid float64) float64 {
	if math.Abs(mid) < 10 {
		return 0.0001
	}
	return 0.01
}

// Distance is how far to lies from from, in prices of so many decimals. What only
// binary fractions make of two equal numbers is no distance.
func Distance(from, to datasource.Number, places int) float64 {
	a, b := from.Float(), to.Float()
	if d := b - a; math.Abs(d) > 1e-14*max(math.Abs(a), math.Abs(b)) {
		return Round(d, places)
	}
	return 0
}

// Round rounds a calculated number to so many decimals, but not to zero: what is
// smaller keeps three digits.
func Round(f float64, places int) float64 {
	if r := roundTo(f, places); r != 0 && places < MaxDecimals || f == 0 {
		return r
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 3, 64), 64)
	if err != nil || math.Abs(f) >= 1 {
		return roundTo(f, places)
	}
	return short
}

// Rounded is Round as a number to show.
func Rounded(f float64, places int) datasource.Number {
	return datasource.NumberFromFloat(Round(f, places))
}

func roundTo(f float64, places int) float64 {
	scale := math.Pow10(places)
	if math.Abs(f)*scale > 1<<53 {
		return f
	}
	return math.Round(f*scale) / scale
}

// fixedFloat writes f with so many decimals, and more rather than as zero.
func fixedFloat(f float64, places int) string {
	return Number(Rounded(f, places+2), Style{Decimals: places, Thousands: true}) // without the noise of the division
}
