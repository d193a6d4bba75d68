// Package draw has the cell-exact primitives that panels are made of: lines of
// a fixed width, numbers, ages, and the look that loading, stale and failed
// data share on every widget. It is the last gate of the sanitiser: untrusted
// text enters a picture only as a datasource.Safe.
package draw

import (
	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Panel builds one bordered picture of exactly w×h cells, top to bottom, left
// to right. Whatever is put on a line past its right edge is cut with "…",
// lines left unfilled are padded, lines past the last are dropped.
//
//	p := draw.NewPanel(pal, 30, 8, draw.Head{Title: title, Note: note})
//	p.Lit(theme.Label, "Equity").Skip(2).Right(theme.Strong, value, 12)
//	p.EndLine()
//	return p.String()
type Panel struct {
	pal   *theme.Palette
	w, h  int // whole picture
	inner int // cells between the borders and their padding
	head  Head
	buf   []byte
	line  int // lines finished, top border included
	col   int // cells used of the open line
	role  theme.Role
	back  theme.Role // background of the open line, Text for none
	open  bool       // a role's style is on
	begun bool       // the open line has its left border
	tmp   []byte     // a number being formatted
}

// Head is what the border of a panel says.
type Head struct {
	Title     datasource.Safe // top left
	Extra     string          // after the title, ours: " · 4 h"
	Aside     string          // top right, ours: a figure or two; left out when it does not fit whole
	AsideRole theme.Role      //
	Note      datasource.Safe // bottom right, only when something is not plain
	NoteRole  theme.Role      //
	Focused   bool            //
	Bare      bool            // no border: the whole picture is content
}

// NewPanel starts a picture.
func NewPanel(pal *theme.Palette, w, h int, head Head) *Panel {
	p := &Panel{pal: pal, w: max(w, 1), h: max(h, 1), head: head, buf: make([]byte, 0, max(w, 1)*max(h, 1)*3+256)}
	if p.w < 5 || p.h < 3 { // no space for a border and something inside it
		p.head.Bare = true
	}
	if p.head.Bare {
		p.inner = p.w
		return p
	}
	p.inner = p.w - 4
	p.drawTop()
	return p
}

// Width returns the cells of one content line, Lines the content lines.
func (p *Panel) Width() int { return p.inner }

// Lines returns how many content lines there are in all.
func (p *Panel) Lines() int {
	if p.head.Bare {
		return p.h
	}
	return p.h - 2
}

// Left returns the cells left on the open line.
func (p *Panel) Left() int { return p.inner - p.col }

// Full reports whether no content line is left.
func (p *Panel) Full() bool {
	if p.head.Bare {
		return p.line >= p.h
	}
	return p.line >= p.h-1
}

// Safe puts text on the line.
func (p *Panel) Safe(r theme.Role, s datasource.Safe) *Panel { return p.Lit(r, s.String()) }

// Lit puts text of our own on the line: literals, numbers, and what passed the
// gate before. Untrusted text goes through Safe.
func (p *Panel) Lit(r theme.Role, s string) *Panel {
	if s == "" || p.Full() {
		return p
	}
	p.beginLine()
	left := p.Left()
	if left <= 0 {
		return p
	}
	w := Width(s)
	if w > left {
		s = Truncate(s, left)
		w = Width(s)
	}
	p.openStyle(r)
	p.buf = append(p.buf, ForSymbols(s, p.pal.Symbols)...)
	p.col += w
	return p
}

// Skip leaves n cells blank.
func (p *Panel) Skip(n int) *Panel {
	if n = min(n, p.Left()); n <= 0 || p.Full() {
		return p
	}
	p.beginLine()
	if p.showsOnBlank() {
		p.openStyle(theme.Text)
	}
	p.buf = appendSpaces(p.buf, n)
	p.col += n
	return p
}

// To leaves blanks up to column c of the line.
func (p *Panel) To(c int) *Panel { return p.Skip(c - p.col) }

// Right puts text right-aligned into the next width cells; what does not fit
// is cut with "…".
func (p *Panel) Right(r theme.Role, s string, width int) *Panel {
	width = min(width, p.Left())
	if width <= 0 {
		return p
	}
	if w := Width(s); w < width {
		p.Skip(width - w)
	} else if w > width {
		s = Truncate(s, width)
		p.Skip(width - Width(s))
	}
	return p.Lit(r, s)
}

// Cell puts text left-aligned into exactly the next width cells.
func (p *Panel) Cell(r theme.Role, s string, width int) *Panel {
	width = min(width, p.Left())
	if width <= 0 {
		return p
	}
	end := p.col + width
	if Width(s) > width {
		s = Truncate(s, width)
	}
	return p.Lit(r, s).To(end)
}

// EndLine finishes the line.
func (p *Panel) EndLine() {
	if p.Full() {
		return
	}
	p.beginLine()
	if p.back != theme.Text {
		p.openStyle(theme.Text)
	} else {
		p.reset()
	}
	p.buf = appendSpaces(p.buf, p.Left())
	p.reset()
	p.back = theme.Text
	if !p.head.Bare {
		p.buf = append(p.buf, ' ')
		p.drawEdge(p.glyphs().v)
	}
	p.line++
	p.col = 0
	p.open = false
	if p.line < p.h {
		p.buf = append(p.buf, '\n')
	}
	p.begun = false
}

// On gives the open line a background, theme.Bar or theme.Selected, up to its
// end. It must be called before anything is put on the line.
func (p *Panel) On(back theme.Role) *Panel {
	p.back = back
	return p
}

// Heat puts text left-aligned into exactly the next width cells, on a shade of
// theme.Palette.Heat.
func (p *Panel) Heat(step int, s string, width int) *Panel {
	if width = min(width, p.Left()); width <= 0 || p.Full() {
		return p
	}
	p.beginLine()
	s = Truncate(s, width)
	p.buf = append(p.buf, p.pal.Heat(step)...)
	p.buf = appendSpaces(append(p.buf, ForSymbols(s, p.pal.Symbols)...), width-Width(s))
	p.buf = append(p.buf, p.pal.Reset()...)
	p.col += width
	p.open = false
	return p
}

// Bytes puts what the Append functions made, which is width cells wide, on the
// line; when it does not fit it is left out and a "…" is in its place.
func (p *Panel) Bytes(r theme.Role, b []byte, width int) *Panel {
	if width > p.Left() {
		return p.Lit(r, "…")
	}
	if width <= 0 || p.Full() {
		return p
	}
	p.beginLine()
	p.openStyle(r)
	if p.isASCII() {
		b = []byte(ForSymbols(string(b), p.pal.Symbols))
	}
	p.buf = append(p.buf, b...)
	p.col += width
	return p
}

// Rule puts a horizontal line across the content.
func (p *Panel) Rule() {
	if p.Full() {
		return
	}
	p.beginLine()
	p.openStyle(theme.Border)
	p.buf = appendRule(p.buf, p.Left(), p.isASCII())
	p.col = p.inner
	p.EndLine()
}

// Dashes puts n cells of a quiet line on the open line.
func (p *Panel) Dashes(r theme.Role, n int) *Panel {
	if n = min(n, p.Left()); n <= 0 || p.Full() {
		return p
	}
	p.beginLine()
	p.openStyle(r)
	p.buf = appendRule(p.buf, n, p.isASCII())
	p.col += n
	return p
}

// String fills what is left and returns the picture.
func (p *Panel) String() string {
	for !p.Full() {
		p.EndLine()
	}
	if !p.head.Bare && p.line == p.h-1 {
		p.drawBottom()
		p.line++
	}
	return string(p.buf)
}

func (p *Panel) beginLine() {
	if p.begun {
		return
	}
	p.begun = true
	if !p.head.Bare {
		p.drawEdge(p.glyphs().v)
		p.buf = append(p.buf, ' ')
	}
}

// showsOnBlank reports whether the open style would show on a blank: some roles have
// a background, and without colour some are underlined or reversed.
func (p *Panel) showsOnBlank() bool {
	if !p.open {
		return p.back != theme.Text
	}
	return p.role >= theme.Bar || p.pal.Colourless()
}

func (p *Panel) openStyle(r theme.Role) {
	if p.open && p.role == r {
		return
	}
	p.buf = append(p.buf, p.pal.On(p.back, r)...)
	p.role, p.open = r, true
}

func (p *Panel) reset() {
	if p.open {
		p.buf = append(p.buf, p.pal.Reset()...)
		p.open = false
	}
}
