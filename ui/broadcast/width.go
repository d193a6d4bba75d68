package broadcast

import "unicode/utf8"

// Terminals do not agree about how many cells a character takes. A newer one
// draws a family of four in two cells, an older one in eight; a heart with an
// emoji's selector takes two or one. Anyone that writes to Redis chooses the
// characters, so text behind one must not depend on the answer: see
// writer.writeCells.

// maxCluster is how many runes may share one place: the longest emoji in use
// (a kiss with two skin tones) has ten. Unicode itself has no limit, and
// a thousand leading consonants of Hangul, or skin tones, are one
// character of two cells to those who follow it and two thousand cells
// to those who do not.
const maxCluster = 12

// widthVaries reports whether terminals are known to disagree about the width of
// a single rune; that of several runes together always does. What panels
// are drawn with, letters and Chinese characters are not.
func widthVaries(r rune) bool {
	switch {
	case r >= 0x1160 && r < 0x1200, r >= 0xd7b0 && r < 0xd800: // vowels and finals of Hangul: no cell, or one
		return true
	case r == 0x0d4e: // a letter that goes with the next one
		return true
	case r == utf8.RuneError: // two cells where ambiguous characters have two
		return true
	case r < 0x2300:
		return false
	case r >= 0x2300 && r < 0x2400, r >= 0x2460 && r < 0x2500, r >= 0x2600 && r < 0x2800, r >= 0x2900 && r < 0x2e80:
		return r != '✕' && r != '✓' // marks of our own, one cell everywhere
	case r >= 0xfb50 && r < 0xfe00: // ligatures that some draw as wide as they are
		return true
	}
	return r >= 0x10000 && (r < 0x20000 || r >= 0x40000) // but not the ideographs
}

// width returns the cells of the character that begins at x.
func (l *line) width(x int) int {
	if x+1 < len(l.cells) && l.cells[x+1].r == 0 {
		return 2
	}
	return 1
}

// spill returns how many cells from x on a terminal may draw over for the
// character at x, at worst two for each of its runes; 0 when they all agree.
func (l *line) spill(x int) int {
	switch c := l.cells[x]; {
	case c.r < 0:
		return 2 * utf8.RuneCountInString(l.clusters[-c.r-1])
	case c.r > 0 && widthVaries(c.r):
		return 2
	}
	return 0
}
