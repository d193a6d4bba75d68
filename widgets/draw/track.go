package draw

import "ticktop/widgets/theme"

// Track is a line from one cell to another with a mark at its zero, and how far
// from there something is: a day's range with its open, a position between stop
// and target with its entry.
type Track struct {
	From, To int // ends of the quiet line
	Zero     int // marked ┼
	At       int // marked ●, joined to Zero by ━
	Role     theme.Role
}

// Track puts a track of exactly w cells on the line. Cells outside of it are
// clamped to its ends.
func (p *Panel) Track(t Track, w int) *Panel {
	if w = min(w, p.Left()); w <= 0 || p.Full() {
		return p
	}
	in := func(n int) int { return max(0, min(n, w-1)) }
	t.From, t.To, t.Zero, t.At = in(t.From), in(t.To), in(t.Zero), in(t.At)
	lo, hi := min(t.Zero, t.At), max(t.Zero, t.At)
	ascii := p.isASCII()
	p.beginLine()
	for i := range w {
		switch {
		case i == t.At:
			p.openStyle(t.Role)
			p.putRepeated(pickGlyph(ascii, "●", "O"), 1)
		case i == t.Zero:
			p.openStyle(t.Role)
			p.putRepeated(pickGlyph(ascii, "┼", "+"), 1)
		case i > lo && i < hi:
			p.openStyle(t.Role)
			p.putRepeated(pickGlyph(ascii, "━", "="), 1)
		case i >= t.From && i <= t.To:
			p.openStyle(theme.Axis)
			p.putRepeated(pickGlyph(ascii, "─", "-"), 1)
		default:
			if p.showsOnBlank() {
				p.openStyle(theme.Text)
			}
			p.putRepeated(" ", 1)
		}
	}
	p.col += w
	return p
}
