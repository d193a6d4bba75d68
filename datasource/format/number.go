package format

import "ticktop/datasource"

// Auto as a number of decimals keeps the producer's own.
const Auto = -1

// Unit is what a number is shown in.
type Unit uint8

// The units.
const (
	UnitNone     Unit = iota
	UnitPercent       // the number is a percentage: 1.5 is "1.5%"
	UnitFraction      // the number is a fraction: 0.015 is "1.5%"
	UnitBps           // the number is in basis points: 12 is "12 bp"
	UnitCompact       // thousands and more get a letter: 48911.2 is "48.91k"
)

// Style says how a number is shown. It works on the producer's digits: money
// never passes through float64 here.
type Style struct {
	Decimals  int    // digits after the point, rounded half to even; Auto: as many as the number has
	Thousands bool   // 48,911.20
	Sign      bool   // '+' before what is above zero
	Unit      Unit   //
	Suffix    string // after the number and its unit, ours or cleaned: " ms"
}

// Plain shows a number with its own decimals and with thousands.
var Plain = Style{Decimals: Auto, Thousands: true}

// Fixed shows a number with that many decimals and with thousands.
func Fixed(decimals int) Style { return Style{Decimals: decimals, Thousands: true} }

// Signed is f with a '+' before what is above zero.
func (f Style) Signed() Style {
	f.Sign = true
	return f
}

// Number returns n in a format.
func Number(n datasource.Number, f Style) string {
	return string(AppendNumber(make([]byte, 0, 32), n, f))
}

// AppendNumber appends n in a style: ASCII, so its length is its width. It does
// not allocate while dst has space and n has at most 64 digits.
//
// The rules are those of CONTRACT "Numbers": digits in quotes are the
// producer's; one of 16 or 17 digits without quotes is float noise and is
// rounded to 15; exponents are written out up to MaxDecimals places, beyond
// that it is 1.5e-18; what is not zero is never shown as zero, whatever the
// decimals asked for. What is no decimal number is shown as what it is ("NaN",
// "+Inf"), and one too long to be written out ("1e400") as its producer wrote it.
//
//	1.23e-06            0.00000123
//	231.07000000000002  231.07
//	0.004, 2 decimals   0.004
//	1.5e-18             1.5e-18
func AppendNumber(dst []byte, n datasource.Number, f Style) []byte {
	var scratch [72]byte
	d, ok := parseDecimal(scratch[:0], n.String())
	if !ok {
		return append(append(dst, n.String()...), f.Suffix...)
	}
	if !n.Quoted() {
		// Decimals that were asked for are not filled up with zeros where the
		// producer had digits.
		if clean := d.withoutNoise(); f.Decimals < 0 || len(clean.digits) < noiseDigits-1 {
			d = clean
		}
	}
	places := f.Decimals
	unit := ""
	switch f.Unit {
	case UnitFraction:
		d.point += 2
		d.frac = max(0, d.frac-2)
		unit = "%"
	case UnitPercent:
		unit = "%"
	case UnitBps:
		unit = " bp"
	case UnitCompact:
		d.point, unit, places = d.compact(f.Decimals)
	case UnitNone:
	}
	if places < 0 {
		places = d.decimals()
	}
	places, shown := d.places(places)
	if shown {
		dst = d.round(places).append(dst, places, f)
	} else {
		dst = d.scientific(dst, f)
	}
	return append(append(dst, unit...), f.Suffix...)
}

// AppendFit is AppendNumber into at most width cells. When the number is too
// wide it loses its thousands' commas, then becomes compact ("48.9k", "1.2e-6"),
// each of which is still the number; when that does not fit either it is "…".
// Digits are never cut off.
func AppendFit(dst []byte, n datasource.Number, f Style, width int) []byte {
	start := len(dst)
	fits := func() bool { return len(dst)-start <= width }
	if dst = AppendNumber(dst, n, f); fits() {
		return dst
	}
	f.Thousands = false
	if dst = AppendNumber(dst[:start], n, f); fits() {
		return dst
	}
	if f.Unit == UnitNone || f.Unit == UnitCompact {
		f.Unit = UnitCompact
		for f.Decimals = 2; f.Decimals >= 0; f.Decimals-- {
			if dst = AppendNumber(dst[:start], n, f); fits() && lettered(dst[start:]) {
				return dst
			}
		}
	}
	if f.Unit == UnitCompact {
		for digits := 3; digits > 0; digits-- {
			if dst = appendTiny(dst[:start], n, f, digits); len(dst) > start && fits() {
				return dst
			}
		}
	}
	if dst = dst[:start]; width > 0 {
		dst = append(dst, "…"...)
	}
	return dst
}

// appendTiny appends a number below a hundredth with an exponent, 1.23e-6, and
// nothing for others.
func appendTiny(dst []byte, n datasource.Number, f Style, digits int) []byte {
	var scratch [72]byte
	d, ok := parseDecimal(scratch[:0], n.String())
	if !ok || d.zero() || d.point > -2 {
		return dst
	}
	f.Decimals = digits
	return append(d.scientificDigits(dst, f, digits), f.Suffix...)
}

// lettered reports whether a compact number has its letter: one below a
// thousand would lose decimals without a mark.
func lettered(b []byte) bool {
	for _, c := range b {
		if c >= 'A' && c <= 'z' {
			return true
		}
	}
	return false
}
