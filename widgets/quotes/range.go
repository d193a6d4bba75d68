package quotes

import (
	"math"

	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// dayRange draws the day from its low to its high with the open in the middle,
// and where the price is from there.
func (k *painter) dayRange(p *draw.Panel, r *row, width int, fresh bool) {
	open, low, high, now, ok := r.dayRange()
	if !ok {
		p.Skip(width)
		return
	}
	half := (width - 1) / 2
	reach := max(open-low, high-open)
	at := func(price float64) int {
		if !(reach > 0) || math.IsInf(reach, 0) {
			return half
		}
		return half + int(math.Round((price-open)/reach*float64(half)))
	}
	role := roleWhen(fresh, theme.Direction(r.dayDirection(), false))
	if r.dayDirection() == 0 && fresh {
		role = theme.Label
	}
	p.Track(draw.Track{From: at(low), To: at(high), Zero: half, At: at(now), Role: role}, width)
}
