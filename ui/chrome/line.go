package chrome

import (
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Line builds one line of exactly w cells on one background. What does not fit
// is cut with "…".
type Line struct {
	pal  *theme.Palette
	back theme.Role
	w    int
	col  int
	role theme.Role
	open bool
	dry  bool // only measures
	buf  []byte
}

// measureCells returns the cells that put needs.
func measureCells(put func(*Line)) int {
	l := Line{w: 1 << 20, dry: true}
	put(&l)
	return l.col
}

// NewLine starts a line that is appended to buf.
func NewLine(buf []byte, pal *theme.Palette, back theme.Role, w int) *Line {
	return &Line{pal: pal, back: back, w: max(w, 0), buf: buf}
}

func (l *Line) isASCII() bool { return l.pal != nil && l.pal.Symbols == theme.ASCII }

// Left returns the cells left.
func (l *Line) Left() int { return l.w - l.col }

// Col returns the cells used.
func (l *Line) Col() int { return l.col }

// Put appends text of one role: our own, or a Safe's.
func (l *Line) Put(r theme.Role, s string) *Line {
	if s == "" || l.Left() <= 0 {
		return l
	}
	w := draw.Width(s)
	if w > l.Left() {
		s = draw.Truncate(s, l.Left())
		w = draw.Width(s)
	}
	l.col += w
	if l.dry {
		return l
	}
	l.openStyle(r)
	l.buf = append(l.buf, s...)
	return l
}

// Skip leaves n cells blank.
func (l *Line) Skip(n int) *Line {
	n = min(n, l.Left())
	if n <= 0 {
		return l
	}
	l.col += n
	if l.dry {
		return l
	}
	if !l.open {
		l.openStyle(l.back)
	}
	for range n {
		l.buf = append(l.buf, ' ')
	}
	return l
}

// To leaves blanks up to column c.
func (l *Line) To(c int) *Line { return l.Skip(c - l.col) }

// End fills the line, ends its style and returns the buffer.
func (l *Line) End() []byte {
	l.Skip(l.Left())
	if l.open {
		l.buf = append(l.buf, l.pal.Reset()...)
	}
	return l.buf
}

func (l *Line) openStyle(r theme.Role) {
	if l.open && l.role == r {
		return
	}
	l.buf = append(l.buf, l.pal.On(l.back, r)...)
	l.role, l.open = r, true
}
