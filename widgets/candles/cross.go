package candles

import (
	"ticktop/widgets"
	"ticktop/widgets/list"
)

// ShowsLevels implements widgets.Leveled.
func (w *Widget) ShowsLevels() bool { return true }

// CrossAt implements widgets.Crosser: the crosshair goes to the candle at that
// column; in the margin and at the newest candle's right it goes away.
func (w *Widget) CrossAt(f widgets.Context, x, y int) (widgets.View, bool) {
	k := w.lookAt(&f)
	v := f.View
	x, y = x-list.Left(f), y-list.Top(f)
	if len(k.bars) == 0 || x < 0 || y < k.top || y >= k.top+k.rows+k.volume+k.osc {
		return v, false
	}
	if x >= k.cells {
		v.Cross = 0
		return v, true
	}
	back := (k.cells - 1 - x + k.every/2) / k.every
	v.Cross = max(1, min(back+1, len(k.bars)))
	return v, true
}
