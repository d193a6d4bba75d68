package facts

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// minLabel is how much of a label stays however long its value is.
const minLabel = 4

// trail is the space after a value: a blank and an arrow or the mark.
const trail = 2

// Line draws a fact from the open line's left edge to its right: label, value,
// and where the value moved. The value has the right of way, so a label is cut
// before a number is made compact. With marks the state of the fact's own
// datum is in the place of the arrow when it is not live.
func Line(p *draw.Panel, f *widgets.Context, x *Fact, marks bool) {
	room := p.Left() - trail
	switch {
	case x.Meter != nil:
		x.Meter.draw(p, x)
		return
	case x.Value == nil:
		drawReason(p, f, x)
		return
	}
	asText := f.Private && x.Form.Class.Private() || x.Form.Class == field.Time
	if n, ok := x.Value.Number(); ok && !asText {
		drawNumber(p, f, x, n, room)
	} else {
		drawText(p, f, x, room)
	}
	p.Skip(1)
	switch {
	case marks && draw.StateOf(x.Entry) != datasource.StateLive:
		p.Mark(x.Entry)
	case draw.StateOf(x.Entry) != datasource.StateStale:
		p.Arrow(x.Value.Move, f.Now)
	}
}

func drawNumber(p *draw.Panel, f *widgets.Context, x *Fact, n datasource.Number, room int) {
	role := draw.MoveRole(x.Value.Move, f.Now, theme.Strong)
	if x.Form.Class.Directed() { // the colour is the sign's, the arrow tells the move
		role = theme.Direction(draw.Sign(n), draw.Fresh(x.Value.Move, f.Now))
	}
	var scratch [64]byte
	b := draw.AppendFit(scratch[:0], n, x.Form.For(n), max(room-minLabel-1, room/2))
	w := draw.Width(string(b))
	drawLabel(p, x, room-w)
	p.Bytes(draw.Faded(x.Entry, role), b, w)
}

func drawText(p *draw.Panel, f *widgets.Context, x *Fact, room int) {
	role := theme.Text
	var s string
	if f.Private && x.Form.Class.Private() && x.Value.Type != datasource.TypeNull {
		role, s = theme.Dim, draw.Hidden(f.Theme)
	} else {
		s = string(x.Form.Append(nil, x.Value, f.Now))
	}
	if s == field.Absent || s == "" {
		role, s = theme.Dim, field.Absent
	}
	w := min(draw.Width(s), max(room-min(draw.Width(x.Label), room/2)-1, 0))
	drawLabel(p, x, room-w)
	p.Right(draw.Faded(x.Entry, role), s, w)
}

// drawLabel fills width cells with the label, leaving a blank before the value.
func drawLabel(p *draw.Panel, x *Fact, width int) {
	p.Cell(theme.Label, x.Label, width-1).Skip(1)
}

// drawReason says in the line of a fact without a value what is wrong with it.
func drawReason(p *draw.Panel, f *widgets.Context, x *Fact) {
	if draw.StateOf(x.Entry) == datasource.StateLive {
		drawLabel(p, x, p.Left()-trail-1)
		p.Lit(theme.Dim, field.Absent)
		return
	}
	note, role := draw.Words(x.Entry, f.Now, f.Stamps)
	room := p.Left() - trail
	w := min(draw.Width(note.String()), max(room-min(draw.Width(x.Label), room/2)-1, 0))
	drawLabel(p, x, room-w)
	p.Right(role, note.String(), w).Skip(1).Mark(x.Entry)
}
