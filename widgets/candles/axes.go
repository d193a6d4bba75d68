package candles

import (
	"time"

	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// labels draws the value axis: figures without a rule, as there is one candle
// beside the other anyway.
func (k *look) labels(plot *draw.Plot) {
	if k.axis == 0 {
		return
	}
	before := k.rows
	for i := range k.scale.Count {
		text, v := k.scale.Label(i)
		if y := k.half(v) / 2; y < before {
			plot.Text(k.axis-2-draw.Width(text), y, text, theme.Label)
			before = y
		}
	}
}

// times draws the time axis: the time of day below its candle.
func (k *look) times(plot *draw.Plot, f *widgets.Frame, interval time.Duration) {
	_, h := plot.Size()
	if h <= k.rows {
		return
	}
	layout := "15:04"
	if interval >= 12*time.Hour {
		layout = "2 Jan"
	}
	next := 0
	for i, b := range k.bars {
		text := time.UnixMilli(b.MS).In(f.Now.Location()).Format(layout)
		x := k.cells - 1 - (len(k.bars)-1-i)*k.every - len(text)/2
		if x < next || x+len(text) > k.cells || !round(b.MS, interval, len(text)/k.every+2, f.Now) {
			continue
		}
		plot.Text(k.axis+x, k.rows, text, theme.Label)
		next = x + len(text) + 2
	}
}

// round reports whether a candle begins at a time that is worth a label when
// labels are so many candles apart.
func round(ms int64, interval time.Duration, apart int, now time.Time) bool {
	ticks := draw.NewTimeTicks(time.UnixMilli(ms).In(now.Location()), time.UnixMilli(ms).Add(interval*time.Duration(apart)), 1)
	return ticks.First.UnixMilli() == ms
}
