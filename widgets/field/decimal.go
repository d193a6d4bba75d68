package field

import (
	"math"
	"strconv"

	"ticktop/datasource"
)

// maxDecimals is how many digits after the point are believed; a producer that
// writes more has printed a binary fraction (0.30000000000000004).
const maxDecimals = 8

// AppendDecimal appends a number with its producer's digits, rounded half away
// from zero or filled with noughts to exactly decimals (none: -1), with commas
// between thousands and, if asked, a plus before what is above zero. The
// digits are copied, not reckoned: money never passes through a float64.
// NaN and the infinities are appended as words.
func AppendDecimal(dst []byte, n datasource.Number, decimals int, thousands, plus bool) []byte {
	text := n.String()
	neg, whole, frac, ok := split(text)
	if !ok {
		return appendFloat(dst, n, decimals, plus)
	}
	if decimals < 0 {
		decimals = len(frac)
	}
	up := len(frac) > decimals && frac[decimals] >= '5'
	if len(frac) > decimals {
		frac = frac[:decimals]
	}
	if allZero(whole) && allZero(frac) && !up {
		neg, plus = false, false
	}
	switch {
	case neg:
		dst = append(dst, '-')
	case plus:
		dst = append(dst, '+')
	}
	start := len(dst)
	if dst = append(dst, whole...); decimals > 0 {
		dst = append(dst, '.')
		dst = append(dst, frac...)
		for range decimals - len(frac) {
			dst = append(dst, '0')
		}
	}
	if up {
		dst = increment(dst, start)
	}
	if thousands {
		dst = separate(dst, start)
	}
	return dst
}

// split takes apart a decimal without an exponent.
func split(text string) (neg bool, whole, frac string, ok bool) {
	if text != "" && text[0] == '-' {
		neg, text = true, text[1:]
	}
	point := len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c == '.' && point == len(text):
			point = i
		case c < '0' || c > '9':
			return false, "", "", false
		}
	}
	whole = text[:point]
	if point < len(text) {
		frac = text[point+1:]
	}
	return neg, whole, frac, whole != ""
}

func allZero(digits string) bool {
	for i := range len(digits) {
		if digits[i] != '0' {
			return false
		}
	}
	return true
}

// increment adds one to the last digit of the decimal from start on.
func increment(b []byte, start int) []byte {
	for i := len(b) - 1; i >= start; i-- {
		switch b[i] {
		case '.':
		case '9':
			b[i] = '0'
		default:
			b[i]++
			return b
		}
	}
	b = append(b, 0)
	copy(b[start+1:], b[start:])
	b[start] = '1'
	return b
}

// separate puts commas into the whole part of the decimal from start on.
func separate(b []byte, start int) []byte {
	end := start
	for end < len(b) && b[end] != '.' {
		end++
	}
	commas := (end - start - 1) / 3
	for range commas {
		b = append(b, 0)
	}
	copy(b[end+commas:], b[end:len(b)-commas])
	for from, to, run := end-1, end+commas-1, 0; from < to; from, to = from-1, to-1 {
		if run == 3 {
			b[to] = ','
			to--
			run = 0
		}
		b[to] = b[from]
		run++
	}
	return b
}

// appendFloat is for what has no plain digits: 1e-7, 1e400, NaN.
func appendFloat(dst []byte, n datasource.Number, decimals int, plus bool) []byte {
	f := n.Float()
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 0) || math.Abs(f) >= 1e15:
		return append(dst, n.String()...)
	}
	if plus && f > 0 {
		dst = append(dst, '+')
	}
	if decimals < 0 {
		return strconv.AppendFloat(dst, f, 'f', min(shortest(f), 12), 64)
	}
	return strconv.AppendFloat(dst, f, 'f', decimals, 64)
}

// shortest is how many decimals give f back.
func shortest(f float64) int {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	for i := range len(s) {
		if s[i] == '.' {
			return len(s) - i - 1
		}
	}
	return 0
}
