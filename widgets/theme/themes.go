package theme

import (
	"fmt"
	"strings"

	"ticktop/datasource/suggest"
)

// Theme is a named set of looks, made for a background. It is immutable.
type Theme struct {
	Name       string
	Text       string // one line for the picker
	Light      bool   // made for a light background
	Background RGB    // the background its contrasts are measured on
	plain      bool   // attributes only, on every terminal
	looks      [NumRoles]look
}

// colours is a theme's table of foregrounds; what is left out is as in paint.
type colours struct {
	text, label, strong, dim, title, border, focus, accent, key RGB
	up, down, upFlash, downFlash, good, warn, bad, axis         RGB
	series                                                      [4]RGB
	bar, selected, bannerFg, banner, badFg, badBg               RGB
}

// basics is the same for terminals of sixteen colours.
type basics struct {
	text, label, strong, dim, title, border, focus, accent, key uint8
	up, down, good, warn, bad                                   uint8
	series                                                      [4]uint8
	bar, bannerFg, banner, badFg, badBg                         uint8
}

// joinTables joins both tables with the attributes, which are the same in every
// theme: they alone must tell the roles apart where there is no colour.
func joinTables(c colours, b basics) [NumRoles]look {
	fg := func(c RGB, basic uint8, attrs ...attr) look {
		l := look{fg: c, bg: none, basic: basic, under: deflt}
		if len(attrs) > 0 {
			l.attr, l.mono = attrs[0], attrs[0]
		}
		if len(attrs) > 1 {
			l.mono = attrs[1]
		}
		return l
	}
	onto := func(l look, bg RGB, under uint8) look {
		l.bg, l.under = bg, under
		return l
	}
	// Of the sixteen, bright black is what some palettes have as their
	// background: quiet is faint there, and a selected row reversed.
	few := func(l look, a attr) look {
		l.few = a
		return l
	}
	return [NumRoles]look{
		Text:      fg(c.text, b.text),
		Label:     fg(c.label, b.label, 0, faint),
		Strong:    fg(c.strong, b.strong, bold),
		Dim:       few(fg(c.dim, b.dim, 0, faint), faint),
		Title:     fg(c.title, b.title, bold),
		Border:    few(fg(c.border, b.border, 0, faint), faint),
		Focus:     fg(c.focus, b.focus, 0, bold),
		Accent:    fg(c.accent, b.accent, bold, bold|underline),
		Key:       fg(c.key, b.key, bold),
		Up:        fg(c.up, b.up, 0, bold),
		Down:      fg(c.down, b.down, 0, underline),
		UpFlash:   fg(c.upFlash, b.up, bold, bold|reverse),
		DownFlash: fg(c.downFlash, b.down, bold, underline|reverse),
		FromAPI:   fg(c.key, b.key, 0, underline),
		Good:      fg(c.good, b.good, 0, bold),
		Warn:      fg(c.warn, b.warn, 0, underline),
		Bad:       fg(c.bad, b.bad, bold, bold|underline),
		Axis:      few(fg(c.axis, b.border, 0, faint), faint),
		Series1:   fg(c.series[0], b.series[0]),
		Series2:   fg(c.series[1], b.series[1], 0, bold),
		Series3:   fg(c.series[2], b.series[2], 0, faint),
		Series4:   fg(c.series[3], b.series[3], 0, bold|faint),
		Bar:       onto(fg(c.text, b.text, 0, 0), c.bar, b.bar),
		Selected:  few(onto(fg(c.strong, b.strong, bold, reverse), c.selected, deflt), reverse),
		Banner:    onto(fg(c.bannerFg, b.bannerFg, bold, bold|reverse), c.banner, b.banner),
		BannerBad: onto(fg(c.badFg, b.badFg, bold, bold|underline|reverse), c.badBg, b.badBg),
		Alarm:     onto(fg(c.text, b.badFg, bold, bold|underline|reverse), mixColours(c.bar, c.bad, alarmTint), b.badBg),
		TagUp:     onto(fg(c.bar, b.bannerFg, bold, bold|reverse), c.up, b.up),
		TagDown:   onto(fg(c.bar, b.bannerFg, bold, underline|reverse), c.down, b.down),
		UpDim:     fg(mixColours(c.bar, c.up, 0.45), b.up, 0, faint),
		DownDim:   fg(mixColours(c.bar, c.down, 0.45), b.down, 0, faint),
	}
}

// alarmTint is how much of the colour of failures is in the ground of Alarm.
const alarmTint = 0.2

var darkBasics = basics{
	text: deflt, label: 7, strong: 15, dim: deflt, title: 13, border: deflt, focus: 13, accent: 10, key: 13,
	up: 14, down: 3, good: 10, warn: 11, bad: 9,
	series: [4]uint8{14, 3, 10, 13}, bar: deflt, bannerFg: 0, banner: 11, badFg: 15, badBg: 1,
}

var lightBasics = basics{
	text: deflt, label: deflt, strong: 0, dim: deflt, title: 5, border: deflt, focus: 5, accent: 2, key: 5,
	up: 4, down: 3, good: 2, warn: 3, bad: 1,
	series: [4]uint8{4, 1, 2, 5}, bar: deflt, bannerFg: 15, banner: 4, badFg: 15, badBg: 1,
}

// The default is safe for colour-blind eyes: up is Okabe and Ito's sky blue,
// down their orange, good their bluish green, bad a light vermilion.
var darkColours = colours{
	text: 0xdee4ec, label: 0x96a0ad, strong: 0xf0f4fa, dim: 0x6f7987, title: 0xcda0eb, border: 0x343c48, focus: 0xcda0eb,
	accent: 0x5ecdaa, key: 0xcda0eb, up: 0x56b4e9, down: 0xe69f00, upFlash: 0xa6dcff, downFlash: 0xffc85c,
	good: 0x5ecdaa, warn: 0xf5d25a, bad: 0xff7058, axis: 0x545d6a,
	series: [4]RGB{0x56b4e9, 0xe69f00, 0x66c9a4, 0xcda0eb},
	bar:    0x181e26, selected: 0x2c283e, bannerFg: 0x14181e, banner: 0xf5d25a, badFg: 0x14181e, badBg: 0xff7058,
}

var lightColours = colours{
	text: 0x24292f, label: 0x5b6470, strong: 0x0b0e12, dim: 0x7b8490, title: 0x7038a8, border: 0xbcc4ce, focus: 0x8a4fc4,
	accent: 0x0a6b4e, key: 0x7038a8, up: 0x0060a8, down: 0xa84f00, upFlash: 0x00457a, downFlash: 0x7d3a00,
	good: 0x00717d, warn: 0x7a5c00, bad: 0xb82a0c, axis: 0x8c95a0,
	series: [4]RGB{0x0060a8, 0xa84f00, 0x00704f, 0x8e3a80},
	bar:    0xeaeef3, selected: 0xe6dcf5, bannerFg: 0xffffff, banner: 0x1f4f8a, badFg: 0xffffff, badBg: 0xb3261e,
}

var contrastColours = colours{
	text: 0xffffff, label: 0xd6dde6, strong: 0xffffff, dim: 0xb4bcc8, title: 0xe2c4ff, border: 0x97a3b3, focus: 0xe2c4ff,
	accent: 0x7dffcf, key: 0xe2c4ff, up: 0x6cc8ff, down: 0xffb000, upFlash: 0xc4ebff, downFlash: 0xffdc8a,
	good: 0x66ffe6, warn: 0xffe14d, bad: 0xff8f80, axis: 0x97a3b3,
	series: [4]RGB{0x6cc8ff, 0xffb000, 0x5dffc0, 0xff9ce8},
	bar:    0x1c1c1c, selected: 0x00407a, bannerFg: 0x000000, banner: 0xffe14d, badFg: 0x000000, badBg: 0xff8f80,
}

// withChange returns the table with some colours replaced.
func (c colours) withChange(change func(*colours)) colours {
	change(&c)
	return c
}

func (b basics) withChange(change func(*basics)) basics {
	change(&b)
	return b
}

// The colour-blind theme goes further than the default: only blue, yellow,
// white and a pale red, apart in lightness as much as in hue, so that no pair
// needs green.
var blindColours = darkColours.withChange(func(c *colours) {
	c.up, c.upFlash, c.down, c.downFlash = 0x5aa9ff, 0xb8dcff, 0xffb52e, 0xffdf9e
	c.good, c.warn, c.bad = 0x7cc0ff, 0xf4e04d, 0xff9a76
	c.accent, c.title, c.key, c.focus = 0x96bee6, 0xd9c6f2, 0xd9c6f2, 0xd9c6f2
	c.series = [4]RGB{0x5aa9ff, 0xffb52e, 0xf0f0f0, 0xb58bd6}
	c.badBg = 0xff9a76
})

// In East Asian markets red rises. The green is a teal and the red a coral, so
// that the pair stays apart for red-green blind eyes.
var asiaColours = darkColours.withChange(func(c *colours) {
	c.up, c.upFlash, c.down, c.downFlash = 0xff7461, 0xffa08f, 0x2fc7b0, 0x74f5ea
	c.good, c.bad, c.badBg = 0x6cc4ee, 0xff9a3d, 0xff9a3d // a fault must not look like a profit
	c.series = [4]RGB{0x8ab6e8, 0xe6b450, 0x2fc7b0, 0xcc8fc0}
})

var themes = []*Theme{
	{Name: "dark", Text: "calm, blue up and orange down", Background: 0x10141a, looks: joinTables(darkColours, darkBasics)},
	{Name: "light", Text: "for light backgrounds", Light: true, Background: 0xfbfcfd, looks: joinTables(lightColours, lightBasics)},
	{Name: "high-contrast", Text: "white on black, every text at least 7:1", Background: 0x000000, looks: joinTables(contrastColours, darkBasics.withChange(func(b *basics) {
		b.text, b.label, b.dim, b.border, b.focus = 15, 15, 15, 15, 15
	}))},
	{Name: "colour-blind", Text: "blue and yellow only, apart in lightness", Background: 0x10141a, looks: joinTables(blindColours, darkBasics.withChange(func(b *basics) {
		b.up, b.down, b.good, b.accent = 12, 11, 14, 14
	}))},
	{Name: "mono", Text: "no colour: bold, faint, underlined, reversed", Background: 0x10141a, plain: true, looks: joinTables(darkColours, darkBasics)},
	{Name: "asia", Text: "red up and green down", Background: 0x10141a, looks: joinTables(asiaColours, darkBasics.withChange(func(b *basics) {
		b.up, b.down, b.bad = 9, 10, 13
	}))},
}

// aliases are other names that people try.
var aliases = map[string]string{
	"default": "dark", "contrast": "high-contrast", "hc": "high-contrast", "color-blind": "colour-blind", "colorblind": "colour-blind",
	"colourblind": "colour-blind", "red-up": "asia", "none": "mono", "monochrome": "mono",
}

// Default returns the theme of a dark terminal.
func Default() *Theme { return themes[0] }

// For returns the default theme for a terminal with a dark or light background.
func For(dark bool) *Theme {
	if dark {
		return themes[0]
	}
	return themes[1]
}

// Names returns the names of the themes, in the order of the picker.
func Names() []string {
	names := make([]string, len(themes))
	for i, t := range themes {
		names[i] = t.Name
	}
	return names
}

// Lookup returns a theme by its name or a common other spelling of it. The
// error names the nearest one.
func Lookup(name string) (*Theme, error) {
	want := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), "_", "-"))
	if full, ok := aliases[want]; ok {
		want = full
	}
	for _, t := range themes {
		if t.Name == want {
			return t, nil
		}
	}
	if best := suggest.Nearest(want, Names()); best != "" {
		return nil, fmt.Errorf("unknown theme %q, did you mean %q?", name, best)
	}
	return nil, fmt.Errorf("unknown theme %q (one of %s)", name, strings.Join(Names(), ", "))
}
