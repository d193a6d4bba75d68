package draw

import (
	"strings"

	"ticktop/widgets/theme"
)

// glyphs are what a border is made of.
type glyphs struct{ tl, tr, bl, br, h, v string }

var (
	roundGlyphs = glyphs{"╭", "╮", "╰", "╯", "─", "│"}
	asciiGlyphs = glyphs{"+", "+", "+", "+", "-", "|"}

	// The focused panel's where there are few colours to tell it by.
	doubleGlyphs = glyphs{"╔", "╗", "╚", "╝", "═", "║"}
	equalsGlyphs = glyphs{"#", "#", "#", "#", "=", "|"}
)

func (p *Panel) glyphs() *glyphs {
	double := p.head.Focused && !p.head.Bare && (p.pal.Colourless() || p.pal.Profile <= theme.Profile16)
	switch {
	case p.isASCII() && double:
		return &equalsGlyphs
	case p.isASCII():
		return &asciiGlyphs
	case double:
		return &doubleGlyphs
	}
	return &roundGlyphs
}

// appendEdge appends n cells of the horizontal border.
func (p *Panel) appendEdge(n int) {
	if h := p.glyphs().h; h != roundGlyphs.h && h != asciiGlyphs.h {
		p.buf = append(p.buf, strings.Repeat(h, max(n, 0))...)
		return
	}
	p.buf = appendRule(p.buf, n, p.isASCII())
}

func (p *Panel) isASCII() bool { return p.pal.Symbols == theme.ASCII }

func (p *Panel) borderRole() theme.Role {
	if p.head.Focused {
		return theme.Focus
	}
	return theme.Border
}

// drawEdge puts one border glyph, reset after.
func (p *Panel) drawEdge(s string) {
	p.buf = append(p.buf, p.pal.SGR(p.borderRole())...)
	p.buf = append(p.buf, s...)
	p.buf = append(p.buf, p.pal.Reset()...)
}

// drawTop draws the first line: the title at its left, the aside at its right.
func (p *Panel) drawTop() {
	title := Truncate(p.head.Title.String()+p.head.Extra, p.w-6)
	aside := p.head.Aside
	if Width(title)+Width(aside)+minRule > p.w-6 {
		aside = "" // it is never cut: half a number would be another number
	}
	g := p.glyphs()
	p.edgeLine(g.tl, g.tr, title, theme.Title, aside, p.head.AsideRole)
	p.buf = append(p.buf, '\n')
	p.line = 1
}

// minRule is what must be left between title and aside: two blanks, two rules.
const minRule = 4

// drawBottom draws the last line: the note at its right.
func (p *Panel) drawBottom() {
	g := p.glyphs()
	p.edgeLine(g.bl, g.br, "", theme.Border, fitNote(p.head.Note.String(), p.w-6), p.head.NoteRole)
}

// fitNote cuts a note to w cells between its parts, where it has such, so that
// the worst word stays whole: "stale 34 s …". The count of what is live is the
// first to go, "1 failed · 1 stale", and a cause without the name of its source
// is better than none: "stale 34 s · refused …". The bar tells whose it is.
func fitNote(note string, w int) string {
	const joint = " · "
	if Width(note) <= w {
		return note
	}
	if first, rest, ok := strings.Cut(note, joint); ok && strings.HasSuffix(first, " live") {
		return fitNote(rest, w)
	}
	parts := strings.Split(note, joint)
	for n := len(parts) - 1; n > 0; n-- {
		for _, short := range [...]string{strings.Join(parts[:n], joint), strings.Join(withoutSource(parts[:n]), joint)} {
			if short += " …"; Width(short) <= w {
				return short
			}
		}
	}
	return Truncate(note, w)
}

// withoutSource returns the parts of a note with "refused" for "redis: refused".
func withoutSource(parts []string) []string {
	short := make([]string, len(parts))
	for i, part := range parts {
		short[i] = part
		if source, cause, ok := strings.Cut(part, ": "); ok && i > 0 && !strings.Contains(source, " ") {
			short[i] = cause
		}
	}
	return short
}

// edgeLine draws a horizontal border of p.w cells with text at its left and at
// its right, each between blanks and with one rule towards its corner.
func (p *Panel) edgeLine(cl, cr, left string, leftRole theme.Role, right string, rightRole theme.Role) {
	p.buf = append(p.buf, p.pal.SGR(p.borderRole())...)
	p.buf = append(p.buf, cl...)
	rule := p.w - 2
	if left != "" {
		p.appendEdge(1)
		p.drawLabel(leftRole, left)
		rule -= Width(left) + 3
	}
	if right != "" {
		p.appendEdge(rule - Width(right) - 3)
		p.drawLabel(rightRole, right)
		rule = 1
	}
	p.appendEdge(rule)
	p.buf = append(p.buf, cr...)
	p.buf = append(p.buf, p.pal.Reset()...)
}

// drawLabel puts text with a blank on both sides into a border.
func (p *Panel) drawLabel(role theme.Role, text string) {
	p.buf = append(p.buf, ' ')
	p.buf = append(p.buf, p.pal.SGR(role)...)
	p.buf = append(p.buf, ForSymbols(text, p.pal.Symbols)...)
	p.buf = append(p.buf, p.pal.SGR(p.borderRole())...)
	p.buf = append(p.buf, ' ')
}
