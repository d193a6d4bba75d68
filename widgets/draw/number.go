package draw

import (
	"strconv"

	"ticktop/datasource"
)

// Auto as a number of decimals keeps the producer's own.
const Auto = -1

// Unit is what a number is shown in.
type Unit uint8

// The units.
const (
	UnitNone     Unit = iota
	UnitPercent       // the number is a percentage: 1.5 is "1.5 %"
	UnitFraction      // the number is a fraction: 0.015 is "1.5 %"
	UnitBps           // the number is in basis points: 12 is "12 bps"
	UnitCompact       // thousands and more get a letter: 48911.2 is "48.91k"
)

// NumberFormat says how a number is shown. It works on the producer's digits:
// money never passes through float64 here.
type NumberFormat struct {
	Decimals  int    // digits after the point, rounded half to even; Auto keeps the producer's
	Thousands bool   // 48,911.20
	Sign      bool   // '+' before what is above zero
	Unit      Unit   //
	Suffix    string // after the number and its unit, ours or cleaned: " ms"
}

// Plain shows a number with the producer's decimals and with thousands.
var Plain = NumberFormat{Decimals: Auto, Thousands: true}

// Fixed shows a number with that many decimals and with thousands.
func Fixed(decimals int) NumberFormat { return NumberFormat{Decimals: decimals, Thousands: true} }

// Signed is f with a '+' before what is above zero.
func (f NumberFormat) Signed() NumberFormat {
	f.Sign = true
	return f
}

// FormatNumber returns n in a format.
func FormatNumber(n datasource.Number, f NumberFormat) string {
	return string(AppendNumber(make([]byte, 0, 32), n, f))
}

// AppendNumber appends n in a format: ASCII, so its length is its width. It
// does not allocate while dst has room and n has at most 64 digits.
//
// What is no decimal number is shown as what it is ("NaN", "+Inf"), and a
// number too long to be written out ("1e400") as the producer wrote it.
func AppendNumber(dst []byte, n datasource.Number, f NumberFormat) []byte {
	var scratch [72]byte
	d, ok := parseDecimal(scratch[:0], n.String())
	if !ok {
		return append(append(dst, n.String()...), f.Suffix...)
	}
	places := f.Decimals
	if places < 0 {
		places = d.decimals()
	}
	unit := ""
	switch f.Unit {
	case UnitFraction:
		d.point += 2
		if f.Decimals < 0 {
			places = max(0, places-2)
		}
		unit = " %"
	case UnitPercent:
		unit = " %"
	case UnitBps:
		unit = " bps"
	case UnitCompact:
		d.point, unit, places = d.compact(f.Decimals)
	}
	d = d.round(min(places, maxPlaces))
	return append(append(d.append(dst, min(places, maxPlaces), f), unit...), f.Suffix...)
}

// AppendFit is AppendNumber into at most width cells. When the number is too
// wide it loses its thousands' commas, then becomes compact ("48.9k"), each of
// which is still the number; when that does not fit either it is "…". Digits
// are never cut off.
func AppendFit(dst []byte, n datasource.Number, f NumberFormat, width int) []byte {
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
	if dst = dst[:start]; width > 0 {
		dst = append(dst, "…"...)
	}
	return dst
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

const (
	maxExponent = 40 // longer numbers are shown as written
	maxPlaces   = 30
)

// decimal is ±0.d₁d₂d₃… × 10^point, digits without leading zeros.
type decimal struct {
	neg    bool
	digits []byte // '0' to '9'
	point  int
	frac   int // digits written after the point
}

// parseDecimal reads a number in JSON's grammar into buf; ok is false for
// NaN, infinities and exponents that are out of proportion.
func parseDecimal(buf []byte, s string) (d decimal, ok bool) {
	d.digits = buf
	i := 0
	if i < len(s) && s[i] == '-' {
		d.neg = true
		i++
	}
	dot := -1
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if dot >= 0 {
				d.frac++
			}
			if c == '0' && len(d.digits) == 0 {
				if dot >= 0 {
					d.point--
				}
				continue
			}
			d.digits = append(d.digits, c)
			if dot < 0 {
				d.point++
			}
		case c == '.' && dot < 0:
			dot = i
		case c == 'e' || c == 'E':
			exp, err := strconv.Atoi(s[i+1:])
			if err != nil || exp > maxExponent || exp < -maxExponent {
				return d, false
			}
			d.point += exp
			d.frac = max(0, d.frac-exp)
			i = len(s)
		default:
			return d, false
		}
	}
	if len(d.digits) == 0 {
		d.point = 0 // zero has no magnitude, whatever its exponent
	}
	return d, len(s) > 0
}

// decimals returns how many digits after the point the producer meant.
func (d decimal) decimals() int { return d.frac }

// round rounds half to even at that many places after the point.
func (d decimal) round(places int) decimal {
	keep := d.point + places
	if keep >= len(d.digits) {
		return d
	}
	if keep < 0 {
		d.digits = d.digits[:0]
		return d
	}
	up := roundsUp(d.digits, keep)
	d.digits = d.digits[:keep]
	if !up {
		return d
	}
	for i := keep - 1; i >= 0; i-- {
		if d.digits[i] != '9' {
			d.digits[i]++
			return d
		}
		d.digits[i] = '0'
	}
	d.digits = append(d.digits, '0') // 9.99 became 10.0: one digit more in front
	copy(d.digits[1:], d.digits)
	d.digits[0] = '1'
	d.point++
	return d
}

func roundsUp(digits []byte, keep int) bool {
	if digits[keep] != '5' {
		return digits[keep] > '5'
	}
	for _, c := range digits[keep+1:] {
		if c != '0' {
			return true
		}
	}
	return keep > 0 && (digits[keep-1]-'0')%2 == 1
}

// compact scales the number to below a thousand: it returns the new place of
// the point, the letter of the unit and the places to show.
func (d decimal) compact(decimals int) (point int, unit string, places int) {
	if decimals < 0 {
		decimals = 2
	}
	units := [...]string{"", "k", "M", "B", "T"}
	for i := 0; ; i++ {
		// What rounds up to 1,000 belongs to the next unit.
		if d.point <= 3 && (d.point < 3 || !d.roundsOver(decimals)) || i == len(units)-1 {
			if i == 0 && d.frac < decimals {
				decimals = d.frac
			}
			return d.point, units[i], decimals
		}
		d.point -= 3
	}
}

// roundsOver reports whether a number of three digits before the point rounds
// up to 1,000.
func (d decimal) roundsOver(places int) bool {
	keep := d.point + places
	if keep >= len(d.digits) {
		return false
	}
	for _, c := range d.digits[:keep] {
		if c != '9' {
			return false
		}
	}
	return roundsUp(d.digits, keep)
}

// zero reports whether nothing but zeros is left.
func (d decimal) zero() bool {
	for _, c := range d.digits {
		if c != '0' {
			return false
		}
	}
	return true
}

// append writes the rounded number. A zero has no sign, whatever it was
// rounded from.
func (d decimal) append(dst []byte, places int, f NumberFormat) []byte {
	if !d.zero() {
		if d.neg {
			dst = append(dst, '-')
		} else if f.Sign {
			dst = append(dst, '+')
		}
	}
	if d.point <= 0 {
		dst = append(dst, '0')
	}
	for i := range max(d.point, 0) {
		if left := d.point - i; f.Thousands && i > 0 && left%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, d.at(i))
	}
	if places > 0 {
		dst = append(dst, '.')
		for i := range places {
			dst = append(dst, d.at(d.point+i))
		}
	}
	return dst
}

func (d decimal) at(i int) byte {
	if i < 0 || i >= len(d.digits) {
		return '0'
	}
	return d.digits[i]
}
