package draw

import "ticktop/widgets/theme"

// glyphs are what a border is made of.
type glyphs struct{ tl, tr, bl, br, h, v string }

var (
	roundGlyphs = glyphs{"╭", "╮", "╰", "╯", "─", "│"}
	asciiGlyphs = glyphs{"+", "+", "+", "+", "-", "|"}
)

func (p *Panel) glyphs() *glyphs {
	if p.ascii() {
		return &asciiGlyphs
	}
	return &roundGlyphs
}

func (p *Panel) ascii() bool { return p.pal.Symbols == theme.ASCII }

func (p *Panel) borderRole() theme.Role {
	if p.head.Focused {
		return theme.Focus
	}
	return theme.Border
}

// edge puts one border glyph, reset after.
func (p *Panel) edge(s string) {
	p.buf = append(p.buf, p.pal.SGR(p.borderRole())...)
	p.buf = append(p.buf, s...)
	p.buf = append(p.buf, p.pal.Reset()...)
}

// top draws the first line: the title at its left.
func (p *Panel) top() {
	title := p.head.Title.String() + p.head.Extra
	role := theme.Title
	if p.head.Focused {
		role = theme.Focus
	}
	g := p.glyphs()
	p.edgeLine(g.tl, g.tr, title, role, false)
	p.buf = append(p.buf, '\n')
	p.line = 1
}

// bottom draws the last line: the note at its right.
func (p *Panel) bottom() {
	g := p.glyphs()
	p.edgeLine(g.bl, g.br, p.head.Note.String(), p.head.NoteRole, true)
}

// edgeLine draws a horizontal border with text in it: one rule and a blank
// before it and after it, whatever is left at the other side.
func (p *Panel) edgeLine(left, right, text string, role theme.Role, atRight bool) {
	room := p.w - 6
	if text = Truncate(text, room); room < 1 {
		text = ""
	}
	p.buf = append(p.buf, p.pal.SGR(p.borderRole())...)
	p.buf = append(p.buf, left...)
	if text == "" {
		p.buf = appendRule(p.buf, p.w-2, p.ascii())
	} else {
		before, after := 1, room-Width(text)+1
		if atRight {
			before, after = after, before
		}
		p.buf = append(appendRule(p.buf, before, p.ascii()), ' ')
		p.buf = append(p.buf, p.pal.SGR(role)...)
		p.buf = append(p.buf, text...)
		p.buf = append(p.buf, p.pal.SGR(p.borderRole())...)
		p.buf = appendRule(append(p.buf, ' '), after, p.ascii())
	}
	p.buf = append(p.buf, right...)
	p.buf = append(p.buf, p.pal.Reset()...)
}
