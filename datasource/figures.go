package datasource

import (
	"unicode"
	"unicode/utf8"
)

// HideFigures puts mark in the place of every figure of a text that could be a
// balance: a message says "closed +12.30" or "margin 4,000 USD" in words of its
// own, and no field's name tells which. Prices after "@", per cents, dates,
// times of day and digits that belong to a word (US500, ACC-1001) stay.
func HideFigures(s, mark string) string {
	var out []byte
	kept := 0 // all before it is in out
	for i := 0; i < len(s); {
		if !digit(s[i]) {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
			continue
		}
		if date(s[i:]) {
			i += len("2006-01-02")
			continue
		}
		from, to, clock := figure(s, i)
		if !clock && !inWord(s, from) && !priced(s, from) && !perCent(s, to) {
			out = append(append(out, s[kept:from]...), mark...)
			kept = to
		}
		i = to
	}
	if out == nil {
		return s
	}
	return string(append(out, s[kept:]...))
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// date reports whether s begins with a date.
func date(s string) bool {
	const like = "0000-00-00"
	if len(s) < len(like) {
		return false
	}
	for i := range len(like) {
		if digit(like[i]) != digit(s[i]) || like[i] == '-' && s[i] != '-' {
			return false
		}
	}
	return true
}

// figure returns where the number with the digit at i begins, sign included,
// and ends, and whether it is a time of day.
func figure(s string, i int) (from, to int, clock bool) {
	from, to = i, i+1
	for to < len(s) {
		switch c := s[to]; {
		case digit(c):
			to++
			continue
		case (c == '.' || c == ',' || c == '\'' || c == ':') && to+1 < len(s) && digit(s[to+1]):
			clock = clock || c == ':'
			to += 2
			continue
		}
		break
	}
	if from > 0 && (s[from-1] == '+' || s[from-1] == '-') {
		from--
	}
	return from, to, clock
}

// inWord reports whether what begins at i goes on a word or a name.
func inWord(s string, i int) bool {
	r, n := utf8.DecodeLastRuneInString(s[:i])
	return n > 0 && (unicode.IsLetter(r) || r == '_' || r == '#')
}

// priced reports whether an "@" is before i.
func priced(s string, i int) bool {
	for i > 0 && s[i-1] == ' ' {
		i--
	}
	return i > 0 && s[i-1] == '@'
}

// perCent reports whether a "%" stands at i, or after a blank.
func perCent(s string, i int) bool {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i < len(s) && s[i] == '%'
}
