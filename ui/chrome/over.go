package chrome

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Over lays a picture of w×h cells over a screen of width cells a line, with
// its upper left corner at (x, y). Both are lines joined by "\n"; the result
// has the screen's size. A wide character that the edge cuts through becomes
// blanks.
func Over(screen string, width int, pic string, x, y, w int) string {
	lines, over := strings.Split(screen, "\n"), strings.Split(pic, "\n")
	var b strings.Builder
	b.Grow(len(screen) + len(pic))
	for i, line := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i < y || i-y >= len(over) {
			b.WriteString(line)
			continue
		}
		b.WriteString(leftOf(line, x))
		b.WriteString(over[i-y])
		b.WriteString(rightOf(line, x+w, width))
	}
	return b.String()
}

// leftOf returns the first n cells of a line, its styles ended.
func leftOf(line string, n int) string {
	if n <= 0 {
		return ""
	}
	end, cells, _ := seekCell(line, n)
	return line[:end] + endStyles(line) + strings.Repeat(" ", n-cells)
}

// seekCell returns how many bytes of a line fill at most n cells, how many cells
// they fill, and the styles that are on after them. A line holds text and SGR.
func seekCell(line string, n int) (end, cells int, styles string) {
	for end < len(line) {
		if line[end] == 0x1b {
			size := strings.IndexByte(line[end:], 'm') + 1
			if size == 0 {
				break
			}
			styles += line[end : end+size]
			end += size
			continue
		}
		cluster, w := ansi.FirstGraphemeCluster(line[end:], ansi.GraphemeWidth)
		if cells+w > n {
			break
		}
		end, cells = end+len(cluster), cells+w
	}
	return end, cells, styles
}

// rightOf returns the cells from column from on, in the style they had.
func rightOf(line string, from, width int) string {
	if from >= width {
		return ""
	}
	end, cells, styles := seekCell(line, from)
	if cells < from && end < len(line) { // the second half of a wide character goes
		cluster, _ := ansi.FirstGraphemeCluster(line[end:], ansi.GraphemeWidth)
		end += len(cluster)
	}
	rest := line[end:]
	return strings.Repeat(" ", max(0, width-from-ansi.StringWidth(rest))) + styles + rest
}

// endStyles returns the sequence that ends all styles for lines that have any.
func endStyles(line string) string {
	if strings.Contains(line, "\x1b[") {
		return "\x1b[m"
	}
	return ""
}
