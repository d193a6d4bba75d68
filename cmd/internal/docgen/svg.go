package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// paper is what a picture is drawn on: the terminal's own colours.
type paper struct {
	text, background colour
}

// margin is left around the screen, in units.
const margin = 16

// drawSVG draws a screen. What fonts draw differently from each other is drawn as
// shapes, everything else as text that is held to its cells, so that the picture
// is the same everywhere.
func drawSVG(title, picture string, p paper) []byte {
	rows := cutCells(picture)
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	w, h := width*cellW+2*margin, len(rows)*cellH+2*margin
	s := sheet{paper: p, inks: map[inkKey]*ink{}}
	for i, row := range rows {
		s.drawRow(row, margin+i*cellH)
	}
	var b bytes.Buffer
	openSVG(&b, title, w, h, p)
	s.write(&b)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func hexColour(c colour) string { return fmt.Sprintf("#%06x", int32(c)) }

// sheet collects what is drawn, by colour.
type sheet struct {
	paper paper
	inks  map[inkKey]*ink
}

type inkKey struct {
	colour colour
	faint  bool
}

func (s *sheet) inkFor(c colour, faint bool) *ink {
	switch c {
	case ownText:
		c = s.paper.text
	case ownPaper:
		c = s.paper.background
	}
	key := inkKey{c, faint}
	if s.inks[key] == nil {
		s.inks[key] = &ink{}
	}
	return s.inks[key]
}

// drawRow draws one line of the screen.
func (s *sheet) drawRow(row []cell, y int) {
	for i := 0; i < len(row); {
		n := i + 1
		for n < len(row) && row[n].style == row[i].style {
			n++
		}
		s.run(row[i:n], margin+i*cellW, y)
		i = n
	}
}

// run draws cells of one style.
func (s *sheet) run(run []cell, x, y int) {
	st := run[0].style
	if bg := st.bg; bg != ownPaper && bg != s.paper.background {
		k := s.inkFor(bg, false)
		if n := len(k.under); n > 0 && k.under[n-1].y == y && k.under[n-1].x+k.under[n-1].w == x {
			k.under[n-1].w += len(run) * cellW
		} else {
			k.under = append(k.under, rect{x, y, len(run) * cellW, cellH})
		}
	}
	k := s.inkFor(st.fg, st.faint)
	var w word
	flush := func() {
		if text := strings.TrimRight(w.text, " "); text != "" {
			w.cells -= len(w.text) - len(text)
			w.text = text
			k.words = append(k.words, w)
		}
		w = word{}
	}
	for i, c := range run {
		at := x + i*cellW
		switch {
		case c.width == 0:
		case c.width == 1 && k.drawShape(c.text, at, y):
			flush()
		case w.text == "" && isBlank(c.text) && !st.underline:
		default:
			odd := c.width > 1 || len(c.text) > 1 // a font may lack it: it must not move its neighbours
			if odd {
				flush()
			}
			if w.text == "" {
				w = word{x: at, y: y, bold: st.bold, underline: st.underline}
			}
			w.text += c.text
			w.cells += c.width
			if odd {
				flush()
			}
		}
	}
	flush()
}

// write puts everything down, backgrounds first.
func (s *sheet) write(b *bytes.Buffer) {
	keys := slices.SortedFunc(maps.Keys(s.inks), func(a, b inkKey) int {
		return cmp.Or(cmp.Compare(a.colour, b.colour), cmp.Compare(strconv.FormatBool(a.faint), strconv.FormatBool(b.faint)))
	})
	for _, key := range keys {
		if under := s.inks[key].under; len(under) > 0 {
			fmt.Fprintf(b, `<path fill="%s" d="%s"/>`+"\n", hexColour(key.colour), rectPath(under))
		}
	}
	for _, key := range keys {
		var body bytes.Buffer
		s.inks[key].write(&body)
		if body.Len() == 0 {
			continue
		}
		faint := ""
		if key.faint {
			faint = ` opacity=".6"`
		}
		fmt.Fprintf(b, `<g fill="%s" stroke="none"%s color="%[1]s">`+"\n", hexColour(key.colour), faint)
		b.Write(body.Bytes())
		b.WriteString("</g>\n")
	}
}
