package chrome

import "strings"

// ascii maps the characters that ticktop itself draws with, each one cell
// wide like the original.
var ascii = strings.NewReplacer(
	"·", "-", "…", "~", "×", "x", "–", "-", "—", "-", "−", "-", "›", ">", "‹", "<", "✓", "+", "✕", "x", "●", "*", "○", "o", "◐", "~", "◌", ".",
	"▲", "^", "▼", "v", "←", "<", "→", ">", "↑", "^", "↓", "v", "•", "*", "µ", "u", "±", "+",
	"╔", "#", "╗", "#", "╚", "#", "╝", "#", "═", "=", "║", "|",
	"─", "-", "━", "=", "│", "|", "┃", "|", "╭", "+", "╮", "+", "╰", "+", "╯", "+", "├", "+", "┤", "+", "┬", "+", "┴", "+", "┼", "+", "┌", "+", "┐", "+", "└", "+", "┘", "+",
)

// ASCII returns a picture with our own characters replaced by 7-bit ones, for
// terminals that have no others. What data hold stays as it is.
func ASCII(picture string) string { return ascii.Replace(picture) }
