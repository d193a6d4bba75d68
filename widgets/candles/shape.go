package candles

import (
	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// candle draws one candle in a column of cells. Where its colour has told the
// direction all bodies are blocks; where it has not a falling one is filled, as
// wide as a cell, and a rising one is slender.
func (k *look) candle(plot *draw.Plot, x int, b Bar, role theme.Role, told bool, pal *theme.Palette) {
	c := shape{high: k.half(b.High), low: k.half(b.Low), top: k.half(max(b.Open, b.Close)), bottom: k.half(min(b.Open, b.Close))}
	blocks := pal.Symbols != theme.ASCII && (told || !up(b))
	if blocks {
		c = c.joined()
	}
	for y := c.high / 2; y <= c.low/2; y++ {
		r := c.cell(2 * y)
		switch {
		case pal.Symbols == theme.ASCII:
			r = asciiBody(r, up(b))
		case blocks:
			r = filled(r)
		}
		plot.Put(x, k.top+y, r, role)
	}
}

// shape is a candle in rows of half a cell, from the top.
type shape struct{ high, top, bottom, low int }

// joined is c with a body of blocks that reaches the wicks beyond its cells: no
// character has half a block and a wick, and a wick must not hang in the air.
func (c shape) joined() shape {
	if c.high/2 < c.top/2 {
		c.top &^= 1
	}
	if c.low/2 > c.bottom/2 {
		c.bottom |= 1
	}
	return c
}

// cell returns the character of the cell whose upper half is row h: light
// where only the wick is, heavy where the body is. The characters are those of
// ntcharts' candlesticks.
func (c shape) cell(h int) rune {
	body := func(row int) bool { return row >= c.top && row <= c.bottom }
	wick := func(row int) bool { return row >= c.high && row <= c.low }
	return runes.CandlestickFromCandlestickSegments(runes.CandlestickSegments{
		Up: wick(h), Down: wick(h + 1), UpHeavy: body(h), DownHeavy: body(h + 1),
	})
}

// filled turns the body in a cell into blocks.
func filled(r rune) rune {
	switch r {
	case runes.LineVerticalHeavy:
		return runes.FullBlock
	case runes.LineUpHeavy, runes.LineUpHeavyDown:
		return '▀'
	case runes.LineDownHeavy, runes.LineUpDownHeavy:
		return runes.LowerBlockFour
	default:
		return r
	}
}

// asciiBody returns the 7 bit character of a cell: '|' for a wick, '#' for a
// falling body, 'O' for a rising one.
func asciiBody(r rune, rising bool) rune {
	switch r {
	case runes.LineVertical, runes.LineUp, runes.LineDown:
		return '|'
	}
	if rising {
		return 'O'
	}
	return '#'
}
