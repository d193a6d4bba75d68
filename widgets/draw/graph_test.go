package draw

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// pts makes a series with one sample a second from the Unix epoch.
func pts(values ...float64) []datasource.Point {
	out := make([]datasource.Point, len(values))
	for i, v := range values {
		out[i] = datasource.Point{MS: int64(i) * 1000, V: v}
	}
	return out
}

var nan = math.NaN()

func TestSpark(t *testing.T) {
	up := pts(0, 1, 2, 3, 4, 5, 6, 7)
	for _, c := range []struct {
		name     string
		pts      []datasource.Point
		from, to int64
		gap      int64
		w        int
		sym      theme.Symbols
		want     string
	}{
		{"block", up, 0, 8000, NoGap, 8, theme.Block, "▁▂▃▄▅▆▇█"},
		{"ascii", up, 0, 8000, NoGap, 8, theme.ASCII, `_..--''"`},
		{"braille", up, 0, 8000, NoGap, 4, theme.Braille, "⣀⠤⠒⠉"},
		{"window's own range", pts(100, 101, 100, 101), 0, 4000, NoGap, 4, theme.Block, "▁█▁█"},
		{"flat", pts(5, 5, 5, 5), 0, 4000, NoGap, 4, theme.Block, "▅▅▅▅"},
		{"flat braille", pts(5, 5, 5, 5), 0, 4000, NoGap, 2, theme.Braille, "⠒⠒"},
		{"nan is a gap", pts(0, nan, 0, 1), 0, 4000, NoGap, 4, theme.Block, "▁ ▁█"},
		{"far apart is a gap", []datasource.Point{{MS: 0, V: 0}, {MS: 3000, V: 1}}, 0, 4000, 2000, 4, theme.Block, "▁  █"},
		{"near is a line", []datasource.Point{{MS: 0, V: 0}, {MS: 3000, V: 7}}, 0, 4000, 3000, 4, theme.Block, "▁▃▆█"},
		{"steep has no holes", pts(0, 3), 0, 2000, NoGap, 1, theme.Braille, "⡸"},
		{"out of window", pts(9, 0, 1), 1000, 3000, NoGap, 2, theme.Block, "▁█"},
		{"nothing", nil, 0, 1000, NoGap, 3, theme.Braille, "   "},
		{"no window", up, 1000, 1000, NoGap, 3, theme.Block, "   "},
		{"infinite", pts(math.Inf(1), 1, math.Inf(-1), 2), 0, 4000, NoGap, 4, theme.Block, " ▁ █"},
		{"no space", up, 0, 8000, NoGap, 0, theme.Block, ""},
		{"absurd times", []datasource.Point{{MS: math.MinInt64, V: 1}, {MS: 0, V: 1}, {MS: math.MaxInt64, V: 2}}, 0, 2000, NoGap, 2, theme.Block, "▅ "},
	} {
		got := string(AppendSpark(nil, c.pts, c.from, c.to, c.gap, c.w, c.sym))
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSparkIsAsWideAsAsked(t *testing.T) {
	series := pts(3, 1, nan, 4, 1, 5, 9, 2, 6)
	for _, sym := range []theme.Symbols{theme.Braille, theme.Block, theme.ASCII} {
		for w := range 300 {
			if got := ansi.StringWidth(string(AppendSpark(nil, series, 0, 9000, 2000, w, sym))); got != w {
				t.Fatalf("%v: %d cells, want %d", sym, got, w)
			}
		}
	}
	dst := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { AppendSpark(dst, series, 0, 9000, 2000, 28, theme.Braille) }); n != 0 {
		t.Errorf("AppendSpark allocates %v times", n)
	}
}

func TestResample(t *testing.T) {
	spike := pts(1, 1, 1, 99, 1, 1, -99, 1)
	spans := make([]Span, 2)
	Resample(spans, spike, 0, 8000, NoGap)
	if spans[0].Hi != 99 || spans[1].Lo != -99 || spans[0].In != 1 || spans[1].Out != 1 {
		t.Errorf("a spike is lost: %+v", spans)
	}
	lo, hi, ok := Extent(spans)
	if lo != -99 || hi != 99 || !ok {
		t.Errorf("Extent = %v, %v, %v", lo, hi, ok)
	}
	spans = make([]Span, 8)
	Resample(spans, []datasource.Point{{MS: 0, V: 0}, {MS: 4000, V: 8}, {MS: 7000, V: 2}}, 0, 8000, 4000)
	if !spans[2].Set || !spans[2].Between || spans[2].Lo != 5 {
		t.Errorf("no straight line between samples: %+v", spans[2])
	}
	Resample(spans, []datasource.Point{{MS: 0, V: 0}, {MS: 4000, V: 8}}, 0, 8000, 3999)
	if spans[2].Set {
		t.Error("a gap is bridged")
	}
	Resample(spans, []datasource.Point{{MS: -4000, V: 0}, {MS: 12000, V: 16}}, 0, 8000, NoGap)
	if !spans[0].Set || spans[0].Lo != 4.5 || !spans[7].Set {
		t.Errorf("the samples outside give no direction: %+v", spans)
	}
	Resample(spans, nil, 0, 8000, NoGap)
	if _, _, ok := Extent(spans); ok {
		t.Error("nothing has an extent")
	}
	Resample(spans, []datasource.Point{{MS: 8000, V: 1}}, 0, 8000, NoGap)
	if !spans[7].Set {
		t.Error("the sample at the right edge is lost")
	}
}

func TestGap(t *testing.T) {
	if got := GapOf(pts(1, 2, 3, 4), 3); got != 3000 {
		t.Errorf("GapOf = %d, want 3000", got)
	}
	long := make([]datasource.Point, 5000)
	for i := range long {
		long[i].MS = int64(i) * 250
	}
	if got := GapOf(long, 4); got != 1000 {
		t.Errorf("GapOf of a long series = %d, want 1000", got)
	}
	if GapOf(nil, 3) != NoGap || GapOf(pts(1), 3) != NoGap || GapOf([]datasource.Point{{MS: 1}, {MS: math.MaxInt64}}, 9) != NoGap {
		t.Error("a series without distances has gaps")
	}
}

func TestWindow(t *testing.T) {
	s := pts(0, 1, 2, 3, 4)
	if got := Window(s, 1000, 3000); len(got) != 3 || got[0].V != 1 || got[2].V != 3 {
		t.Errorf("Window = %v", got)
	}
	if got := Window(s, 9000, 100); len(got) != 0 {
		t.Errorf("an empty window has %v", got)
	}
}

func TestPlotLine(t *testing.T) {
	for _, c := range []struct {
		sym  theme.Symbols
		want string
	}{
		{theme.Braille, "  ⢀⠤⠊\n⡠⠒   "},
		{theme.Block, "  ▗▄▀\n▄▀   "},
		{theme.ASCII, "  ..'\n.'   "},
	} {
		pal := theme.Compile(nil, theme.ProfileNone, c.sym)
		spans := make([]Span, 5*DotsX)
		Resample(spans, []datasource.Point{{MS: 0, V: 0}, {MS: 10000, V: 10}}, 0, 10000, NoGap)
		spans[4] = Span{}
		plot := NewPlot(pal, 5, 2)
		plot.Line(0, 0, 5, 2, spans, 0, 10, theme.Series1)
		p := NewPanel(pal, 5, 2, Head{Bare: true})
		for y := range 2 {
			p.Plot(plot, y).EndLine()
		}
		if got := p.String(); got != c.want {
			t.Errorf("%v:\n%s\nwant\n%s", c.sym, got, c.want)
		}
	}
}

func TestPlotJoinsLines(t *testing.T) {
	pal := theme.Compile(nil, theme.ProfileNone, theme.Braille)
	plot := NewPlot(pal, 1, 1)
	flat := func(v float64) []Span {
		s := Span{Lo: v, Hi: v, In: v, Out: v, Set: true}
		return []Span{s, s}
	}
	plot.Put(0, 0, '·', theme.Axis)
	plot.Line(0, 0, 1, 1, flat(0), 0, 3, theme.Series1)
	plot.Line(0, 0, 1, 1, flat(3), 0, 3, theme.Series2)
	if got := plot.At(0, 0); got != '⣉' {
		t.Errorf("two lines in a cell are %q, want ⣉", got)
	}
	plot.Put(5, 5, 'x', theme.Text) // outside
	plot.Text(-1, 0, "ab", theme.Text)
	if plot.At(0, 0) != 'b' || plot.At(9, 9) != 0 {
		t.Error("text is not clipped at the left edge")
	}
}

// TestPlotRuns: a run of one role is one sequence, whatever blanks are in it.
func TestPlotRuns(t *testing.T) {
	pal := theme.Compile(nil, theme.ProfileTrue, theme.Braille)
	plot := NewPlot(pal, 20, 1)
	plot.Text(0, 0, "aa aa  aa", theme.Series1)
	plot.Text(12, 0, "bb", theme.Series2)
	p := NewPanel(pal, 20, 1, Head{Bare: true})
	p.Plot(plot, 0).EndLine()
	if got := strings.Count(p.String(), "\x1b"); got != 3 {
		t.Errorf("%d sequences, want 3: %q", got, p.String())
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		most   int
		want   string
	}{
		{48050, 49080, 4, "48.5k 49.0k"},
		{48050, 49080, 6, "48.25k 48.50k 48.75k 49.00k"},
		{48203, 48350, 4, "48.25k 48.30k 48.35k"},
		{48203, 48350, 8, "48,225 48,250 48,275 48,300 48,325 48,350"},
		{1_200_000, 1_200_400, 4, "1,200,000 1,200,200 1,200,400"},
		{1.08342, 1.08412, 5, "1.0836 1.0838 1.0840"},
		{2404.2, 2413, 4, "2,405 2,410"},
		{-20, 30, 3, "0 25"},
		{0, 1, 5, "0.00 0.25 0.50 0.75 1.00"},
		{0, 3e6, 4, "0 1M 2M 3M"},
		{5, 5, 3, ""},
		{0, 0, 3, ""},
		{math.Inf(-1), math.Inf(1), 3, "-1 0 1"},
		{nan, nan, 3, "-1 0 1"},
		{-1e300, 1e300, 3, ""},
	} {
		s := NewScale(c.lo, c.hi, c.most)
		var labels []string
		for i := range s.Count {
			text, v := s.Label(i)
			labels = append(labels, text)
			if v < s.Lo-s.Step*1e-6 || v > s.Hi+s.Step*1e-6 {
				t.Errorf("%v..%v: label %v is outside", c.lo, c.hi, v)
			}
		}
		if got := strings.Join(labels, " "); c.want != "" && got != c.want {
			t.Errorf("%v..%v, %d: %q, want %q", c.lo, c.hi, c.most, got, c.want)
		}
		if s.Count > max(c.most, 2) || s.Count < 1 {
			t.Errorf("%v..%v: %d labels, want 1 to %d", c.lo, c.hi, s.Count, c.most)
		}
	}
}

// TestEvenScale: labels are whole numbers of lines apart, and nothing that is
// to be seen lies outside.
func TestEvenScale(t *testing.T) {
	for _, r := range [][2]float64{{48203.63, 48350.68}, {1.08342, 1.08412}, {-0.21, 0.11}, {-36.5, 1.4}, {0, 1}, {3, 3.0001}, {-5e6, 7e9}, {1e-9, 3e-9}} {
		for lines := 3; lines < 60; lines++ {
			for _, dots := range []int{2, DotsY} {
				s := EvenScale(r[0], r[1], lines, dots)
				dot := (s.Hi - s.Lo) / float64(lines*dots-1)
				if apart := s.Step / dot / float64(dots); math.Abs(apart-math.Round(apart)) > 1e-6 {
					t.Errorf("%v on %d lines: a step is %v lines", r, lines, apart)
				}
				if s.Lo > r[0]+dot*1e-6 || s.Hi < r[1]-dot*1e-6 || s.Count < 1 || s.Count > LabelsFor(lines)+1 {
					t.Errorf("%v on %d lines: %+v", r, lines, s)
				}
				if seen := (r[1] - r[0]) / (s.Hi - s.Lo); seen < 0.5 {
					t.Errorf("%v on %d lines: only %.0f %% of the height is used", r, lines, 100*seen)
				}
			}
		}
	}
}

func TestTimeTicks(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 31, 7, 0, time.FixedZone("", 5*3600+1800))
	for _, c := range []struct {
		span  time.Duration
		most  int
		step  time.Duration
		first string
	}{
		{4 * time.Hour, 5, time.Hour, "06:00"},
		{15 * time.Minute, 5, 5 * time.Minute, "09:20"},
		{time.Minute, 4, 15 * time.Second, "09:30:15"},
		{day, 4, 6 * time.Hour, "12:00"},
		{4 * day, 4, day, "20 Nov"},
		{2000 * day, 3, 365 * day, "1 Jun"},
	} {
		got := NewTimeTicks(at.Add(-c.span), at, c.most)
		first := got.First.Format(got.Layout)
		if got.Step != c.step || c.span < 1000*day && first != c.first {
			t.Errorf("%v in %d: every %v from %s, want %v from %s", c.span, c.most, got.Step, first, c.step, c.first)
		}
	}
}
