package quotes

import (
	"time"

	"ticktop/datasource"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// defaultSpan is how far back the sparklines go.
const defaultSpan = time.Hour

// sparks is the time that all sparklines of a picture share, in epoch
// milliseconds, so that what happened at once stands below each other.
type sparks struct{ from, to int64 }

// sparksOf takes the window up to the newest point of any row, or to now when
// a producer's clock is ahead by more than the window itself.
func sparksOf(rows []row, span time.Duration, now int64) sparks {
	width := span.Milliseconds()
	var s sparks
	first := int64(0)
	for i := range rows {
		if v := rows[i].series; v != nil && len(v.Points) > 0 {
			if last := v.Points[len(v.Points)-1].MS; last > s.to && last <= now+width {
				s.to = last
			}
			if begin := v.Points[0].MS; first == 0 || begin < first {
				first = begin
			}
		}
	}
	s.from = s.to - width
	if first != 0 {
		s.from = max(s.from, min(first, s.to))
	}
	return s
}

// headText says in width cells how far back the sparklines go: "LAST 10 MIN", or
// "10 MIN" where that is all there is space for.
func (s sparks) headText(width int) string {
	span := time.Duration(s.to-s.from) * time.Millisecond
	var n time.Duration
	var unit string
	switch {
	case span < time.Second:
		return "RECENT"
	case span < 100*time.Second:
		n, unit = (span+time.Second/2)/time.Second, " S"
	case span < 100*time.Minute:
		n, unit = (span+time.Minute/2)/time.Minute, " MIN"
	default:
		n, unit = (span+time.Hour/2)/time.Hour, " H"
	}
	text := datasource.NumberFromInt(int64(n)).String() + unit
	if len("LAST ")+len(text) > width {
		return text
	}
	return "LAST " + text
}

// drawSparkline draws the recent prices of a row's symbol, scaled to their own range,
// in the colour of the day: rows of one symbol have one colour.
func (k *painter) drawSparkline(p *draw.Panel, r *row, width int, fresh bool) {
	end := p.Left() - width
	if v := r.series; v != nil && len(v.Points) > 1 {
		role := theme.Dim
		if fresh {
			role = draw.GraphRole(k.f.Theme, r.dayDirection())
		}
		p.FilledSpark(role, v.Points, k.s.from, k.s.to, draw.NoGap, width)
	}
	p.Skip(p.Left() - end)
}

// endValues returns the first and the last value of a series that are no gaps, 0
// and 0 when all are.
func endValues(points []datasource.Point) (first, last float64) {
	for i := range points {
		if v := points[i].V; v == v {
			first = v
			break
		}
	}
	for i := len(points) - 1; i >= 0; i-- {
		if v := points[i].V; v == v {
			return first, v
		}
	}
	return 0, 0
}
