package theme

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

// Symbols is the set of characters that graphs and borders are drawn with.
type Symbols uint8

// The symbol sets.
const (
	Braille Symbols = iota // U+2800, finest
	Block                  // ▁▂▃▄▅▆▇█
	ASCII                  // 7 bit, borders too
)

// Palette is a theme made ready for one kind of terminal. It is immutable;
// its address identifies it.
type Palette struct {
	Name    string
	Profile Profile
	Symbols Symbols
	sgr     [NumRoles]string
}

// SGR returns the escape sequence that starts a role, from any other style:
// it resets first. It is empty for ProfileNone.
func (p *Palette) SGR(r Role) string { return p.sgr[r] }

// Reset returns the sequence that ends every style, or "".
func (p *Palette) Reset() string {
	if p.Profile == ProfileNone {
		return ""
	}
	return "\x1b[m"
}
