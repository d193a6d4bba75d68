package draw

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
	"ticktop/widgets/theme"
)

// points reads a series from bytes: any times, any values, in any order.
func points(b []byte) (pts []datasource.Point) {
	for ; len(b) >= 16; b = b[16:] {
		pts = append(pts, datasource.Point{MS: int64(binary.LittleEndian.Uint64(b)), V: math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))})
	}
	return pts
}

func bytesOf(pts ...datasource.Point) (b []byte) {
	for _, p := range pts {
		b = binary.LittleEndian.AppendUint64(b, uint64(p.MS))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p.V))
	}
	return b
}

// FuzzGraph: whatever a producer writes, graphs are as wide as asked and axes
// have their labels inside.
func FuzzGraph(f *testing.F) {
	at := func(ms int64, v float64) datasource.Point { return datasource.Point{MS: ms, V: v} }
	f.Add(bytesOf(at(0, 1), at(1000, 2), at(2000, 1.5)), int64(0), int64(2000), uint8(20))
	f.Add(bytesOf(at(math.MinInt64, -1e308), at(0, math.NaN()), at(math.MaxInt64, 1e308)), int64(-5), int64(math.MaxInt64), uint8(7))
	f.Add(bytesOf(at(5, 5e-324), at(4, math.Inf(1)), at(3, math.Copysign(0, -1))), int64(1), int64(6), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, from, to int64, width uint8) {
		pts, w := points(b), int(width)
		gap := GapOf(pts, 3)
		for _, sym := range []theme.Symbols{theme.Braille, theme.Block, theme.ASCII} {
			if got := ansi.StringWidth(string(AppendSpark(nil, pts, from, to, gap, w, sym))); got != w {
				t.Fatalf("a sparkline of %d cells, want %d", got, w)
			}
		}
		spans := make([]Span, w*DotsX)
		Resample(spans, pts, from, to, gap)
		for _, s := range spans {
			if s.Set && !(s.Lo <= s.Hi && s.In >= s.Lo && s.In <= s.Hi && s.Out >= s.Lo && s.Out <= s.Hi) {
				t.Fatalf("a span that isn't one: %+v", s)
			}
		}
		lo, hi, ok := Extent(spans)
		if !ok {
			return
		}
		scale := EvenScale(lo, hi, 4, DotsY)
		if scale.Count < 0 || scale.Count > 5 || !(scale.Hi > scale.Lo) {
			t.Fatalf("the axis of %v..%v is %+v", lo, hi, scale)
		}
		plot := NewPlot(plain(), w, 4)
		plot.Line(0, 0, w, 4, spans, scale.Lo, scale.Hi, theme.Series1)
	})
}

// FuzzText: whatever a text holds once it has passed the gate, it is as wide
// beside a border, a blank or a cut mark as it is alone; cuts and wrapped
// lines fit, and nothing of it is lost.
func FuzzText(f *testing.F) {
	for _, c := range hostile.Texts() {
		if len(c.In) < 1<<12 {
			f.Add(c.In, uint8(7))
			f.Add("a "+c.In+c.In, uint8(12))
		}
	}
	f.Fuzz(func(t *testing.T, in string, width uint8) {
		s, w := datasource.Clean(in, datasource.MaxCell).String(), int(width)
		beside := func(s string) {
			t.Helper()
			for _, around := range [][2]string{{"│ ", " │"}, {" ", "…"}, {"x", " "}, {"\"", "\""}, {"─ ", " ─"}, {"▸", "▲"}} {
				if got, want := Width(around[0]+s+around[1]), Width(around[0])+Width(s)+Width(around[1]); got != want {
					t.Errorf("%+q between %q is %d cells wide, want %d", s, around, got, want)
				}
			}
		}
		beside(s)
		if cut := Truncate(s, w); Width(cut) > w || Width(s) <= w && cut != s {
			t.Errorf("%+q cut to %d is %+q", s, w, cut)
		} else {
			beside(cut)
		}
		if end, cells := Cut(s, w); cells > w || Width(s[:end]) != cells {
			t.Errorf("%+q: %d bytes, %d cells of %d", s, end, cells, w)
		}
		if w < 2 {
			return // there is no space for a wide character
		}
		all := ""
		for _, line := range Wrap(s, w, len(s)+1) {
			if Width(line) > w {
				t.Errorf("%+q wrapped to %d has %+q", s, w, line)
			}
			beside(line)
			all += line
		}
		if strings.ReplaceAll(all, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%+q wrapped to %d became %+q", s, w, all)
		}
	})
}

// FuzzTimeTicks: there are never more labels than asked for, and it ends.
func FuzzTimeTicks(f *testing.F) {
	f.Add(int64(1763890267), int64(14400), uint8(5))
	f.Add(int64(-62135596800), int64(1<<40), uint8(1))
	f.Add(int64(253402300799), int64(1), uint8(9))
	f.Fuzz(func(t *testing.T, sec, span int64, most uint8) {
		const century = 100 * 365 * 86400
		if sec < -62135596800 || sec > 253402300799 || span <= 0 || span > century {
			return
		}
		from := time.Unix(sec, 0).UTC()
		to := from.Add(time.Duration(span) * time.Second)
		ticks := NewTimeTicks(from, to, int(most))
		if ticks.Step <= 0 || ticks.First.Before(from) {
			t.Fatalf("%v..%v: %+v", from, to, ticks)
		}
		if n := span / int64(ticks.Step/time.Second); n > int64(max(most, 1)) && ticks.Step < 365*day {
			t.Fatalf("%v..%v: %d labels, want at most %d", from, to, n, most)
		}
	})
}
