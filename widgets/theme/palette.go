package theme

import (
	"fmt"
	"strings"
	"sync"
)

// Profile is how many colours a terminal has.
type Profile uint8

// The profiles. ProfileNone writes no escape sequence at all: pipes, files.
// ProfileMono writes bold, faint, underline and reverse but no colour:
// NO_COLOR and terminals without colours.
const (
	ProfileNone Profile = iota
	ProfileMono
	Profile16
	Profile256
	ProfileTrue
)

var profileNames = [...]string{"none", "mono", "16", "256", "truecolor"}

// String returns the profile's name.
func (p Profile) String() string {
	if int(p) < len(profileNames) {
		return profileNames[p]
	}
	return "unknown"
}

// Symbols is the set of characters that graphs and borders are drawn with.
type Symbols uint8

// The symbol sets.
const (
	Braille Symbols = iota // U+2800, finest
	Block                  // ▁▂▃▄▅▆▇█
	ASCII                  // 7 bit, borders too
)

var symbolNames = [...]string{"braille", "block", "ascii"}

// String returns the name that the configuration uses.
func (s Symbols) String() string {
	if int(s) < len(symbolNames) {
		return symbolNames[s]
	}
	return "unknown"
}

// ParseSymbols is the inverse of Symbols.String.
func ParseSymbols(s string) (Symbols, error) {
	for i, n := range symbolNames {
		if strings.EqualFold(n, s) {
			return Symbols(i), nil
		}
	}
	return 0, fmt.Errorf("unknown graph symbols %q (one of %s)", s, strings.Join(symbolNames[:], ", "))
}

// Palette is a theme made ready for one kind of terminal. It is immutable;
// its address identifies it.
type Palette struct {
	Name     string
	Profile  Profile
	Symbols  Symbols
	Graphics Graphics         // of a terminal that shows pixels, see With
	sgr      [NumRoles]string // on the terminal's own background
	bar      [NumRoles]string // on the background of Bar
	sel      [NumRoles]string // on the background of Selected
	alarm    [NumRoles]string // on the background of Alarm
	heat     [2*HeatSteps + 1]string
	theme    *Theme
}

// SGR returns the escape sequence that starts a role, from any other style:
// it resets first. It is empty for ProfileNone.
func (p *Palette) SGR(r Role) string { return p.sgr[r] }

// On returns the escape sequence of role r on the background of another role,
// Bar, Selected or Alarm, so that a selected row keeps the meaning of its colours.
// For any other background it is SGR(r).
func (p *Palette) On(background, r Role) string {
	switch background {
	case Bar:
		return p.bar[r]
	case Selected:
		return p.sel[r]
	case Alarm:
		return p.alarm[r]
	default:
		return p.sgr[r]
	}
}

// Reset returns the sequence that ends every style, or "".
func (p *Palette) Reset() string {
	if p.Profile == ProfileNone {
		return ""
	}
	return "\x1b[m"
}

// Colourless reports whether the palette writes no colour: direction must then
// be told by glyphs and shapes, which it always is.
func (p *Palette) Colourless() bool { return p.Profile <= ProfileMono || p.theme.plain }

// Background returns the theme's background, for terminals that can be asked
// to show one; ok is false where the terminal's own is to stay.
func (p *Palette) Background() (c RGB, ok bool) {
	return p.theme.Background, p.Profile == ProfileTrue && !p.theme.plain
}

// palettes memoises Compile. Every value in it is immutable and a pure
// function of its key, and there are at most themes × profiles × symbols, so
// it is a cache and not a state.
var palettes sync.Map // paletteKey → *Palette

type paletteKey struct {
	theme   *Theme
	profile Profile
	symbols Symbols
}

// Compile makes a theme (nil: the default) ready for a terminal. The same
// three arguments always give the same pointer. It is safe for concurrent use.
func Compile(t *Theme, profile Profile, symbols Symbols) *Palette {
	if t == nil {
		t = Default()
	}
	key := paletteKey{t, min(profile, ProfileTrue), min(symbols, ASCII)}
	if p, ok := palettes.Load(key); ok {
		return p.(*Palette)
	}
	p, _ := palettes.LoadOrStore(key, compilePalette(key))
	return p.(*Palette)
}

func compilePalette(k paletteKey) *Palette {
	p := &Palette{Name: k.theme.Name, Profile: k.profile, Symbols: k.symbols, heat: k.theme.heatSequences(k.profile), theme: k.theme}
	for r := range NumRoles {
		l := k.theme.looks[r]
		p.sgr[r] = sgr(l, k.profile, k.theme.plain)
		p.bar[r] = sgr(l.onBackground(k.theme.looks[Bar]), k.profile, k.theme.plain)
		p.sel[r] = sgr(l.onBackground(k.theme.looks[Selected]), k.profile, k.theme.plain)
		p.alarm[r] = sgr(l.onBackground(k.theme.looks[Alarm]), k.profile, k.theme.plain)
		if k.profile <= Profile16 || k.theme.plain { // few colours: one that can be read on that ground
			p.alarm[r] = sgr(k.theme.looks[Alarm], k.profile, k.theme.plain)
		}
	}
	return p
}
