package candles

import (
	"slices"
	"time"

	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// separator is a line down the chart before a candle: where a day begins, or an
// exchange opens.
type separator struct {
	bar  int // index in bars
	name string
	day  bool
}

// maxSeparators bounds the lines: more of them hide the candles.
const maxSeparators = 12

// findSeparators finds where days begin and exchanges open among the candles shown.
// Where a candle is as long as a day there is nothing to separate.
func (w *Widget) findSeparators(k *look, f *widgets.Context) {
	if len(k.bars) < 2 || k.step >= 12*time.Hour || k.rows < minTimes {
		return
	}
	loc := f.Now.Location()
	opened := make([]int64, len(w.sessions)) // whose opening was marked last
	for i, b := range k.bars {
		at := time.UnixMilli(b.MS).In(loc)
		if i > 0 && k.style.days {
			before := time.UnixMilli(k.bars[i-1].MS).In(loc)
			if at.YearDay() != before.YearDay() || at.Year() != before.Year() {
				k.breaks = append(k.breaks, separator{bar: i, name: at.Format("Mon 2 Jan"), day: true})
				continue
			}
		}
		if i == 0 || !k.style.sessions {
			continue
		}
		for n := range w.sessions {
			opens, _, ok := w.sessions[n].On(at)
			if ms := opens.UnixMilli(); ok && k.bars[i-1].MS < ms && b.MS+k.step.Milliseconds() > ms && b.MS-ms < k.step.Milliseconds() && opened[n] != ms {
				opened[n] = ms
				k.breaks = append(k.breaks, separator{bar: i, name: w.sessions[n].Name})
				break
			}
		}
	}
	if n := len(k.breaks); n > maxSeparators {
		k.breaks = slices.DeleteFunc(k.breaks, func(s separator) bool { return !s.day })
		k.breaks = k.breaks[max(0, len(k.breaks)-maxSeparators):]
	}
}

// drawSeparators draws the lines, below everything else.
func (k *look) drawSeparators(plot *draw.Plot, f *widgets.Context) {
	for _, s := range k.breaks {
		x := k.separatorColumn(s)
		r, role := symbolFor(f.Theme, '┊', ':'), theme.Axis
		if s.day {
			r, role = symbolFor(f.Theme, '┆', '!'), theme.Label
		}
		for y := range k.rows + k.volume + k.osc {
			plot.Put(x, k.top+y, r, role)
		}
	}
}

// separatorColumn is the cell between a candle and the one before it, or the
// candle's own where they touch.
func (k *look) separatorColumn(s separator) int {
	x := k.columnOf(s.bar)
	if k.every > 1 {
		x--
	}
	return x
}

// nameSeparators writes what begins there at the bottom or the top of the
// prices, over blank cells only.
func (k *look) nameSeparators(plot *draw.Plot) {
	for _, s := range k.breaks {
		x := k.separatorColumn(s) + 1
		for _, y := range [...]int{k.top + k.rows - 1, k.top + k.rows - 2, k.top} {
			if !s.day || !k.times { // the axis has the date
				if k.isFree(plot, x, y, draw.Width(s.name)) {
					plot.Text(x, y, s.name, theme.Label)
					break
				}
			}
		}
	}
}

// isFree reports whether n cells of the prices hold nothing that must be read.
func (k *look) isFree(plot *draw.Plot, x, y, n int) bool {
	for i := range n {
		if !isFaint(plot.At(x+i, y)) {
			return false
		}
	}
	return x+n <= k.cells
}

// isFaint reports whether a cell has nothing that must be read.
func isFaint(r rune) bool { return r == 0 || r == ' ' || r == '┈' || r == '.' }
