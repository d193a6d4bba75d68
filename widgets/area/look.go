package area

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
)

// look is a frame worked out.
type look struct {
	entry *datasource.Entry
	pts   []datasource.Point // in the window, without gaps
	from  int64              // epoch milliseconds
	to    int64
	spans []draw.Span

	start, last float64
	low         float64 // the limit's value, NaN without one
	lo, hi      float64 // of the scale

	cells, rows, margin int
	times, loss, hours  bool

	deepest   float64 // the largest drop from a peak, as a part of it, at most 0
	deepestAt int64
	drops     []float64 // the drop at each point
}

// The least lines, inside the border, at which parts earn theirs.
const (
	minTimes  = 5
	minLoss   = 8
	minHours  = 10
	minMargin = 26
	minCells  = 20
)

// lookAt works a frame out.
func (w *Widget) lookAt(f *widgets.Context) look {
	width, height := list.Inside(*f)
	k := look{entry: f.Data.Get(w.spec.Data), cells: width, rows: height, low: math.NaN()}
	if !k.entry.Known() || k.entry.Value.Type != datasource.TypeSeries {
		return k
	}
	k.cutToRange(w, f)
	if len(k.pts) == 0 {
		return k
	}
	if v, ok := numberAt(f.Data, w.spec.Now); ok {
		k.to = max(k.to, f.Now.UnixMilli())
		k.pts = append(k.pts, datasource.Point{MS: k.to, V: v})
	}
	k.start, k.last = k.pts[0].V, k.pts[len(k.pts)-1].V
	if v, ok := numberAt(f.Data, w.spec.Start); ok {
		k.start = v
	}
	if v, ok := numberAt(f.Data, w.spec.Limit); ok && v > 0 {
		k.low = k.start - v
	}
	k.measureDrops()
	k.divideHeight(w, height)
	k.scaleValues()
	if width >= minMargin {
		k.margin = w.marginWidth(&k, f)
		k.cells = max(width-k.margin, 1)
	}
	k.spans = make([]draw.Span, k.cells*draw.DotsX)
	draw.Resample(k.spans, k.pts, k.from, k.to, draw.NoGap)
	return k
}

// cutToRange keeps the samples that are shown: those of today, or of the range.
func (k *look) cutToRange(w *Widget, f *widgets.Context) {
	all := k.entry.Value.Points
	if len(all) == 0 {
		return
	}
	k.to = max(all[len(all)-1].MS, min(f.Now.UnixMilli(), all[len(all)-1].MS+int64(time.Minute/time.Millisecond)))
	at := time.UnixMilli(k.to).In(f.Now.Location())
	k.from = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location()).UnixMilli()
	if w.spec.Range > 0 {
		k.from = k.to - w.spec.Range.Milliseconds()
	}
	for _, p := range draw.Window(all, k.from, k.to) {
		if !math.IsNaN(p.V) && !math.IsInf(p.V, 0) {
			k.pts = append(k.pts, p)
		}
	}
	if len(k.pts) > 0 {
		k.from = k.pts[0].MS
	}
	k.to = max(k.to, k.from+1)
}

// measureDrops finds how far each sample lies below the highest before it.
func (k *look) measureDrops() {
	peak := math.Inf(-1)
	k.drops = make([]float64, len(k.pts))
	for i, p := range k.pts {
		peak = max(peak, p.V)
		if peak > 0 {
			k.drops[i] = p.V/peak - 1
		}
		if k.drops[i] < k.deepest {
			k.deepest, k.deepestAt = k.drops[i], p.MS
		}
	}
}

// divideHeight gives each part its lines.
func (k *look) divideHeight(w *Widget, height int) {
	take := func(least int) bool {
		if height < least || k.rows < 4 {
			return false
		}
		k.rows--
		return true
	}
	k.times = take(minTimes)
	k.loss = !w.spec.NoLoss && take(minLoss)
	k.hours = !w.spec.NoLoss && take(minHours)
}

// scaleValues covers the samples and where they began; the limit too when it is near.
func (k *look) scaleValues() {
	k.lo, k.hi = k.start, k.start
	for _, p := range k.pts {
		k.lo, k.hi = min(k.lo, p.V), max(k.hi, p.V)
	}
	if span := k.hi - k.lo; !math.IsNaN(k.low) && k.low < k.lo && k.low > k.lo-span*0.5 {
		k.lo = k.low
	}
	if !(k.hi > k.lo) {
		pad := max(math.Abs(k.hi)*0.001, 1e-6)
		k.lo, k.hi = k.lo-pad, k.hi+pad
	}
}

// rowOf is the line of the plot that shows a value.
func (k *look) rowOf(v float64) int {
	n := k.rows - 1
	return max(0, min(n, int(math.Round((k.hi-v)/(k.hi-k.lo)*float64(n)))))
}

// hour is what an hour of the day made.
type hour struct {
	at   time.Time
	made float64
}

// hoursOf returns the result of each hour that has begun, oldest first.
func (k *look) hoursOf(loc *time.Location) []hour {
	var out []hour
	before := k.start
	for i, p := range k.pts {
		at := time.UnixMilli(p.MS).In(loc).Truncate(time.Hour)
		if n := len(out); n == 0 || !out[n-1].at.Equal(at) {
			if n > 0 {
				before = k.pts[i-1].V
			}
			out = append(out, hour{at: at})
		}
		out[len(out)-1].made = p.V - before
	}
	return out
}
