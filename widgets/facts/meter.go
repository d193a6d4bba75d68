package facts

import (
	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Meter is a share of a limit, drawn as a bar with its per cent.
type Meter struct {
	Share float64    // of the limit: 1 is all of it; may be above
	Role  theme.Role // how near to the limit that is
	Label int        // cells of the labels of all bars that stand below each other
}

// perCent is the space of "100%", a blank before it.
const perCent = 5

// minMeter is the shortest bar that still says something.
const minMeter = 4

// draw puts label, bar and figure on the open line, over all its width. The
// figure goes last: it says what the bar does.
func (m *Meter) draw(p *draw.Panel, x *Fact) {
	role := draw.Faded(x.Entry, m.Role)
	p.Cell(theme.Label, x.Label, min(m.Label, p.Left()-perCent))
	if bar := p.Left() - perCent - 2; bar >= minMeter {
		p.Skip(1).Meter(role, m.Share, bar)
	}
	p.Right(role, format.Number(datasource.NumberFromFloat(m.Share*100), format.Style{})+"%", p.Left())
}
