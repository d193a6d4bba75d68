package main

import "strings"

// A cell is 18 × 38 units; one unit is half a pixel, so that lines of one pixel
// lie on pixels.
const (
	cellW = 18
	cellH = 38
	midX  = cellW / 2
	midY  = cellH / 2
)

// Sides of a cell that a line of a box goes to.
const (
	toLeft = 1 << iota
	toRight
	toTop
	toBottom
	heavy
	round
)

// boxes are the box-drawing characters that widgets use.
var boxes = map[string]int{
	"─": toLeft | toRight, "│": toTop | toBottom, "━": toLeft | toRight | heavy, "┃": toTop | toBottom | heavy,
	"┌": toRight | toBottom, "┐": toLeft | toBottom, "└": toRight | toTop, "┘": toLeft | toTop,
	"╭": toRight | toBottom | round, "╮": toLeft | toBottom | round, "╰": toRight | toTop | round, "╯": toLeft | toTop | round,
	"├": toRight | toTop | toBottom, "┤": toLeft | toTop | toBottom, "┬": toLeft | toRight | toBottom, "┴": toLeft | toRight | toTop,
	"┼": toLeft | toRight | toTop | toBottom, "╴": toLeft, "╶": toRight, "╵": toTop, "╷": toBottom,
	"╸": toLeft | heavy, "╺": toRight | heavy, "╹": toTop | heavy, "╻": toBottom | heavy,
}

// drawShape adds a character to the ink of its colour when it is one that fonts
// draw differently or not at all; it reports whether it did.
func (k *ink) drawShape(text string, x, y int) bool {
	if sides, ok := boxes[text]; ok {
		k.drawBox(sides, x, y)
		return true
	}
	r := []rune(text)
	if len(r) != 1 {
		return false
	}
	switch c := r[0]; {
	case c >= 0x2800 && c <= 0x28ff:
		k.drawBraille(int(c-0x2800), x, y)
	case c >= 0x2580 && c <= 0x259f:
		k.drawBlock(c, x, y)
	default:
		return k.drawSign(c, x, y) || k.drawControl(c, x, y)
	}
	return true
}

// drawBox draws the lines of a box from the middle of the cell to its sides.
func (k *ink) drawBox(sides, x, y int) {
	cx, cy, thick := x+midX, y+midY, sides&heavy != 0
	if sides&round != 0 {
		k.drawCorner(sides, cx, cy)
		return
	}
	if sides&toLeft != 0 {
		k.addHorizontal(x, cx, cy, thick)
	}
	if sides&toRight != 0 {
		k.addHorizontal(cx, x+cellW, cy, thick)
	}
	if sides&toTop != 0 {
		k.addVertical(cx, y, cy, thick)
	}
	if sides&toBottom != 0 {
		k.addVertical(cx, cy, y+cellH, thick)
	}
}

// drawCorner draws a round corner and the lines that lead to it.
func (k *ink) drawCorner(sides, cx, cy int) {
	dx, dy := midX, midY
	if sides&toLeft != 0 {
		dx = -midX
	}
	if sides&toTop != 0 {
		dy = -midY
	}
	k.arcs = append(k.arcs, arc{cx, cy + dy, dx, dy})
}

// drawBraille draws the eight dots of a pattern. Their distance is the same within
// a cell and from one cell to the next.
func (k *ink) drawBraille(bits, x, y int) {
	dots := [8][2]int{{5, 5}, {5, 14}, {5, 24}, {14, 5}, {14, 14}, {14, 24}, {5, 33}, {14, 33}}
	for i, d := range dots {
		if bits&(1<<i) != 0 {
			k.dots = append(k.dots, [2]int{x + d[0], y + d[1]})
		}
	}
}

// drawBlock draws U+2580 to U+259F: parts of the cell filled.
func (k *ink) drawBlock(c rune, x, y int) {
	eighths := func(n, whole int) int { return (n*whole + 4) / 8 }
	switch {
	case c == '▀':
		k.addRect(x, y, cellW, midY)
	case c <= '█': // lower eighths
		h := eighths(int(c-'▀'), cellH)
		k.addRect(x, y+cellH-h, cellW, h)
	case c <= '▏': // left eighths, from seven down
		k.addRect(x, y, eighths(8-int(c-'█'), cellW), cellH)
	case c == '▐':
		k.addRect(x+midX, y, cellW-midX, cellH)
	case c >= '░' && c <= '▓':
		k.drawShade(int(c-'░')+1, x, y)
	case c == '▔':
		k.addRect(x, y, cellW, eighths(1, cellH))
	case c == '▕':
		k.addRect(x+cellW-eighths(1, cellW), y, eighths(1, cellW), cellH)
	default:
		k.drawQuadrants(c, x, y)
	}
}

// drawShade draws a share of a grid of dots: a quarter, a half, three quarters.
func (k *ink) drawShade(quarters, x, y int) {
	for j := 0; j < cellH-1; j += 4 {
		for i := 0; i < cellW-1; i += 4 {
			n := (i/4 + j/4) % 2
			if quarters == 2 && n == 0 || quarters == 1 && n == 0 && j/4%2 == 0 || quarters == 3 && (n == 0 || j/4%2 == 0) {
				k.addRect(x+i, y+j, 3, 3)
			}
		}
	}
}

func (k *ink) drawQuadrants(c rune, x, y int) {
	const (
		upLeft = 1 << iota
		upRight
		lowLeft
		lowRight
	)
	of := []int{lowLeft, lowRight, upLeft, upLeft | lowLeft | lowRight, upLeft | lowRight, upLeft | upRight | lowLeft,
		upLeft | upRight | lowRight, upRight, upRight | lowLeft, upRight | lowLeft | lowRight}[c-'▖']
	for i, at := range [4][2]int{{0, 0}, {midX, 0}, {0, midY}, {midX, midY}} {
		if of&(1<<i) != 0 {
			k.addRect(x+at[0], y+at[1], cellW-midX, cellH-midY)
		}
	}
}

// drawSign draws the marks and arrows of the dashboard, which many fonts lack or
// make too wide.
func (k *ink) drawSign(c rune, x, y int) bool {
	cx, cy := x+midX, y+midY+1
	const r = 7
	switch c {
	case '●':
		k.addCircle(cx, cy, r)
	case '○':
		k.addRing(cx, cy, r-1)
	case '◐':
		k.addRing(cx, cy, r-1)
		k.addFill("M%d %da%d %d 0 0 0 0 %dz", cx, cy-r, r, r, 2*r)
	case '▲':
		k.addFill("M%d %dl%d %dh%dz", cx, cy-r, r, 2*r-1, -2*r)
	case '▼':
		k.addFill("M%d %dl%d %dh%dz", cx, cy+r, r, 1-2*r, -2*r)
	case '▸', '▶':
		k.addFill("M%d %dl%d %dl%d %dz", cx-5, cy-r, 2*r-2, r, 2-2*r, r)
	case '✕', '✗':
		k.addStroke("M%d %dl%d %dm0 %dl%d %d", cx-6, cy-6, 12, 12, -12, -12, 12)
	case '✓':
		k.addStroke("M%d %dl4 5l8 -11", cx-6, cy)
	default:
		return false
	}
	return true
}

// isBlank reports whether a text has nothing to be written.
func isBlank(text string) bool { return strings.Trim(text, " \u00a0") == "" }
