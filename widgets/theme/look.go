package theme

import (
	"image/color"
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// RGB is a colour, 0xRRGGBB.
type RGB uint32

// RGBA implements color.Color.
func (c RGB) RGBA() (r, g, b, a uint32) { return color.RGBA{c.r(), c.g(), c.b(), 0xff}.RGBA() }

func (c RGB) r() uint8 { return uint8(c >> 16) }
func (c RGB) g() uint8 { return uint8(c >> 8) }
func (c RGB) b() uint8 { return uint8(c) }

// none is no colour: the terminal's stays. It is not black.
const none RGB = 1 << 24

// attr is how a role looks without colour, and in addition to it.
type attr uint8

const (
	bold attr = 1 << iota
	faint
	underline
	reverse
)

// look is the whole look of a role.
type look struct {
	fg, bg RGB   // none for the terminal's own
	basic  uint8 // the foreground of 16 colours, 0 to 15; deflt for the terminal's own
	under  uint8 // the background of 16 colours
	attr   attr  // with colour
	mono   attr  // without colour
	few    attr  // with sixteen colours, beside attr
}

// deflt is the terminal's own colour among the sixteen.
const deflt uint8 = 0xff

// Colours returns what a role is written with and on, nil for the terminal's
// own: for what is not a screen, the help of a command.
func (t *Theme) Colours(r Role) (fg, bg color.Color) {
	l := t.looks[r]
	if l.fg != none {
		fg = l.fg
	}
	if l.bg != none {
		bg = l.bg
	}
	return fg, bg
}

// onBackground puts a look on the background of another. Without colour that is the
// other's attributes beside its own.
func (l look) onBackground(back look) look {
	l.bg, l.under = back.bg, back.under
	l.mono |= back.mono
	l.few |= back.few
	return l
}

// sgr returns the sequence of a look: a reset, then everything it needs.
func sgr(l look, p Profile, plain bool) string {
	if p == ProfileNone {
		return ""
	}
	a := l.attr
	switch {
	case p == ProfileMono || plain:
		a = l.mono
	case p == Profile16:
		a |= l.few
	}
	b := append(make([]byte, 0, 48), "\x1b[0"...)
	for i, code := range [...]string{";1", ";2", ";4", ";7"} {
		if a&(1<<i) != 0 {
			b = append(b, code...)
		}
	}
	if p != ProfileMono && !plain {
		b = appendColour(b, l.fg, l.basic, p, 0)
		b = appendColour(b, l.bg, l.under, p, 10)
	}
	return string(append(b, 'm'))
}

// appendColour appends ";38;2;r;g;b" and the like; ground is 0 for the
// foreground, 10 for the background.
func appendColour(b []byte, c RGB, basic uint8, p Profile, ground int) []byte {
	num := func(n int) { b = strconv.AppendInt(append(b, ';'), int64(n), 10) }
	switch {
	case p == Profile16 && basic == deflt, p != Profile16 && c == none:
	case p == Profile16 && basic < 8:
		num(30 + ground + int(basic))
	case p == Profile16:
		num(90 + ground + int(basic) - 8)
	case p == Profile256:
		num(38 + ground)
		num(5)
		num(index256(c, ground))
	default:
		num(38 + ground)
		num(2)
		num(int(c.r()))
		num(int(c.g()))
		num(int(c.b()))
	}
	return b
}

// index256 returns the nearest of 256 colours. The colour cube has next to
// nothing dark: there a quiet background keeps its lightness rather than its
// hue, and becomes a step of the grey ramp (232 is #080808, 255 is #eeeeee).
func index256(c RGB, ground int) int {
	if r, g, b := int(c.r()), int(c.g()), int(c.b()); ground != 0 && max(r, g, b) < 0x60 {
		return 232 + min(max(((r+2*g+b)/4-8+5)/10, 0), 23)
	}
	return int(ansi.Convert256(c))
}
