package scene

import (
	"strings"

	"ticktop/ui/chrome"
	"ticktop/widgets/theme"
)

// compose puts a frame together. It is the only place where a frame is copied.
func (sc *Scene) compose(top []byte, panels []string, footer []byte) string {
	size := len(top) + len(footer) + sc.Key.H
	for _, p := range panels {
		size += len(p)
	}
	var out strings.Builder
	out.Grow(size)
	out.Write(top)
	sc.writePanels(&out, panels)
	out.Write(footer)
	if sc.Key.Palette.Symbols == theme.ASCII {
		return chrome.ASCII(out.String())
	}
	return out.String()
}

// writePanels zips the panels of each band together, line by line.
func (sc *Scene) writePanels(out *strings.Builder, panels []string) {
	slots := sc.Plan.Slots
	if len(slots) == 0 {
		k := &sc.Key
		out.WriteString(chrome.Card(k.Palette, k.W, max(k.H-2-k.bannerLines(), 1), "this page has no panels"))
		out.WriteByte('\n')
	}
	var few [16]column
	for start := 0; start < len(slots); {
		cols, end, height := few[:0], start, 0
		for ; end < len(slots) && slots[end].Band == slots[start].Band; end++ {
			if end == start || slots[end].Column != slots[end-1].Column {
				cols = append(cols, column{left: panels[end], next: end + 1})
			}
			if len(cols) == 1 {
				height += slots[end].Rect.H
			}
		}
		zipColumns(out, panels, cols, height)
		start = end
	}
}

// column is what is still to be written of one column.
type column struct {
	left string // of the picture being written
	next int    // the picture below it
}

// line returns the column's next line.
func (s *column) line(panels []string) string {
	n := strings.IndexByte(s.left, '\n')
	if n >= 0 {
		line := s.left[:n]
		s.left = s.left[n+1:]
		return line
	}
	line := s.left
	s.left = ""
	if s.next < len(panels) {
		s.left = panels[s.next]
		s.next++
	}
	return line
}

// zipColumns writes h lines, each made of one line of every column, each ended by a
// newline. A column that ends takes up the picture after its own, which it never
// writes a line of: all columns are equally high.
func zipColumns(out *strings.Builder, panels []string, cols []column, h int) {
	for range h {
		for i := range cols {
			out.WriteString(cols[i].line(panels))
		}
		out.WriteByte('\n')
	}
}

// Plural returns word for n of them.
func Plural(word string, n int) string {
	if n == 1 || strings.HasSuffix(word, "s") {
		return word
	}
	return word + "s"
}
