package draw

import (
	"math"

	"ticktop/widgets/theme"
)

// Meter puts a bar of exactly w cells on the line, share of it full (0 to 1),
// the rest a quiet rule. What is more than nothing has a cell at least.
func (p *Panel) Meter(r theme.Role, share float64, w int) *Panel {
	if w = min(w, p.Left()); w <= 0 || p.Full() {
		return p
	}
	n := filledCells(share, w)
	p.beginLine()
	p.openStyle(r)
	p.putRepeated(pickGlyph(p.isASCII(), "━", "="), n)
	p.openStyle(theme.Border)
	p.putRepeated(pickGlyph(p.isASCII(), "─", "-"), w-n)
	p.col += w
	return p
}

// Bar puts a solid bar on the line, share (0 to 1) of w cells long; the rest
// of the w cells is blank, before it when right.
func (p *Panel) Bar(r theme.Role, share float64, w int, right bool) *Panel {
	if w = min(w, p.Left()); w <= 0 || p.Full() {
		return p
	}
	n := filledCells(share, w)
	if right {
		p.Skip(w - n)
	}
	if n > 0 {
		p.beginLine()
		p.openStyle(r)
		p.putRepeated(pickGlyph(p.isASCII(), "▆", "="), n)
		p.col += n
	}
	if !right {
		p.Skip(w - n)
	}
	return p
}

// filledCells is how many of w cells a share fills.
func filledCells(share float64, w int) int {
	switch {
	case math.IsNaN(share) || share <= 0:
		return 0
	case share >= 1:
		return w
	default:
		return max(1, int(math.Round(share*float64(w))))
	}
}

func (p *Panel) putRepeated(s string, n int) {
	for range n {
		p.buf = append(p.buf, s...)
	}
}

func pickGlyph(ascii bool, unicode, plain string) string {
	if ascii {
		return plain
	}
	return unicode
}
