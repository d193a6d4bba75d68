package list

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"

	"ticktop/datasource"
)

// maxFilter bounds a filter's length in bytes.
const maxFilter = 256

// Filter keeps the rows that match an expression. The zero Filter keeps all.
type Filter struct {
	lit []byte         // lower case; used when re is nil
	re  *regexp.Regexp //
	not bool           // '!': keep what does not match
	src datasource.Safe
}

// NewFilter reads a filter as it is typed: a regular expression in Go's
// grammar, matched anywhere and in any case; a leading '!' inverts it. What is
// not a valid expression (yet) is looked for as it stands.
func NewFilter(expr string) Filter {
	if expr == "" || expr == "!" {
		return Filter{}
	}
	if len(expr) > maxFilter {
		expr = expr[:maxFilter]
	}
	f := Filter{src: datasource.Clean(expr, maxFilter)}
	expr, f.not = strings.CutPrefix(expr, "!")
	if regexp.QuoteMeta(expr) != expr {
		if re, err := regexp.Compile("(?i)" + expr); err == nil {
			f.re = re
			return f
		}
	}
	f.lit = []byte(strings.ToLower(expr))
	return f
}

// Active reports whether the filter may leave anything out.
func (f Filter) Active() bool { return f.re != nil || f.lit != nil }

// String returns the filter as it was typed, with its slash: "/usd". It is
// safe to show.
func (f Filter) String() string { return "/" + f.src.String() }

// Keep reports whether a row with this text stays.
func (f Filter) Keep(text []byte) bool {
	switch {
	case f.re != nil:
		return f.re.Match(text) != f.not
	case f.lit != nil:
		return containsFold(text, f.lit) != f.not
	default:
		return true
	}
}

// KeepString is Keep for a string.
func (f Filter) KeepString(text string) bool { return !f.Active() || f.Keep([]byte(text)) }

// containsFold reports whether lower occurs in text in any case.
func containsFold(text, lower []byte) bool {
	for i := range text {
		if text[i] >= 0x80 {
			return bytes.Contains(bytes.Map(unicode.ToLower, text), lower)
		}
	}
	for i := 0; i+len(lower) <= len(text); i++ {
		if matchesAt(text[i:], lower) {
			return true
		}
	}
	return len(lower) == 0
}

// matchesAt reports whether ASCII text begins with lower in any case.
func matchesAt(text, lower []byte) bool {
	for i, c := range lower {
		t := text[i]
		if 'A' <= t && t <= 'Z' {
			t += 'a' - 'A'
		}
		if t != c {
			return false
		}
	}
	return true
}
