package quotes

import (
	"math"
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// painter is what the rows of one frame have in common.
type painter struct {
	w      *Widget
	f      *widgets.Context
	g      *grid
	s      sparks
	digits [64]byte
}

// drawRow draws one line of the table. What is only the last known is dim all over
// and has its mark; a very old price tells that instead of what has become of
// it.
func (k *painter) drawRow(p *draw.Panel, r *row) {
	fresh := !r.isOld(k.f.Now)
	for n, i := range k.g.Shown {
		c := &k.w.cols[i]
		if n > 0 {
			p.Skip(k.g.gap)
		}
		if n > 0 && !r.isUsable() {
			k.drawReason(p, r)
			return
		}
		if c.marked && !fresh && !k.g.aged && k.drawAgeForPrice(p, r, k.g.widths[i]) {
			return
		}
		k.drawCell(p, c, r, k.g.widths[i], fresh)
		if c.marked && !fresh && k.drawSince(p, r) {
			return
		}
	}
	if k.g.marks {
		p.Skip(1)
		k.drawMark(p, r, nil)
	}
}

func (k *painter) drawCell(p *draw.Panel, c *column, r *row, width int, fresh bool) {
	switch c.what {
	case whatSymbol:
		p.Cell(roleWhen(fresh, theme.Strong), r.symbol, width)
	case whatLast, whatBid:
		k.drawPrice(p, c, r, width, fresh)
	case whatSpread:
		k.drawSpread(p, r, width, fresh)
	case whatChange:
		k.drawChange(p, r, width, fresh)
	case whatRange:
		k.dayRange(p, r, width, fresh)
	case whatSpark:
		k.drawSparkline(p, r, width, fresh)
	case whatMine:
		p.Right(roleWhen(fresh, theme.Text), r.mineText(k.f.Private), width)
	case whatAge:
		k.drawAge(p, c, r, width)
	case whatSlot:
		k.drawNumber(p, r.figureOf(c), draw.Fixed(r.decimals), width, roleWhen(fresh, theme.Text))
	default:
		k.drawField(p, c, r, width, fresh)
	}
}

// mineText is the own volume, signed; hidden with balances.
func (r *row) mineText(private bool) string {
	switch {
	case !r.owned || r.mine == 0:
		return ""
	case private:
		return "***"
	}
	text := field.Decimal(r.mine, r.mineDecimals)
	if r.mine > 0 {
		text = "+" + text
	}
	return text
}

// roleWhen is the role of a figure: its own while it is fresh, else dim.
func roleWhen(fresh bool, r theme.Role) theme.Role {
	if fresh {
		return r
	}
	return theme.Dim
}

// drawNumber draws a number at the right of its column, or that there isn't one.
func (k *painter) drawNumber(p *draw.Panel, v *datasource.Value, f draw.NumberFormat, width int, r theme.Role) {
	if n, ok := v.Number(); ok {
		p.Number(r, n, f, width)
		return
	}
	drawAbsent(p, v, width)
}

// drawRight draws ASCII at the right of its column.
func (k *painter) drawRight(p *draw.Panel, r theme.Role, b []byte, width int) {
	p.Skip(width-len(b)).Bytes(r, b, len(b))
}

// drawAbsent stands where a figure is missing, or is no number.
func drawAbsent(p *draw.Panel, v *datasource.Value, width int) {
	if v != nil && v.Type == datasource.TypeText && !v.Text.Empty() {
		p.Right(theme.Dim, v.Text.String(), width)
		return
	}
	p.Right(theme.Dim, field.Absent, width)
}

// drawPrice draws the last price or the bid, and behind the first of them the mark
// of the row: its state, or where it moved last.
func (k *painter) drawPrice(p *draw.Panel, c *column, r *row, width int, fresh bool) {
	v, role := r.figureOf(c), theme.Dim
	if c.marked {
		width -= mark
	}
	if v != nil && fresh {
		role = draw.MoveRole(v.Move, k.moment(), theme.Text)
	}
	k.drawNumber(p, v, draw.Fixed(r.decimalsFor(v)), width, role)
	if c.marked {
		p.Skip(1)
		k.drawMark(p, r, v)
	}
}

func (k *painter) drawSpread(p *draw.Panel, r *row, width int, fresh bool) {
	text, ok := k.w.spreadText(r)
	if !ok {
		drawAbsent(p, nil, width)
		return
	}
	role := theme.Label
	if d, _ := r.spread(); d < 0 { // crossed: the bid is above the ask
		role = theme.Warn
	}
	if len(text) > width {
		text = field.Absent
	}
	p.Right(roleWhen(fresh, role), text, width)
}

func (k *painter) drawChange(p *draw.Panel, r *row, width int, fresh bool) {
	pct, ok := r.change()
	if !ok || math.Abs(pct) > 1e12 {
		drawAbsent(p, nil, width)
		return
	}
	b, role, places := k.digits[:0], theme.Text, 2
	switch {
	case pct > 0:
		b, role = append(b, '+'), theme.Up
	case pct < 0:
		role = theme.Down
	}
	if abs := math.Abs(pct); abs > 0 && abs < 0.005 { // not zero is never shown as zero
		places = min(4, int(math.Ceil(-math.Log10(abs))))
		if abs < 0.00005 {
			b, role, pct, places = k.digits[:0], theme.Text, 0, 2
		}
	}
	k.drawRight(p, roleWhen(fresh, role), strconv.AppendFloat(b, pct, 'f', places, 64), width)
}

// drawAge draws how long the price has been what it is, or since when; a value of
// the API says so.
func (k *painter) drawAge(p *draw.Panel, c *column, r *row, width int) {
	role, prefix := theme.Dim, ""
	switch e := r.entry; {
	case draw.StateOf(e) == datasource.StateFallback && !k.f.Stamps:
		role, prefix = theme.FromAPI, "api "
	case r.isOld(k.f.Now) || e != nil && (e.State != datasource.StateLive || e.Quiet || e.Marks.Has(datasource.MarkStampUnknown)):
		role = theme.Warn
	}
	if role == theme.Dim && !c.always && !k.f.Stamps {
		if age, ok := r.age(k.f.Now); ok && age < time.Second {
			p.Skip(width) // now is not worth a word
			return
		}
	}
	b := k.appendAge(append(k.digits[:0], prefix...), r)
	if len(b) > width {
		b = k.appendAge(k.digits[:0], r)
	}
	if len(b) == 0 {
		p.Right(role, field.Absent, width)
		return
	}
	k.drawRight(p, role, b, width)
}

func (k *painter) appendAge(dst []byte, r *row) []byte {
	e := r.entry
	if e == nil || e.At.IsZero() {
		return dst
	}
	if k.f.Stamps {
		at := e.Stamp
		if at.IsZero() {
			at = e.Changed
		}
		layout := time.TimeOnly
		switch away := k.f.Now.Sub(at).Abs(); {
		case away > 300*24*time.Hour:
			layout = "Jan 2006"
		case away > 12*time.Hour:
			layout = "02 Jan"
		}
		return at.In(k.f.Now.Location()).AppendFormat(dst, layout)
	}
	age, ok := r.age(k.f.Now)
	if !ok {
		return append(dst, format.AgeUnknown...)
	}
	return format.AppendAge(dst, age)
}

// drawAgeForPrice draws the age of an old price in its place, where there is no space
// for both: an age that is not now is never dropped.
func (k *painter) drawAgeForPrice(p *draw.Panel, r *row, width int) bool {
	age, ok := r.age(k.f.Now)
	text := format.AgeUnknown
	if ok {
		text = format.Age(age)
	}
	if p.Left() >= width+1+len(text) {
		return false
	}
	p.Skip(min(p.Left(), width)-mark-len(text)).Lit(theme.Warn, text).Skip(1)
	k.drawMark(p, r, nil)
	return true
}

// drawSince writes in place of what follows since when a very old price is what it
// is: its change, its range and its course are not those of today. Where the
// column of the ages is dropped it writes the age of any old price.
func (k *painter) drawSince(p *draw.Panel, r *row) bool {
	age, ok := r.age(k.f.Now)
	if !ok || age < longAge && k.g.aged {
		return false
	}
	at := k.f.Now.Add(-age)
	if r.entry.Stamp.After(time.Time{}) {
		at = r.entry.Stamp
	}
	at = at.In(k.f.Now.Location())
	var texts []string
	if age >= longAge {
		layout := "Mon 2 Jan"
		if age > 300*24*time.Hour {
			layout = "2 Jan 2006"
		}
		texts = append(texts, "from "+at.Format(layout+" 15:04 MST")+" · "+longWords(age), "from "+at.Format(layout)+" · "+longWords(age), at.Format(layout)+" · "+format.Age(age))
	}
	texts = append(texts, format.Age(age))
	for _, text := range texts {
		if draw.Width(text)+1 <= p.Left() {
			p.Skip(min(list.Gap, p.Left()-draw.Width(text))).Lit(theme.Warn, datasource.Clean(text, 256).String())
			return true
		}
	}
	return false
}

// longWords is an age in days or years, in words.
func longWords(age time.Duration) string {
	days := int(age / (24 * time.Hour))
	switch {
	case days >= 730:
		return strconv.Itoa(int(float64(days)/365.25)) + " years old"
	case days >= 2:
		return strconv.Itoa(days) + " days old"
	}
	return strconv.Itoa(int(age/time.Hour)) + " h old"
}

// drawReason tells in a row without a quote what is wrong with it.
func (k *painter) drawReason(p *draw.Panel, r *row) {
	if r.value.Type != datasource.TypeNone {
		p.Safe(theme.Warn, r.value.Text).Lit(theme.Warn, " is no quote: "+draw.TypeWord(r.value.Type))
		return
	}
	glyph, role := draw.Mark(k.f.Theme, draw.StateOf(r.entry))
	note, _ := draw.Words(r.entry, k.f.Now, k.f.Stamps)
	p.Lit(role, glyph).Skip(1).Safe(role, note)
}

// drawMark draws the one cell that tells the state of a row; one that is live and
// well shows where its price moved.
func (k *painter) drawMark(p *draw.Panel, r *row, v *datasource.Value) {
	e := r.entry
	state := draw.StateOf(e)
	if state == datasource.StateLive && r.isOld(k.f.Now) {
		state = datasource.StateStale
	}
	switch glyph, role := draw.Mark(k.f.Theme, state); {
	case glyph != "":
		p.Lit(role, glyph)
	case e.Quiet:
		p.Lit(theme.Warn, "!")
	case v != nil:
		p.Arrow(v.Move, k.moment())
	default:
		p.Skip(1)
	}
}

// drawField draws any other field of the quote.
func (k *painter) drawField(p *draw.Panel, c *column, r *row, width int, fresh bool) {
	v := r.figureOf(c)
	role := theme.Text
	if n, ok := v.Number(); ok {
		if c.form.Class.Directed() {
			role = theme.Direction(draw.Sign(n), false)
		}
		k.drawNumber(p, v, c.form.For(n), width, roleWhen(fresh, role))
		return
	}
	p.Right(roleWhen(fresh, role), string(c.form.Append(k.digits[:0], v, k.f.Now)), width)
}

// moment is the time of the data where that is within the second of the frame:
// what has just moved is lit, and at 40 ticks a second most is at rest.
func (k *painter) moment() time.Time {
	if at := k.f.Data.At; at.After(k.f.Now) && at.Sub(k.f.Now) < time.Second {
		return at
	}
	return k.f.Now
}
