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

// cutMark stands where text was cut.
const cutMark = "…"

// Clean makes untrusted text safe. Nothing refused vanishes, so that two
// different values never look the same: a C0 control becomes its picture (␛),
// anything else refused becomes U+FFFD. Text over max bytes is cut before
// anything else is looked at, and once more if it has grown; the cut is marked
// with "…" within max. max is at least 3; 0 does not cut.
// The result is at most three times as long as the input, never longer than
// max, and Clean(Clean(s, max), max) == Clean(s, max).
func Clean(s string, max int) Safe {
	cut := false
	if max > 0 {
		if max < len(cutMark) {
			max = len(cutMark)
		}
		if len(s) > max {
			s, cut = loose(cutRune(s, max)), true
		}
	}
	if !isPlain(s) {
		s = sanitise(s)
	}
	if max > 0 && (cut || len(s) > max) {
		if body := max - len(cutMark); len(s) > body {
			for body > 0 && !utf8.RuneStart(s[body]) {
				body--
			}
			s = loose(s[:body])
		}
		s += cutMark
	}
	return Safe{s}
}

// loose takes away what would join what comes before it, or itself, to the cut
// mark.
func loose(s string) string {
	return strings.TrimRightFunc(s, func(r rune) bool { return r == '\u200d' || leads(r) })
}

// CleanBytes is Clean for bytes; it copies no more than it shows.
func CleanBytes(b []byte, max int) Safe {
	if max > 0 && len(b) > max+utf8.UTFMax {
		b = b[:max+utf8.UTFMax]
	}
	return Clean(string(b), max)
}

// cutRune cuts s, which is longer, to at most max bytes without splitting a
// valid rune.
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
		case r >= 0x20 && r < 0x7f || isLetter(r):
			put(r)
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
			if joins(prev) && joined(next) {
				b.WriteRune(r)
			} else {
				put(utf8.RuneError)
			}
		case leads(r): // is drawn with the letter after it, and there must be one
			if next, _ := utf8.DecodeRuneInString(s); unicode.Is(unicode.L, next) && !leads(next) && !drawsNothing(next) {
				put(r)
			} else {
				put(utf8.RuneError)
			}
		case drawsNothing(r):
			put(utf8.RuneError)
		case unicode.Is(unicode.M, r) || follows(r):
			if marks >= maxMarks || unicode.Is(unicode.Zs, prev) { // a blank is nothing to sit on
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

// follows reports whether r, though no mark by category, is drawn as part of the
// character before it: vowels of Thai and Lao, voice marks of narrow kana, skin
// tones. At the beginning of a text it would become one with our own blank or
// border and take a cell from it.
func follows(r rune) bool {
	return r == 0x0e33 || r == 0x0eb3 || r == 0xff9e || r == 0xff9f || r >= 0x1f3fb && r <= 0x1f3ff
}

// leads reports whether r is a letter that is drawn as part of the character
// after it, whatever that is: our own blank, border or cut mark.
func leads(r rune) bool {
	switch r {
	case 0x0d4e, 0x111c2, 0x111c3, 0x1193f, 0x11941, 0x11a3a, 0x11d46, 0x11f02:
		return true
	}
	return r >= 0x11a84 && r <= 0x11a89
}

// isLetter knows the blocks of which nothing is ever refused, to spare most text
// the tables of Unicode: Latin, kana, Chinese characters and Hangul.
func isLetter(r rune) bool {
	return r >= 0xc0 && r <= 0x24f || r >= 0x3041 && r <= 0x3096 || r >= 0x30a1 && r <= 0x30fa ||
		r >= 0x4e00 && r <= 0x9ffc || r >= 0xac00 && r <= 0xd7a3
}

// joins reports whether a ZWJ may follow r.
func joins(r rune) bool {
	return r != utf8.RuneError && unicode.In(r, unicode.So, unicode.Sk)
}

// joined reports whether r may follow a ZWJ.
func joined(r rune) bool {
	return r != utf8.RuneError && unicode.Is(unicode.So, r) && !drawsNothing(r)
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
