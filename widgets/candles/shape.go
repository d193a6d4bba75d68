package candles

import (
	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// drawCandle draws one candle in a column of cells. Where its colour has told the
// direction all bodies are blocks; where it has not a falling one is filled, as
// wide as a cell, and a rising one is slender.
func (k *look) drawCandle(plot *draw.Plot, x int, b Bar, role theme.Role, told bool, pal *theme.Palette) {
	c := shape{high: k.halfRow(b.High), low: k.halfRow(b.Low), top: k.halfRow(max(b.Open, b.Close)), bottom: k.halfRow(min(b.Open, b.Close))}
	blocks := pal.Symbols != theme.ASCII && (told || !isRising(b))
	if blocks {
		c = c.joinBody()
	}
	for y := c.high / 2; y <= c.low/2; y++ {
		r := c.cellAt(2 * y)
		switch {
		case pal.Symbols == theme.ASCII:
			r = asciiBody(r, isRising(b))
		case blocks:
			r = asBlock(r)
		}
		plot.Put(x, k.top+y, r, role)
	}
}

// shape is a candle in rows of half a cell, from the top.
type shape struct{ high, top, bottom, low int }

// joinBody is c with a body of blocks that reaches the wicks beyond its cells: no
// character has half a block and a wick, and a wick must not hang in the air.
func (c shape) joinBody() shape {
	if c.high/2 < c.top/2 {
		c.top &^= 1
	}
	if c.low/2 > c.bottom/2 {
		c.bottom |= 1
	}
	return c
}

// cellAt returns the character of the cell whose upper half is row h: light
// where only the wick is, heavy where the body is. The characters are those of
// ntcharts' candlesticks.
func (c shape) cellAt(h int) rune {
	body := func(row int) bool { return row >= c.top && row <= c.bottom }
	wick := func(row int) bool { return row >= c.high && row <= c.low }
	return runes.CandlestickFromCandlestickSegments(runes.CandlestickSegments{
		Up: wick(h), Down: wick(h + 1), UpHeavy: body(h), DownHeavy: body(h + 1),
	})
}

// asBlock turns the body in a cell into blocks.
func asBlock(r rune) rune {
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
