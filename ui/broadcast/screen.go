package broadcast

import (
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Screen is one frame as cells. It is immutable; lines that did not change
// from the frame before share that frame's cells.
type Screen struct {
	W, H  int
	id    uint64
	lines []line

	mu    sync.Mutex
	diffs map[uint64][]byte // by the id of the screen it starts from
	kept  int               // their bytes
}

// line is one row of cells.
type line struct {
	sum      uint64 // of the text that it was parsed from, which is not kept
	cells    []cell
	clusters []string // graphemes of more than one rune, by -cell.r-1
	images   []image
}

// cell is one terminal cell. r is a rune; 0 is the right half of a wide
// grapheme, and a negative number an index into the line's clusters.
type cell struct {
	r     rune
	style uint16
}

var screenID atomic.Uint64

// Styles interns the SGR sequences of a hub, so that a cell's style is two
// bytes. It is safe for concurrent use.
type Styles struct {
	seed maphash.Seed // of lines' sums

	mu  sync.RWMutex
	ids map[string]uint16
	seq []string
}

// maxStyles bounds the table; a frame with more styles loses the later ones.
const maxStyles = 4096

// NewStyles returns a table that knows the plain style, 0.
func NewStyles() *Styles {
	return &Styles{seed: maphash.MakeSeed(), ids: map[string]uint16{"": 0}, seq: []string{"\x1b[m"}}
}

func (s *Styles) id(seq string) uint16 {
	s.mu.RLock()
	id, ok := s.ids[seq]
	s.mu.RUnlock()
	if ok {
		return id
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.ids[seq]; ok {
		return id
	}
	if len(s.seq) >= maxStyles {
		return 0
	}
	id = uint16(len(s.seq))
	seq = strings.Clone(seq)
	s.ids[seq] = id
	full := seq
	if !resets(seq) {
		full = "\x1b[m" + seq
	}
	s.seq = append(s.seq, full)
	return id
}

// table returns the sequences by id. Entries never change once made.
func (s *Styles) table() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seq
}

// resets reports whether an SGR sequence starts by clearing every attribute.
func resets(seq string) bool {
	return strings.HasPrefix(seq, "\x1b[m") || strings.HasPrefix(seq, "\x1b[0m") ||
		strings.HasPrefix(seq, "\x1b[0;") || strings.HasPrefix(seq, "\x1b[;")
}

// Parse turns a frame of h lines of w cells into a Screen. Lines that are
// the same as prev's are not parsed again; prev may be nil or of another size.
// The only escape sequences understood are SGR; any other control byte becomes
// U+FFFD, short lines are padded, long ones cut: whatever comes in, only text
// and SGR can come out.
func Parse(prev *Screen, picture string, w, h int, st *Styles) *Screen {
	s := &Screen{W: w, H: h, id: screenID.Add(1), lines: make([]line, h)}
	same := prev != nil && prev.W == w && prev.H == h
	for y := range s.lines {
		src, rest, _ := strings.Cut(picture, "\n")
		picture = rest
		sum := maphash.String(st.seed, src)
		if same && prev.lines[y].sum == sum {
			s.lines[y] = prev.lines[y]
			continue
		}
		s.lines[y] = parseLine(src, w, st)
		s.lines[y].sum = sum
	}
	return s
}

// equal reports whether both screens share every line.
func (s *Screen) equal(o *Screen) bool {
	if o == nil || s.W != o.W || s.H != o.H {
		return false
	}
	for y := range s.lines {
		if s.lines[y].sum != o.lines[y].sum {
			return false
		}
	}
	return true
}

// maxLineImages bounds the images that begin in one line.
const maxLineImages = 8

type lineParser struct {
	line
	w     int
	style uint16
	sgr   string
	st    *Styles
}

func parseLine(src string, w int, st *Styles) line {
	p := lineParser{line: line{cells: make([]cell, 0, w)}, w: w, st: st}
	for len(src) > 0 && len(p.cells) < w {
		src = src[p.next(src):]
	}
	for len(p.cells) < w {
		p.cells = append(p.cells, cell{r: ' '})
	}
	return p.line
}

// next consumes one cell or one SGR sequence and returns its bytes.
func (p *lineParser) next(s string) int {
	c := s[0]
	if c >= 0x20 && c < 0x7f && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		p.put(rune(c), 1)
		return 1
	}
	if c == 0x1b {
		if n := sgrLen(s); n > 0 {
			p.setStyle(s[:n])
			return n
		}
		if img, n, ok := imageAt(s); n > 0 {
			if img.x = len(p.cells); ok && len(p.images) < maxLineImages {
				p.images = append(p.images, img)
			}
			return n
		}
	}
	if c < 0x20 || c == 0x7f {
		p.put(utf8.RuneError, 1)
		return 1
	}
	if r, n := utf8.DecodeRuneInString(s); plainGlyph(r) && (n == len(s) || s[n] < utf8.RuneSelf || glyphFollows(s[n:])) {
		p.put(r, 1)
		return n
	}
	cluster, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	p.putCluster(cluster, width)
	return len(cluster)
}

// plainGlyph reports whether r is one of the characters that panels are drawn
// with: one cell each, never part of a longer grapheme by itself.
func plainGlyph(r rune) bool {
	return r >= 0x2500 && r <= 0x25fc || r >= 0x2800 && r <= 0x28ff || r == '…' || r == '·' || r == '•'
}

func glyphFollows(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return plainGlyph(r)
}

func (p *lineParser) put(r rune, width int) {
	if len(p.cells)+width > p.w {
		r, width = ' ', p.w-len(p.cells) // half a wide character does not fit
	}
	p.cells = append(p.cells, cell{r, p.style})
	for i := 1; i < width; i++ {
		p.cells = append(p.cells, cell{0, p.style})
	}
}

func (p *lineParser) putCluster(cluster string, width int) {
	r, n := utf8.DecodeRuneInString(cluster)
	switch {
	case r == utf8.RuneError || !utf8.ValidString(cluster) || strings.ContainsFunc(cluster, hidden):
		p.put(utf8.RuneError, 1)
		return
	case width <= 0:
		return // a mark with nothing to sit on
	case unicode.Is(unicode.M, r): // one that has a cell: it would sit on the last
		p.put(utf8.RuneError, 1)
		if width > 1 && len(p.cells) < p.w {
			p.put(' ', 1)
		}
		return
	}
	if n == len(cluster) {
		p.put(r, min(width, 2))
		return
	}
	if utf8.RuneCountInString(cluster) > maxCluster {
		p.put(utf8.RuneError, 1)
		if width > 1 && len(p.cells) < p.w {
			p.put(' ', 1)
		}
		return
	}
	p.clusters = append(p.clusters, strings.Clone(cluster)) // not a part of the frame
	p.put(rune(-len(p.clusters)), min(width, 2))
}

// hidden reports whether r acts on a terminal or on the text around it and is
// not seen itself; the joiner of emoji is wanted.
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xad:
		return true
	case r < 0x600, r == '\u200d', r >= 0x2070 && r < 0xe000: // none there
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

func (p *lineParser) setStyle(seq string) {
	switch {
	case seq == "\x1b[m" || seq == "\x1b[0m":
		p.sgr = ""
	case resets(seq) || p.sgr == "":
		p.sgr = seq
	default:
		p.sgr += seq
	}
	p.style = p.st.id(p.sgr)
}

// sgrLen returns the length of the SGR sequence that s starts with, or 0.
func sgrLen(s string) int {
	if len(s) < 3 || s[1] != '[' {
		return 0
	}
	for i := 2; i < len(s) && i < 64; i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
