package quotes

import (
	"math"
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// ink is what the rows of one picture have in common.
type ink struct {
	w      *Widget
	f      *widgets.Frame
	g      *grid
	s      sparks
	digits [64]byte
}

// row draws one line of the table. What is only the last known is dim all
// over; what is not live has its mark at the end.
func (k *ink) row(p *draw.Panel, r *row) {
	fresh := draw.StateOf(r.entry) != datasource.StateStale
	for n, i := range k.g.Shown {
		c := &k.w.cols[i]
		if n > 0 {
			p.Skip(k.g.gap)
		}
		if n > 0 && !r.usable() {
			k.words(p, r)
			return
		}
		k.cell(p, c, r, k.g.widths[i], fresh)
	}
	k.mark(p, r.entry)
}

func (k *ink) cell(p *draw.Panel, c *column, r *row, width int, fresh bool) {
	switch c.what {
	case whatSymbol:
		p.Cell(pick(fresh, theme.Strong), r.symbol, width)
	case whatBid:
		k.bid(p, r, r.figure(c), width, fresh)
	case whatSpread:
		k.spread(p, r, width, fresh)
	case whatChange:
		k.change(p, r, width, fresh)
	case whatSpark:
		k.spark(p, r, width, fresh)
	case whatAge:
		k.age(p, r, width)
	case whatSlot:
		k.number(p, r.figure(c), draw.Fixed(r.decimals), width, pick(fresh, theme.Text))
	default:
		k.field(p, c, r, width, fresh)
	}
}

// pick is the role of a figure: its own while it is fresh, else dim.
func pick(fresh bool, r theme.Role) theme.Role {
	if fresh {
		return r
	}
	return theme.Dim
}

// number draws a number at the right of its column, or that there is none.
func (k *ink) number(p *draw.Panel, v *datasource.Value, f draw.NumberFormat, width int, r theme.Role) {
	if n, ok := v.Number(); ok {
		p.Number(r, n, f, width)
		return
	}
	absent(p, v, width)
}

// right draws ASCII at the right of its column.
func (k *ink) right(p *draw.Panel, r theme.Role, b []byte, width int) {
	p.Skip(width-len(b)).Bytes(r, b, len(b))
}

// absent stands where a figure is missing, or is no number.
func absent(p *draw.Panel, v *datasource.Value, width int) {
	if v != nil && v.Type == datasource.TypeText && !v.Text.Empty() {
		p.Right(theme.Dim, v.Text.String(), width)
		return
	}
	p.Right(theme.Dim, field.Absent, width)
}

// bid draws the price that matters most, with where it moved last.
func (k *ink) bid(p *draw.Panel, r *row, v *datasource.Value, width int, fresh bool) {
	if v == nil || !fresh {
		k.number(p, v, draw.Fixed(r.decimals), width-arrow, theme.Dim)
		p.Skip(arrow)
		return
	}
	k.number(p, v, draw.Fixed(r.decimals), width-arrow, draw.MoveRole(v.Move, k.f.Now, theme.Text))
	p.Skip(1).Arrow(v.Move, k.f.Now)
}

func (k *ink) spread(p *draw.Panel, r *row, width int, fresh bool) {
	pips, ok := r.spread()
	if !ok || math.Abs(pips) > 1e12 {
		absent(p, nil, width)
		return
	}
	role := theme.Label
	if pips < 0 { // crossed: the bid is above the ask
		role = theme.Warn
	}
	k.right(p, pick(fresh, role), strconv.AppendFloat(k.digits[:0], pips, 'f', 1, 64), width)
}

func (k *ink) change(p *draw.Panel, r *row, width int, fresh bool) {
	pct, ok := r.change()
	if !ok || math.Abs(pct) > 1e12 {
		absent(p, nil, width)
		return
	}
	b, role := k.digits[:0], theme.Text
	switch {
	case pct >= 0.005:
		b, role = append(b, '+'), theme.Up
	case pct <= -0.005:
		role = theme.Down
	default:
		pct = 0
	}
	k.right(p, pick(fresh, role), strconv.AppendFloat(b, pct, 'f', 2, 64), width)
}

// age draws how long the price has been what it is, or since when.
func (k *ink) age(p *draw.Panel, r *row, width int) {
	role := theme.Dim
	if e := r.entry; e != nil && (e.State != datasource.StateLive || e.Quiet) {
		role = theme.Warn
	}
	if b := k.appendAge(k.digits[:0], r.entry); len(b) > 0 {
		k.right(p, role, b, width)
	} else {
		p.Right(role, field.Absent, width)
	}
}

func (k *ink) appendAge(dst []byte, e *datasource.Entry) []byte {
	if e == nil || e.At.IsZero() {
		return dst
	}
	if k.f.Stamps {
		at := e.Stamp
		if at.IsZero() {
			at = e.Changed
		}
		layout := time.TimeOnly
		if k.f.Now.Sub(at).Abs() > 12*time.Hour {
			layout = "02 Jan"
		}
		return at.In(k.f.Now.Location()).AppendFormat(dst, layout)
	}
	return draw.AppendAge(dst, ageOf(e, k.f.Now))
}

// ageOf is the age of what is shown: since it changed, or where that is not
// known since it was read.
func ageOf(e *datasource.Entry, now time.Time) time.Duration {
	if e.Changed.IsZero() {
		return e.Age(now)
	}
	return e.SinceChange(now)
}

// words tells in a row without a quote what is wrong with it.
func (k *ink) words(p *draw.Panel, r *row) {
	if r.value.Type != datasource.TypeNone {
		p.Safe(theme.Warn, r.value.Text).Lit(theme.Warn, " is no quote: "+draw.TypeWord(r.value.Type))
		return
	}
	mark, role := draw.Mark(k.f.Theme, draw.StateOf(r.entry))
	note, _ := draw.Words(r.entry, k.f.Now, k.f.Stamps)
	p.Lit(role, mark).Skip(1).Safe(role, note)
}

// mark ends a row with the mark of its state; one that is live but whose
// channel has fallen silent has its own.
func (k *ink) mark(p *draw.Panel, e *datasource.Entry) {
	p.Skip(1)
	if e != nil && e.Quiet && e.State == datasource.StateLive {
		p.Lit(theme.Warn, "!")
		return
	}
	p.Mark(e)
}

// field draws any other field of the quote.
func (k *ink) field(p *draw.Panel, c *column, r *row, width int, fresh bool) {
	v := r.figure(c)
	role := theme.Text
	if n, ok := v.Number(); ok {
		if c.form.Class.Directed() {
			role = theme.Direction(draw.Sign(n), false)
		}
		k.number(p, v, c.form.For(n), width, pick(fresh, role))
		return
	}
	p.Right(pick(fresh, role), string(c.form.Append(k.digits[:0], v, k.f.Now)), width)
}
