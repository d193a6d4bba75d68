package main

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ink is everything of one colour.
type ink struct {
	under  []rect // backgrounds
	rects  []rect
	lines  []segment
	arcs   []arc
	dots   [][2]int
	filled []string // paths
	drawn  []string // paths of lines
	words  []word
}

type rect struct{ x, y, w, h int }

// segment is a line from a to b along the axis, at a distance from it.
type segment struct {
	upright, thick bool
	at, a, b       int
}

// arc is a quarter of an ellipse in a corner: from (x, y) towards the middle of
// the cell's side.
type arc struct{ x, y, dx, dy int }

// word is a run of characters of one style.
type word struct {
	x, y, cells     int
	text            string
	bold, underline bool
	small           bool // letters of a control picture
}

func (k *ink) addRect(x, y, w, h int)       { k.rects = append(k.rects, rect{x, y, w, h}) }
func (k *ink) addFill(f string, a ...any)   { k.filled = append(k.filled, fmt.Sprintf(f, a...)) }
func (k *ink) addStroke(f string, a ...any) { k.drawn = append(k.drawn, fmt.Sprintf(f, a...)) }
func (k *ink) addCircle(x, y, r int) {
	k.addFill("M%d %da%d %d 0 0 0 %d 0a%d %d 0 0 0 %d 0z", x-r, y, r, r, 2*r, r, r, -2*r)
}
func (k *ink) addRing(x, y, r int) {
	k.addStroke("M%d %da%d %d 0 0 0 %d 0a%d %d 0 0 0 %d 0z", x-r, y, r, r, 2*r, r, r, -2*r)
}
func (k *ink) addHorizontal(a, b, y int, thick bool) {
	k.lines = append(k.lines, segment{false, thick, y, a, b})
}
func (k *ink) addVertical(x, a, b int, thick bool) {
	k.lines = append(k.lines, segment{true, thick, x, a, b})
}

// drawControl draws the picture of a control character, which few fonts have, as
// its name in small letters.
func (k *ink) drawControl(c rune, x, y int) bool {
	names := strings.Fields("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP DEL")
	if c < '␀' || int(c-'␀') >= len(names) {
		return false
	}
	k.words = append(k.words, word{x: x, y: y - 3, cells: 1, text: names[c-'␀'], small: true})
	return true
}

func (k *ink) write(b *bytes.Buffer) {
	if len(k.rects) > 0 || len(k.filled) > 0 {
		fmt.Fprintf(b, `<path d="%s%s"/>`+"\n", rectPath(joinRects(k.rects)), strings.Join(k.filled, ""))
	}
	if d := linePath(k.lines, false) + arcPath(k.arcs); d != "" {
		fmt.Fprintf(b, `<path fill="none" stroke="currentColor" stroke-width="2" d="%s"/>`+"\n", d)
	}
	if d := linePath(k.lines, true); d != "" {
		fmt.Fprintf(b, `<path fill="none" stroke="currentColor" stroke-width="4" d="%s"/>`+"\n", d)
	}
	if len(k.drawn) > 0 {
		fmt.Fprintf(b, `<path fill="none" stroke="currentColor" stroke-width="2.5" d="%s"/>`+"\n", strings.Join(k.drawn, ""))
	}
	if len(k.dots) > 0 {
		fmt.Fprintf(b, `<path fill="none" stroke="currentColor" stroke-width="5" stroke-linecap="round" d="%s"/>`+"\n", dotPath(k.dots))
	}
	for _, w := range k.words {
		w.write(b)
	}
}

func (w *word) write(b *bytes.Buffer) {
	class := ""
	switch {
	case w.bold && w.underline:
		class = ` class="b u"`
	case w.bold:
		class = ` class="b"`
	case w.underline:
		class = ` class="u"`
	}
	const baseline = 28
	if w.small {
		class += ` style="font-size:16px"`
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs"%s>`, w.x, w.y+baseline, w.cells*cellW, class)
	_ = xml.EscapeText(b, []byte(w.text)) // a Buffer does not fail
	b.WriteString("</text>\n")
}

// joinRects makes one of rectangles that lie beside each other in a row.
func joinRects(in []rect) []rect {
	out := in[:0:0]
	for _, r := range in {
		if n := len(out); n > 0 && out[n-1].y == r.y && out[n-1].h == r.h && out[n-1].x+out[n-1].w == r.x {
			out[n-1].w += r.w
			continue
		}
		out = append(out, r)
	}
	return out
}

func rectPath(in []rect) string {
	var b strings.Builder
	for _, r := range in {
		fmt.Fprintf(&b, "M%d %dh%dv%dh%dz", r.x, r.y, r.w, r.h, -r.w)
	}
	return b.String()
}

// linePath joins segments that touch and writes them.
func linePath(in []segment, thick bool) string {
	lines := slices.DeleteFunc(slices.Clone(in), func(s segment) bool { return s.thick != thick })
	slices.SortFunc(lines, func(a, b segment) int {
		return cmp.Or(cmp.Compare(strconv.FormatBool(a.upright), strconv.FormatBool(b.upright)), cmp.Compare(a.at, b.at), cmp.Compare(a.a, b.a))
	})
	var b strings.Builder
	for i := 0; i < len(lines); {
		s := lines[i]
		for i++; i < len(lines) && lines[i].upright == s.upright && lines[i].at == s.at && lines[i].a <= s.b; i++ {
			s.b = max(s.b, lines[i].b)
		}
		if s.upright {
			fmt.Fprintf(&b, "M%d %dv%d", s.at, s.a, s.b-s.a)
		} else {
			fmt.Fprintf(&b, "M%d %dh%d", s.a, s.at, s.b-s.a)
		}
	}
	return b.String()
}

func arcPath(in []arc) string {
	var b strings.Builder
	for _, a := range in {
		fmt.Fprintf(&b, "M%d %dV%dQ%d %d %d %dH%d", a.x, a.y, a.y-a.dy+a.dy/2, a.x, a.y-a.dy, a.x+a.dx*2/3, a.y-a.dy, a.x+a.dx)
	}
	return b.String()
}

// dotPath writes dots as lines of no length, each from where the last one was.
func dotPath(dots [][2]int) string {
	slices.SortFunc(dots, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
	var b strings.Builder
	x, y := 0, 0
	for _, d := range dots {
		b.WriteString("m" + strconv.Itoa(d[0]-x))
		if d[1]-y >= 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(d[1]-y) + "h0")
		x, y = d[0], d[1]
	}
	return b.String()
}
