package draw

import (
	"strings"
	"unicode/utf8"

	"ticktop/widgets/theme"
)

// sevenBit are the ASCII characters for the marks and the punctuation of ours,
// each of them one cell wide like the original. Text of a producer's own
// is left as it is.
var sevenBit = strings.NewReplacer(
	"…", ">", "·", "-", "–", "-", "—", "-", "×", "x", "•", "*", "▲", "^", "▼", "v", "↑", "^", "↓", "v", "▸", ">", "●", "O", "○", "o", "◐", "~",
	"✕", "x", "━", "=", "─", "-", "│", "|", "█", "#", "▆", "=", "µ", "u", "±", "+", "▇", "=", "┼", "+",
)

// ForSymbols returns text of ours in the characters of a symbol set: for ASCII its
// marks and punctuation become 7 bit, of the same width.
func ForSymbols(s string, sym theme.Symbols) string {
	if sym != theme.ASCII {
		return s
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return sevenBit.Replace(s)
		}
	}
	return s
}
