package draw

import "math"

// Log returns an axis on which equal ratios are equally far apart, from lo to
// hi in a graph of so many lines; ok is false where a value is not above zero,
// for which there is no logarithm.
func Log(lo, hi float64, lines int) (s Scale, ok bool) {
	if !(lo > 0) || math.IsInf(hi, 0) || !(hi >= lo) {
		return Scale{}, false
	}
	if hi/lo < 1+minSpan {
		lo, hi = lo*0.999, hi*1.001
	}
	pad := math.Pow(hi/lo, 0.02)
	s = Scale{Lo: lo / pad, Hi: hi * pad, log: true}
	most := LabelsFor(lines)
	if s.Hi/s.Lo < wholeDecade {
		even := NewScale(s.Lo, s.Hi, most)
		for i := range even.Count {
			s.ticks = append(s.ticks, even.First+float64(i)*even.Step)
		}
		s.Step, s.Format = even.Step, even.Format
	} else {
		s.ticks = decades(s.Lo, s.Hi, most)
		s.Step = s.ticks[0]
		s.Format = labelFormat(s.Hi, s.Step)
	}
	s.Count, s.First = len(s.ticks), s.Lo
	if s.Count > 0 {
		s.First = s.ticks[0]
	}
	return s, true
}

// wholeDecade is the ratio from which the labels are 1, 2 and 5 times powers of
// ten instead of equal steps.
const wholeDecade = 8

// decades returns at most most round values between lo and hi: 1, 2 and 5 times
// powers of ten, or powers of ten alone.
func decades(lo, hi float64, most int) []float64 {
	for _, steps := range [...][]float64{{1, 2, 5}, {1, 3}, {1}} {
		var out []float64
		for e := math.Floor(math.Log10(lo)); e <= math.Ceil(math.Log10(hi)); e++ {
			for _, m := range steps {
				if v := m * math.Pow(10, e); v >= lo && v <= hi {
					out = append(out, v)
				}
			}
		}
		if len(out) > 0 && (len(out) <= most || len(steps) == 1) {
			for len(out) > most && most > 1 { // every second power is enough
				kept := out[:0]
				for i := 0; i < len(out); i += 2 {
					kept = append(kept, out[i])
				}
				out = kept
			}
			return out
		}
	}
	return []float64{lo}
}

// Part returns how far up the graph a value lies: 0 at the bottom, 1 at the top.
func (s *Scale) Part(v float64) float64 {
	if s.log {
		if v <= 0 {
			return 0
		}
		return (math.Log(v) - math.Log(s.Lo)) / (math.Log(s.Hi) - math.Log(s.Lo))
	}
	return (v - s.Lo) / (s.Hi - s.Lo)
}

// IsLog reports whether equal ratios are equally far apart.
func (s *Scale) IsLog() bool { return s.log }

// Even makes values of a logarithmic axis linear, so that Plot.Line and
// Plot.Area can draw them between the bounds that it returns. On another axis it
// does nothing.
func (s *Scale) Even(spans []Span) (lo, hi float64) {
	if !s.log {
		return s.Lo, s.Hi
	}
	for i := range spans {
		p := &spans[i]
		if !p.Set {
			continue
		}
		if p.Lo <= 0 || p.Hi <= 0 || p.In <= 0 || p.Out <= 0 {
			*p = Span{}
			continue
		}
		p.Lo, p.Hi, p.In, p.Out = math.Log(p.Lo), math.Log(p.Hi), math.Log(p.In), math.Log(p.Out)
	}
	return math.Log(s.Lo), math.Log(s.Hi)
}
