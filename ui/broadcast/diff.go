package broadcast

import (
	"strconv"
	"unicode/utf8"
)

// Synchronised updates: a terminal that knows them shows a frame at once, the
// others ignore them.
const (
	syncBegin = "\x1b[?2026h"
	syncEnd   = "\x1b[?2026l"
)

// maxGap is how many unchanged cells are sent again rather than jumped over:
// about what moving the cursor costs.
const maxGap = 5

// minErase is how many blanks at the end of a line are worth an erase.
const minErase = 4

// Diff returns the bytes that turn a terminal showing from into one showing s.
// from may be nil or of another size: then the screen is cleared and drawn
// whole. The result is nil when there is nothing to send; it is shared and
// must not be written to.
func (s *Screen) Diff(from *Screen, st *Styles) []byte {
	if from == s {
		return nil
	}
	var id uint64
	if from != nil {
		id = from.id
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.diffs[id]; ok {
		return b
	}
	b := s.diff(from, st)
	if s.diffs == nil {
		s.diffs = make(map[uint64][]byte, 2)
	}
	if len(s.diffs) == 0 || s.kept+len(b) <= maxKept { // those in step share one; the diffs of late members need not be kept
		s.diffs[id] = b
		s.kept += len(b)
	}
	return b
}

// maxKept bounds the bytes of diffs that a screen keeps beside the first.
const maxKept = 256 << 10

// keptDiff returns the diff to from if it is known already.
func (s *Screen) keptDiff(from *Screen) (diff []byte, ok bool) {
	if from == nil {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	diff, ok = s.diffs[from.id]
	return diff, ok
}

// dropDiffs drops the kept diffs of a screen that is no longer the newest.
func (s *Screen) dropDiffs() {
	s.mu.Lock()
	s.diffs, s.kept = nil, 0
	s.mu.Unlock()
}

func (s *Screen) diff(from *Screen, st *Styles) []byte {
	w := writer{styles: st.table()}
	full := from == nil || from.W != s.W || from.H != s.H
	if full {
		w.buf = make([]byte, 0, s.W*s.H*2)
		w.raw(syncBegin + "\x1b[m\x1b[2J")
	}
	var erased map[int]bool
	if !full {
		erased = s.clearSixels(from)
	}
	for y := range s.lines {
		l := &s.lines[y]
		if full {
			w.writeLine(y, l, nil)
			continue
		}
		if erased[y] {
			w.beginSync()
			w.setStyle(0)
			w.moveTo(y, 0)
			w.raw("\x1b[2K")
			w.writeLine(y, l, nil)
			continue
		}
		old := &from.lines[y]
		if &l.cells[0] == &old.cells[0] || l.sum == old.sum {
			continue
		}
		w.beginSync()
		w.writeLine(y, l, old)
	}
	w.drawImages(s, from, full)
	if len(w.buf) == 0 {
		return nil
	}
	w.setStyle(0)
	w.raw(syncEnd)
	return w.buf
}

// writer turns runs of cells into bytes.
type writer struct {
	buf          []byte
	styles       []string
	style        uint16
	cursorUnsure bool // the cursor stands after a character whose width varies
}

func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

func (w *writer) setStyle(id uint16) {
	if id == w.style {
		return
	}
	w.raw(w.styles[id])
	w.style = id
}

// writeLine sends the cells of row y that differ from old; all that are not blank
// when old is nil, which means an erased line.
func (w *writer) writeLine(y int, l, old *line) {
	n := len(l.cells)
	blankFrom := n
	for blankFrom > 0 && l.cells[blankFrom-1] == (cell{r: ' '}) {
		blankFrom--
	}
	changed := func(x int) bool {
		if old == nil {
			return l.cells[x] != cell{r: ' '}
		}
		return !sameCell(l, old, x)
	}
	for x := 0; x < n; {
		if !changed(x) {
			x++
			continue
		}
		start := x
		for start > 0 && l.cells[start].r == 0 {
			start-- // never begin inside a wide character
		}
		end := l.runEnd(start, x, changed)
		w.moveTo(y, start)
		if end > blankFrom+minErase && old != nil {
			w.writeCells(y, l, start, max(blankFrom, start))
			w.restoreCursor(y, max(blankFrom, start))
			w.setStyle(0)
			w.raw("\x1b[K")
			return // everything to the right is blank now, as it should be
		}
		w.writeCells(y, l, start, end)
		x = end
	}
}

// runEnd returns where the run of cells ends that begins at start, of which x
// is the first that changed: gaps too short to jump over belong to it, and so
// does all that a character in it whose width varies may be drawn over.
func (l *line) runEnd(start, x int, changed func(int) bool) int {
	reach, end := 0, start
	take := func(to int) {
		for ; end < to; end++ {
			reach = max(reach, end+l.spill(end))
		}
	}
	take(x + 1)
	for at := end; at < len(l.cells) && (at-end <= maxGap || at < reach); at++ {
		if at < reach || changed(at) {
			take(at + 1)
		}
	}
	return end
}

// writeCells sends the cells of row y from one to another. Where terminals disagree
// about a character's width the cells it may take are blanked before it and
// the cursor is placed again after it, so that nothing behind it moves.
func (w *writer) writeCells(y int, l *line, from, to int) {
	for x := from; x < to; x++ {
		c := l.cells[x]
		if c.r == 0 {
			continue // the right half of a wide character goes with its left
		}
		if c.style != w.style {
			w.setStyle(c.style)
		}
		w.restoreCursor(y, x)
		varies := c.r < 0 || widthVaries(c.r)
		if varies && l.width(x) == 2 {
			w.raw("  ")
			w.moveTo(y, x)
		}
		if c.r > 0 {
			w.buf = utf8.AppendRune(w.buf, c.r)
		} else {
			w.raw(l.clusters[-c.r-1])
		}
		w.cursorUnsure = varies
	}
}

// restoreCursor moves the cursor back to where it should be, after a character whose width varies.
func (w *writer) restoreCursor(y, x int) {
	if w.cursorUnsure {
		w.moveTo(y, x)
	}
}

// moveTo places the cursor absolutely.
func (w *writer) moveTo(y, x int) {
	w.cursorUnsure = false
	w.raw("\x1b[")
	w.buf = strconv.AppendInt(w.buf, int64(y+1), 10)
	if x > 0 {
		w.buf = append(w.buf, ';')
		w.buf = strconv.AppendInt(w.buf, int64(x+1), 10)
	}
	w.buf = append(w.buf, 'H')
}

func sameCell(a, b *line, x int) bool {
	ca, cb := a.cells[x], b.cells[x]
	if ca.r >= 0 || cb.r >= 0 {
		return ca == cb
	}
	return ca.style == cb.style && a.clusters[-ca.r-1] == b.clusters[-cb.r-1]
}
