package main

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// colour is 0xRRGGBB, or one of the terminal's own.
type colour int32

const (
	ownText  colour = -1
	ownPaper colour = -2
)

// style is how a cell looks.
type style struct {
	fg, bg                 colour
	bold, faint, underline bool
}

// cell is one place of the screen. A wide character has an empty cell behind
// it.
type cell struct {
	text  string // one character with its marks; "" behind a wide one
	width int    // 1 or 2; 0 behind a wide one
	style style
}

// cutCells cuts a picture into its cells: what a terminal does with it. Pictures
// hold text and SGR that resets first, nothing else (widgets.Widget says so).
func cutCells(picture string) [][]cell {
	var rows [][]cell
	for line := range strings.SplitSeq(picture, "\n") {
		rows = append(rows, cellsOf(line))
	}
	return rows
}

func cellsOf(line string) []cell {
	var row []cell
	st, reverse := style{fg: ownText, bg: ownPaper}, false
	var state byte
	for len(line) > 0 {
		seq, width, n, next := ansi.DecodeSequence(line, state, nil)
		state, line = next, line[n:]
		if strings.HasPrefix(seq, "\x1b[") && strings.HasSuffix(seq, "m") {
			st, reverse = parseSGR(strings.Split(seq[2:len(seq)-1], ";"))
			continue
		}
		if width == 0 {
			continue
		}
		shown := st
		if reverse {
			shown.fg, shown.bg = st.bg, st.fg
		}
		row = append(row, cell{text: seq, width: width, style: shown})
		for range width - 1 {
			row = append(row, cell{style: shown})
		}
	}
	return row
}

// parseSGR reads the attributes of one sequence, from a plain style on.
func parseSGR(codes []string) (st style, reverse bool) {
	st = style{fg: ownText, bg: ownPaper}
	for i := 0; i < len(codes); i++ {
		switch code := codes[i]; code {
		case "1":
			st.bold = true
		case "2":
			st.faint = true
		case "4":
			st.underline = true
		case "7":
			reverse = true
		case "38", "48":
			if i+4 >= len(codes) { // only true colour is drawn
				return st, reverse
			}
			c := colour(parseNumber(codes[i+2])<<16 | parseNumber(codes[i+3])<<8 | parseNumber(codes[i+4]))
			if code == "38" {
				st.fg = c
			} else {
				st.bg = c
			}
			i += 4
		}
	}
	return st, reverse
}

func parseNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n & 0xff
}
