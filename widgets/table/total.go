package table

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"ticktop/datasource"
)

// sum adds the numbers of a column exactly, as decimals: what a trader would
// get with pencil and paper. ok is false when there isn't one, or one that is
// out of proportion.
type sum struct {
	scaled int64    // in units of 10^-scale
	big    *big.Rat // set when the units do not suffice
	n      int
	bad    bool
}

// scale is how many decimals the fast sum has.
const scale = 8

// maxDigits bounds the length of a number that is added exactly.
const maxDigits = 64

// addNumber adds one number; NaN and the infinities spoil the sum.
func (s *sum) addNumber(n datasource.Number) {
	s.n++
	text := n.String()
	units, ok := parseScaled(text)
	if ok && s.big == nil {
		if t := s.scaled + units; (t > s.scaled) == (units > 0) {
			s.scaled = t
			return
		}
	}
	if !n.Finite() || len(text) > maxDigits || strings.ContainsAny(text, "eE") {
		s.bad = true
		return
	}
	if s.big == nil {
		s.big = big.NewRat(s.scaled, int64(math.Pow10(scale)))
	}
	if r, ok := new(big.Rat).SetString(text); ok {
		s.big.Add(s.big, r)
	}
}

// number returns the sum, with no more decimals than it needs.
func (s *sum) number() (datasource.Number, bool) {
	if s.n == 0 || s.bad {
		return datasource.Number{}, false
	}
	text := formatScaled(s.scaled)
	if s.big != nil {
		text = s.big.FloatString(maxDigits / 2)
	}
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return datasource.ParseNumber(text)
}

// parseScaled reads a decimal in units of 10^-scale.
func parseScaled(text string) (units int64, ok bool) {
	neg := false
	if text != "" && text[0] == '-' {
		neg, text = true, text[1:]
	}
	whole, frac, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > 9 || len(frac) > scale {
		return 0, false
	}
	point := -1
	for i := range len(text) {
		switch c := text[i]; {
		case c == '.' && point < 0:
			point = i
		case c >= '0' && c <= '9':
			units = units*10 + int64(c-'0')
		default:
			return 0, false
		}
	}
	for range scale - len(frac) {
		units *= 10
	}
	if neg {
		units = -units
	}
	return units, true
}

// formatScaled writes units as a decimal.
func formatScaled(units int64) string {
	sign, u := "", uint64(units)
	if units < 0 {
		sign, u = "-", -u
	}
	one := uint64(math.Pow10(scale))
	frac := strconv.FormatUint(u%one, 10)
	return sign + strconv.FormatUint(u/one, 10) + "." + strings.Repeat("0", scale-len(frac)) + frac
}
