package chrome

import (
	"strings"

	"ticktop/datasource"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Card returns a screen of exactly w×h cells with a few lines in its middle:
// the screen that is too small, the dashboard that cannot be opened. What does
// not fit is cut, from the end.
func Card(pal *theme.Palette, w, h int, head string, lines ...datasource.Safe) string {
	w, h = max(w, 1), max(h, 1)
	text := []string{head}
	for _, s := range lines {
		text = append(text, wrapText(s.String(), min(max(w-4, 1), 76))...)
	}
	text = text[:min(len(text), h)]
	top := (h - len(text)) / 2
	var buf []byte
	for y := range h {
		l := NewLine(buf, pal, theme.Text, w)
		if i := y - top; i >= 0 && i < len(text) {
			role := theme.Label
			if i == 0 {
				role = theme.Strong
			}
			s := draw.Truncate(text[i], w)
			l.Skip((w-draw.Width(s))/2).Put(role, s)
		}
		buf = l.End()
		if y < h-1 {
			buf = append(buf, '\n')
		}
	}
	return string(buf)
}

// wrapText breaks text at blanks into lines of at most w cells.
func wrapText(s string, w int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		for draw.Width(word) > w && w > 1 {
			if line != "" {
				out, line = append(out, line), ""
			}
			end := draw.CutOne(word, w)
			out, word = append(out, word[:end]), word[end:]
		}
		switch {
		case line == "":
			line = word
		case draw.Width(line)+1+draw.Width(word) <= w:
			line += " " + word
		default:
			out, line = append(out, line), word
		}
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}
