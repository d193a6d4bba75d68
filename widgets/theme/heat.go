package theme

// HeatSteps is how many shades a heat map has in each direction.
const HeatSteps = 4

// heatSequences returns the sequences of the shades from -HeatSteps to +HeatSteps: the
// colours of Down and Up mixed into the background, the strongest last, with
// the text that is easier to read on each. With 256 colours only the two
// strongest are shades, as there is nothing between; with sixteen or none there
// aren't. What has no shade is text in Down or Up, reversed at the far end.
func (t *Theme) heatSequences(p Profile) (out [2*HeatSteps + 1]string) {
	for i := range out {
		step := i - HeatSteps
		role := Direction(step, false)
		l := t.looks[role]
		switch {
		case p == Profile256 && step > -3 && step < 3 && !t.plain:
		case p <= Profile16 || t.plain:
			if step == HeatSteps || step == -HeatSteps {
				l.attr, l.mono = l.attr|reverse, l.mono|reverse
			}
		default:
			l = t.shadeLook(step)
		}
		out[i] = sgr(l, p, t.plain)
	}
	return out
}

// shadeLook is the look of a step on terminals that have the colours for it.
func (t *Theme) shadeLook(step int) look {
	if step == 0 {
		return look{fg: t.looks[Label].fg, bg: t.looks[Bar].bg, basic: deflt, under: deflt}
	}
	strength := [...]float64{0, 0.14, 0.28, 0.46, 0.92}[max(step, -step)]
	bg := mixColours(t.Background, t.looks[Direction(step, false)].fg, strength)
	l := look{fg: t.looks[Strong].fg, bg: bg, basic: deflt, under: deflt, attr: bold}
	if contrastRatio(t.Background, bg) > contrastRatio(l.fg, bg) {
		l.fg = t.Background
	}
	return l
}

// mixColours returns the colour that share of b makes of a.
func mixColours(a, b RGB, share float64) RGB {
	part := func(x, y uint8) RGB { return RGB(float64(x) + (float64(y)-float64(x))*share + 0.5) }
	return part(a.r(), b.r())<<16 | part(a.g(), b.g())<<8 | part(a.b(), b.b())
}

// Heat returns the sequence of a shade from -HeatSteps, the strongest of Down,
// over 0 to HeatSteps, the strongest of Up. Steps beyond are the strongest.
// Like SGR it resets first.
func (p *Palette) Heat(step int) string {
	return p.heat[max(-HeatSteps, min(HeatSteps, step))+HeatSteps]
}
