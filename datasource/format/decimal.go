package format

import (
	"slices"
	"strconv"
)

// MaxDecimals is the most digits after the point that are ever shown.
const MaxDecimals = 15

const (
	maxExponent = 340 // every float64; longer numbers are shown as written
	maxWhole    = 21  // digits before the point that an exponent is written out to
	smallest    = 6   // numbers from here on are rounded to MaxDecimals, smaller ones take an exponent
)

// decimal is ±0.d₁d₂d₃… × 10^point, digits without leading zeros.
type decimal struct {
	neg    bool
	digits []byte // '0' to '9'
	point  int
	frac   int // digits written after the point

	exponent bool // written with one
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
			d.exponent = true
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

// noiseDigits are as many as every float64 keeps; the 16th and 17th are noise.
const noiseDigits = 15

// withoutNoise rounds what can only be a printed binary fraction to the digits
// that it was made of: 231.07000000000002 is 231.07. Whole numbers are ids or
// exact, and more than 17 digits are no float.
func (d decimal) withoutNoise() decimal {
	significant := len(d.digits)
	for significant > 0 && d.digits[significant-1] == '0' {
		significant--
	}
	if significant <= noiseDigits || significant > 17 || d.point >= significant {
		return d
	}
	d.digits = slices.Clone(d.digits)
	d = d.round(max(0, noiseDigits-d.point))
	for len(d.digits) > 0 && d.digits[len(d.digits)-1] == '0' {
		d.digits = d.digits[:len(d.digits)-1]
	}
	d.frac = max(0, len(d.digits)-d.point)
	return d
}

// firstPlace is the place after the point of the first digit; 0 and less stand
// before it.
func (d decimal) firstPlace() int {
	for i, c := range d.digits {
		if c != '0' {
			return i + 1 - d.point
		}
	}
	return 0
}

// places returns with how many decimals the number is shown when so many are
// asked for: more when it would be nothing but zeros. shown is false when it
// takes an exponent.
func (d decimal) places(asked int) (n int, shown bool) {
	first := d.firstPlace()
	switch {
	case d.zero():
		return min(asked, MaxDecimals), true
	case d.exponent && d.point > maxWhole:
		return 0, false
	case first > MaxDecimals, first > smallest && asked > MaxDecimals:
		return 0, false
	}
	n = min(asked, MaxDecimals)
	if d.roundsToZero(n) {
		n = first
	}
	return n, true
}

// roundsToZero reports whether nothing is left with so many decimals.
func (d decimal) roundsToZero(places int) bool {
	keep := d.point + places
	return keep < 0 || keep == 0 && len(d.digits) > 0 && !roundsUp(d.digits, 0)
}

// scientific writes 1.5e-18, with at most noiseDigits digits.
func (d decimal) scientific(dst []byte, f Style) []byte {
	digits := noiseDigits
	if f.Decimals >= 0 {
		digits = max(f.Decimals, 2)
	}
	return d.scientificDigits(dst, f, digits)
}

func (d decimal) scientificDigits(dst []byte, f Style, digits int) []byte {
	exp := d.point - 1
	d.point = 1
	d = d.round(digits - 1)
	if d.point == 2 {
		d.point, exp = 1, exp+1
	}
	for len(d.digits) > 1 && d.digits[len(d.digits)-1] == '0' {
		d.digits = d.digits[:len(d.digits)-1]
	}
	f.Thousands = false
	dst = d.append(dst, len(d.digits)-1, f)
	return strconv.AppendInt(append(dst, 'e'), int64(exp), 10)
}

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
func (d decimal) append(dst []byte, places int, f Style) []byte {
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
