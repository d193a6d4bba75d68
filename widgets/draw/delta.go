package draw

import (
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// flash is how long a number that moved is lit, by the time of the data; with
// Context.Now, which is whole seconds, up to a second longer.
const flash = 400 * time.Millisecond

// Fresh reports whether a number moved so recently that it is lit.
func Fresh(m datasource.Move, now time.Time) bool {
	return m.Dir != 0 && now.UnixMilli()-m.MS < flash.Milliseconds()
}

// MoveRole returns the role of a number that moved: the flashing Up or Down
// while it is fresh, then rest.
func MoveRole(m datasource.Move, now time.Time, rest theme.Role) theme.Role {
	if Fresh(m, now) {
		return theme.Direction(int(m.Dir), true)
	}
	return rest
}

// Arrow returns the glyph of a direction: ▲ up, ▼ down, a blank for none.
func Arrow(pal *theme.Palette, dir int8) string {
	ascii := pal.Symbols == theme.ASCII
	switch {
	case dir > 0 && ascii:
		return "^"
	case dir > 0:
		return "▲"
	case dir < 0 && ascii:
		return "v"
	case dir < 0:
		return "▼"
	default:
		return " "
	}
}

// Arrow puts the glyph of a number's last move on the line, lit while it is
// fresh. It always takes one cell, so nothing jumps.
func (p *Panel) Arrow(m datasource.Move, now time.Time) *Panel {
	return p.Lit(theme.Direction(int(m.Dir), Fresh(m, now)), Arrow(p.pal, m.Dir))
}

// Number puts a number right-aligned into the next width cells, compact or "…"
// when it does not fit.
func (p *Panel) Number(r theme.Role, n datasource.Number, f NumberFormat, width int) *Panel {
	if width = min(width, p.Left()); width <= 0 {
		return p
	}
	p.tmp = AppendFit(p.tmp[:0], n, f, width)
	w := len(p.tmp)
	if w > 0 && p.tmp[w-1] >= 0x80 {
		w = Width(string(p.tmp)) // the mark, or a suffix that is no ASCII
	}
	return p.Skip(width-w).Bytes(r, p.tmp, w)
}

// Sign returns -1, 0 or +1; 0 for NaN.
func Sign(n datasource.Number) int {
	switch f := n.Float(); {
	case f > 0:
		return 1
	case f < 0:
		return -1
	default:
		return 0
	}
}

// Hidden replaces money that must not be seen ('x'). Its width tells
// nothing about the number.
func Hidden(pal *theme.Palette) string {
	if pal.Symbols == theme.ASCII {
		return "***"
	}
	return "•••"
}
