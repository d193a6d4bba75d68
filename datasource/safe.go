package datasource

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Byte limits for Clean.
const (
	MaxCell   = 4 << 10  // text shown in one cell or line
	MaxDetail = 64 << 10 // text shown in the inspector
)

// maxMarks is how many combining marks one base character may carry.
const maxMarks = 4

// Safe is text that may be written to a terminal: valid UTF-8 without a control
// character, without a format character (but ZWJ between two symbols) and
// without letters that draw nothing. Only Clean makes one, so a Safe in a
// signature is proof that the text passed the gate.
type Safe struct{ s string }

// String returns the text. It is safe to write to a terminal.
func (s Safe) String() string { return s.s }

// Empty reports whether there is no text.
func (s Safe) Empty() bool { return s.s == "" }

// Clean makes untrusted text safe. Nothing refused vanishes, so that two
// different values never look the same: a C0 control becomes its picture (␛),
// anything else refused becomes U+FFFD. Text over max bytes is cut before
// anything else is looked at, and the cut is marked with "…".
// The result is at most three times as long as the input, and
// Clean(Clean(s)) == Clean(s).
func Clean(s string, max int) Safe {
	cut := false
	if max > 0 && len(s) > max {
		// A repeated Clean must not cut again where only the mark is over.
		if strings.HasSuffix(s, "…") && len(s) <= max*3+len("…") && plainCut(s, max) {
			return Safe{s}
		}
		s, cut = cutRune(s, max), true
	}
	if !isPlain(s) {
		s = sanitise(s)
	}
	if cut {
		s += "…"
	}
	return Safe{s}
}

// CleanBytes is Clean for bytes; it copies.
func CleanBytes(b []byte, max int) Safe {
	if max > 0 && len(b) > max+utf8.UTFMax {
		b = b[:max+utf8.UTFMax]
	}
	return Clean(string(b), max)
}

// plainCut reports whether s is what an earlier cut at max produced.
func plainCut(s string, max int) bool {
	body := strings.TrimSuffix(s, "…")
	return len(body) <= max && (isPlain(body) || sanitise(body) == body)
}

// cutRune cuts s to at most max bytes without splitting a valid rune.
func cutRune(s string, max int) string {
	for i := 0; i < utf8.UTFMax && max-i > 0; i++ {
		if utf8.RuneStart(s[max-i]) {
			return s[:max-i]
		}
	}
	return s[:max]
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func sanitise(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	var prev rune
	marks := maxMarks // a leading mark has nothing to sit on
	put := func(r rune) {
		b.WriteRune(r)
		prev, marks = r, 0
	}
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		switch {
		case r == utf8.RuneError && n <= 1:
			put(utf8.RuneError)
		case r == '\t':
			put(' ')
		case r < 0x20:
			put(0x2400 + r) // its control picture
		case r == 0x7f:
			put(0x2421)
		case r == 0x200d: // ZWJ only between two symbols
			next, _ := utf8.DecodeRuneInString(s)
			if joins(prev) && unicode.Is(unicode.So, next) && next != utf8.RuneError {
				b.WriteRune(r)
			} else {
				put(utf8.RuneError)
			}
		case drawsNothing(r):
			put(utf8.RuneError)
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks >= maxMarks {
				put(utf8.RuneError)
				continue
			}
			b.WriteRune(r)
			marks++
		case !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r):
			put(utf8.RuneError)
		default:
			put(r)
		}
	}
	return b.String()
}

// joins reports whether a ZWJ may follow r.
func joins(r rune) bool {
	return r != utf8.RuneError && unicode.In(r, unicode.So, unicode.Sk)
}

// drawsNothing lists letters and selectors that are printable by category but
// leave no mark on the screen. VS16 stays: it asks for an emoji's picture.
func drawsNothing(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0:
		return true
	}
	return r >= 0xfe00 && r <= 0xfe0e || r >= 0xe0100 && r <= 0xe01ef || r >= 0x180b && r <= 0x180f
}
