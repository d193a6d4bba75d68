package theme

import (
	"regexp"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	for _, c := range []struct{ in, name, err string }{
		{"dark", "dark", ""},
		{" Dark ", "dark", ""},
		{"high_contrast", "high-contrast", ""},
		{"color-blind", "colour-blind", ""},
		{"red-up", "asia", ""},
		{"drak", "", `unknown theme "drak", did you mean "dark"?`},
		{"high-contrats", "", `did you mean "high-contrast"?`},
		{"solarized", "", "one of dark, light, high-contrast, colour-blind, mono, asia"},
		{"", "", "one of dark"},
		{"\x1b]52;c;!\a", "", `unknown theme "\x1b]52;c;!\a"`},
		{strings.Repeat("a", 1<<20), "", "unknown theme"},
	} {
		got, err := Lookup(c.in)
		switch {
		case err != nil && (c.err == "" || !strings.Contains(err.Error(), c.err)):
			t.Errorf("Lookup(%.20q): error %q, want %q", c.in, err, c.err)
		case err == nil && (got == nil || got.Name != c.name || c.err != ""):
			t.Errorf("Lookup(%.20q) = %v, want %q", c.in, got, c.name)
		}
	}
}

func TestNamesCanBeLookedUp(t *testing.T) {
	for _, n := range Names() {
		if th, err := Lookup(n); err != nil || th.Name != n || th.Text == "" {
			t.Errorf("Lookup(%q) = %v, %v", n, th, err)
		}
	}
	if For(true).Light || !For(false).Light {
		t.Error("For picks the wrong default")
	}
}

func TestParseSymbols(t *testing.T) {
	for _, s := range []Symbols{Braille, Block, ASCII} {
		if got, err := ParseSymbols(s.String()); err != nil || got != s {
			t.Errorf("ParseSymbols(%q) = %v, %v", s, got, err)
		}
	}
	if _, err := ParseSymbols("dots"); err == nil {
		t.Error("ParseSymbols(dots) gave no error")
	}
}

// each calls f for every palette there is.
func each(t *testing.T, f func(t *testing.T, p *Palette)) {
	t.Helper()
	for _, th := range themes {
		for profile := ProfileNone; profile <= ProfileTrue; profile++ {
			for symbols := Braille; symbols <= ASCII; symbols++ {
				t.Run(th.Name+"/"+profile.String()+"/"+symbols.String(), func(t *testing.T) { f(t, Compile(th, profile, symbols)) })
			}
		}
	}
}

func TestCompileIsCached(t *testing.T) {
	each(t, func(t *testing.T, p *Palette) {
		if Compile(p.theme, p.Profile, p.Symbols) != p {
			t.Error("two palettes for one theme, profile and symbols")
		}
	})
	if Compile(nil, ProfileTrue, Braille) != Compile(Default(), ProfileTrue, Braille) {
		t.Error("nil is not the default theme")
	}
	if n := testing.AllocsPerRun(10, func() { Compile(nil, ProfileTrue, Braille) }); n > 1 {
		t.Errorf("a cached palette costs %v allocations", n)
	}
}

func TestSequences(t *testing.T) {
	sgr := regexp.MustCompile(`^\x1b\[0(;[0-9]+)*m$`)
	colour := regexp.MustCompile(`;([349][0-7]|10[0-7]|[34]8;[25];[0-9;]+)[;m]`)
	each(t, func(t *testing.T, p *Palette) {
		for r := range NumRoles {
			for _, s := range []string{p.SGR(r), p.On(Bar, r), p.On(Selected, r)} {
				switch {
				case p.Profile == ProfileNone:
					if s != "" {
						t.Errorf("%v: %q without a terminal", r, s)
					}
				case !sgr.MatchString(s):
					t.Errorf("%v: %q does not reset first, or is no SGR", r, s)
				case p.Colourless() && colour.MatchString(s):
					t.Errorf("%v: %q has a colour", r, s)
				}
			}
		}
		if (p.Reset() == "") != (p.Profile == ProfileNone) {
			t.Errorf("Reset() = %q", p.Reset())
		}
	})
}

func TestProfiles(t *testing.T) {
	for _, c := range []struct {
		profile Profile
		want    string
	}{
		{ProfileNone, ""},
		{ProfileMono, "\x1b[0;1m"},
		{Profile16, "\x1b[0;96m"},
		{Profile256, "\x1b[0;38;5;74m"},
		{ProfileTrue, "\x1b[0;38;2;86;180;233m"},
	} {
		if got := Compile(nil, c.profile, Braille).SGR(Up); got != c.want {
			t.Errorf("%v: Up is %q, want %q", c.profile, got, c.want)
		}
	}
	p := Compile(nil, ProfileTrue, Braille)
	if got, want := p.On(Selected, Up), "\x1b[0;38;2;86;180;233;48;2;44;40;62m"; got != want {
		t.Errorf("Up on Selected is %q, want %q", got, want)
	}
	if got := p.On(Text, Up); got != p.SGR(Up) {
		t.Errorf("Up on Text is %q", got)
	}
}

// TestNotByColourAlone: what a colour tells, an attribute tells as well where
// there is no colour.
func TestNotByColourAlone(t *testing.T) {
	for _, th := range themes {
		p := Compile(th, ProfileMono, Braille)
		for _, pair := range [][2]Role{
			{Up, Down}, {UpFlash, DownFlash}, {Up, UpFlash}, {Down, DownFlash}, {Good, Bad}, {Good, Warn}, {Warn, Bad},
			{Text, Strong}, {Text, Dim}, {Border, Focus}, {Text, Selected}, {Text, Banner}, {Banner, BannerBad}, {Series1, Series2},
			{Text, Accent}, {Dim, Key},
		} {
			if p.SGR(pair[0]) == p.SGR(pair[1]) {
				t.Errorf("%s: %v and %v look the same without colour", th.Name, pair[0], pair[1])
			}
		}
	}
}

func TestRolesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for r := range NumRoles {
		if n := r.String(); n == "" || n == "unknown" || seen[n] {
			t.Errorf("role %d is called %q", r, n)
		} else {
			seen[n] = true
		}
	}
}

func TestDirection(t *testing.T) {
	for _, c := range []struct {
		dir   int
		fresh bool
		want  Role
	}{{1, false, Up}, {3, true, UpFlash}, {-1, false, Down}, {-2, true, DownFlash}, {0, true, Text}} {
		if got := Direction(c.dir, c.fresh); got != c.want {
			t.Errorf("Direction(%d, %v) = %v, want %v", c.dir, c.fresh, got, c.want)
		}
	}
	if Series(0) != Series1 || Series(5) != Series2 {
		t.Error("Series does not repeat after four")
	}
}
