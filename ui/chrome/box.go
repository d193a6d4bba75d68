package chrome

import (
	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Seg is a piece of a row. W is its width in cells, 0 for as long as the text
// and -1 for all that is left; Right aligns it.
type Seg struct {
	Role  theme.Role
	Text  string // ours, or a Safe's
	W     int
	Right bool
}

// Row is one line of a box.
type Row []Seg

// Box is the picture that all overlays share: a focused border, a line to type
// in where there is one, rows, and keys on the lower edge.
type Box struct {
	Title  datasource.Safe
	Extra  string // after the title, ours
	Prompt string // before the line to type in; "" for no such line
	Input  datasource.Safe
	Rows   []Row
	Offset int    // first row shown
	Cursor int    // highlighted row, -1 for none
	Empty  string // instead of rows
	Detail Text   // below the rows
	Note   string // on the lower edge, ours
}

// Text is a separate text below the rows of a box: wrapped, in so many lines
// whatever its length, so that nothing moves with the cursor.
type Text struct {
	Text  datasource.Safe
	Lines int // 0: none
}

// Lines returns how many rows a box of height h shows.
func (b *Box) Lines(h int) int {
	n := h - 2
	if b.Prompt != "" {
		n -= 2
	}
	if b.Detail.Lines > 0 {
		n -= 1 + b.Detail.Lines
	}
	return max(n, 1)
}

// Draw returns the box: exactly h lines of w cells.
func (b *Box) Draw(pal *theme.Palette, w, h int) string {
	note := b.Note
	if n := len(b.Rows); n > b.Lines(h) {
		place := format.Count(int64(min(b.Offset+b.Lines(h), n))) + " of " + format.Count(int64(n))
		if note != "" {
			note += " · "
		}
		note += place
	}
	p := draw.NewPanel(pal, w, h, draw.Head{Title: b.Title, Extra: b.Extra, Focused: true,
		Note: datasource.Clean(note, datasource.MaxCell), NoteRole: theme.Label})
	if b.Prompt != "" {
		p.Lit(theme.Key, b.Prompt).Safe(theme.Strong, b.Input).EndLine()
		p.Rule()
	}
	if len(b.Rows) == 0 && b.Empty != "" {
		p.Lit(theme.Label, b.Empty).EndLine()
	}
	last := min(len(b.Rows), b.Offset+b.Lines(h))
	for i := b.Offset; i < last && !p.Full(); i++ {
		if i == b.Cursor {
			p.On(theme.Selected)
		}
		putRow(p, b.Rows[i])
		p.EndLine()
	}
	if b.Detail.Lines > 0 {
		for range b.Lines(h) - max(last-b.Offset, 0) {
			p.EndLine()
		}
		p.Rule()
		for _, line := range draw.Wrap(b.Detail.Text.String(), max(w-4, 1), b.Detail.Lines) {
			p.Lit(theme.Text, line).EndLine()
		}
	}
	return p.String()
}

// CursorAt returns the position of the terminal's cursor for a box at x, y whose
// input has before cells before the cursor.
func (b *Box) CursorAt(x, y, w, before int) (cx, cy int) {
	return x + min(2+draw.Width(b.Prompt)+before, max(w-3, 0)), y + 1
}

func putRow(p *draw.Panel, row Row) {
	for _, s := range row {
		switch {
		case s.W < 0 && s.Right:
			p.Right(s.Role, s.Text, p.Left())
		case s.W < 0:
			p.Cell(s.Role, s.Text, p.Left())
		case s.W > 0 && s.Right:
			p.Right(s.Role, s.Text, s.W)
		case s.W > 0:
			p.Cell(s.Role, s.Text, s.W)
		default:
			p.Lit(s.Role, s.Text)
		}
	}
}
