package theme

import (
	"math"
	"testing"
)

// These tests look at the themes with other eyes: WCAG 2.2 contrast, and the
// simulation of colour blindness by Machado, Oliveira and Fernandes (2009) at
// full severity.

type vec = [3]float64

var eyes = map[string][3]vec{
	"normal":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func see(eye [3]vec, c RGB) (out vec) {
	v := linearRGB(c)
	for i, row := range eye {
		out[i] = min(1, max(0, row[0]*v[0]+row[1]*v[1]+row[2]*v[2]))
	}
	return out
}

// lab converts linear sRGB to CIELAB under D65.
func lab(v vec) vec {
	xyz := vec{
		(0.4124*v[0] + 0.3576*v[1] + 0.1805*v[2]) / 0.95047,
		0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2],
		(0.0193*v[0] + 0.1192*v[1] + 0.9505*v[2]) / 1.08883,
	}
	for i, x := range xyz {
		if x > 216.0/24389 {
			xyz[i] = math.Cbrt(x)
		} else {
			xyz[i] = (24389.0/27*x + 16) / 116
		}
	}
	return vec{116*xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])}
}

// distance is ΔE*ab as the eye sees it; about 2 can just be told apart.
func distance(eye [3]vec, a, b RGB) float64 {
	x, y := lab(see(eye, a)), lab(see(eye, b))
	return math.Sqrt((x[0]-y[0])*(x[0]-y[0]) + (x[1]-y[1])*(x[1]-y[1]) + (x[2]-y[2])*(x[2]-y[2]))
}

func TestColourBlindness(t *testing.T) {
	const apart = 25
	pairs := [][2]Role{{Up, Down}, {UpFlash, DownFlash}, {Good, Bad}, {Series1, Series2}}
	for _, th := range themes {
		for name, eye := range eyes {
			for _, p := range pairs {
				if d := distance(eye, th.looks[p[0]].fg, th.looks[p[1]].fg); d < apart && !th.plain {
					t.Errorf("%s, %s: %v and %v are ΔE %.0f apart, want %d", th.Name, name, p[0], p[1], d, apart)
				}
			}
		}
	}
}

func TestContrast(t *testing.T) {
	floor := func(r Role) float64 {
		switch r {
		case Border, Axis, UpDim, DownDim:
			return 1.5 // decoration and areas, never text: quiet is what they are for
		case Dim, Focus:
			return 3 // WCAG 1.4.11; dim text always has a word or a mark beside it
		default:
			return 4.5 // WCAG 1.4.3
		}
	}
	for _, th := range themes {
		for r := range NumRoles {
			l, want := th.looks[r], floor(r)
			if th.Name == "high-contrast" && r != UpDim && r != DownDim {
				want = 7 // WCAG 1.4.6
			}
			back := l.bg
			if back == none {
				back = th.Background
			}
			if got := contrastRatio(l.fg, back); got < want {
				t.Errorf("%s: %v has contrast %.1f, want %.1f", th.Name, r, got, want)
			}
			for _, on := range []Role{Bar, Selected} {
				if got, want := contrastRatio(l.fg, th.looks[on].bg), floor(r)*0.75; got < want && r < Bar {
					t.Errorf("%s: %v on %v has contrast %.1f, want %.1f", th.Name, r, on, got, want)
				}
			}
		}
	}
}

// TestHeat: what is written on a shade can be read, and the shades of one
// direction get stronger.
func TestHeat(t *testing.T) {
	for _, th := range themes {
		for step := -HeatSteps; step <= HeatSteps; step++ {
			l := th.shadeLook(step)
			if got := contrastRatio(l.fg, l.bg); got < 4.5 {
				t.Errorf("%s: text on shade %d has contrast %.1f", th.Name, step, got)
			}
			if step > 1 {
				if a, b := distance(eyes["normal"], th.Background, th.shadeLook(step-1).bg), distance(eyes["normal"], th.Background, l.bg); b <= a {
					t.Errorf("%s: shade %d is no stronger than the one before", th.Name, step)
				}
			}
		}
	}
	p := Compile(nil, ProfileTrue, Braille)
	if p.Heat(99) != p.Heat(HeatSteps) || p.Heat(-99) != p.Heat(-HeatSteps) || p.Heat(1) == p.Heat(-1) {
		t.Error("the shades are not those of their steps")
	}
	if m := Compile(nil, ProfileMono, Braille); m.Heat(1) == m.Heat(-1) || m.Heat(HeatSteps) == m.Heat(1) {
		t.Error("without colour the steps look the same")
	}
}

// TestEyes checks the instruments with known values.
func TestEyes(t *testing.T) {
	if got := contrastRatio(0x000000, 0xffffff); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white has contrast %.2f", got)
	}
	if got := contrastRatio(0x777777, 0xffffff); math.Abs(got-4.48) > 0.01 {
		t.Errorf("#777 on white has contrast %.2f, WCAG says 4.48", got)
	}
	red, green := RGB(0xcc3311), RGB(0x668800)
	if n, d := distance(eyes["normal"], red, green), distance(eyes["deuteranopia"], red, green); d > n/2 {
		t.Errorf("red and green are %.0f apart for a deuteranope, %.0f for others", d, n)
	}
}
