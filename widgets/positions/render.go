package positions

import (
	"math"
	"slices"
	"strconv"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	k := w.lookAt(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.titleLine(&k, &f))
	switch {
	case len(k.positions)+len(k.orders) > 0:
		w.drawBody(p, &k, &f)
	case !k.entry.Known():
		p.Absent(w.spec.Data, k.entry, f.Now)
	case !k.usable:
		p.Wrong("positions", k.entry, f.Now)
	default:
		p.Say("", theme.Dim, "no open position", "key "+datasource.Clean(k.entry.Ref.Key, datasource.MaxCell).String())
	}
	return p.String()
}

// titleLine counts the rows, sums the result, and says how many gain.
func (w *Widget) titleLine(k *look, f *widgets.Context) draw.Head {
	h := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	h.Note, h.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if len(k.positions)+len(k.orders) == 0 {
		return h
	}
	h.Extra = " · " + strconv.Itoa(len(k.positions)) + " open"
	if len(k.orders) > 0 && f.W > 50 {
		h.Extra += " · " + format.Counted(int64(len(k.orders)), "order")
	}
	sum, long, short, up, down := k.sumPositions()
	if f.W < 46 {
		h.Extra = " · " + strconv.Itoa(len(k.positions))
	}
	if text := w.formatTotal(k, f, sum); text != "" && draw.Width(h.Title.String()+h.Extra+text)+10 <= f.W {
		h.Aside = text
		h.AsideRole = theme.Direction(sign(sum), false)
		if k.private {
			h.AsideRole = theme.Label
		}
	}
	if h.Note.Empty() && len(k.positions) > 0 {
		text := strconv.Itoa(long) + " long · " + strconv.Itoa(short) + " short"
		if f.W >= 60 && !k.private {
			text = strconv.Itoa(up) + " up · " + strconv.Itoa(down) + " down · " + text
		}
		h.Note, h.NoteRole = datasource.Clean(text, 60), theme.Label
	}
	return h
}

// sumPositions counts and sums the positions.
func (k *look) sumPositions() (sum float64, long, short, up, down int) {
	for i := range k.positions {
		r := &k.positions[i]
		if r.directionSign() > 0 {
			long++
		} else {
			short++
		}
		if !r.hasMoney || !r.profit.Finite() {
			continue
		}
		v := r.profit.Float()
		sum += v
		switch {
		case v > 0:
			up++
		case v < 0:
			down++
		}
	}
	return sum, long, short, up, down
}

// formatTotal is the sum of the open results with the account's currency.
func (w *Widget) formatTotal(k *look, f *widgets.Context, sum float64) string {
	if !slices.ContainsFunc(k.positions, func(r row) bool { return r.hasMoney }) {
		return ""
	}
	if k.private {
		return draw.Hidden(f.Theme)
	}
	text := "open PnL " + formatMoney(datasource.NumberFromFloat(math.Round(sum*100)/100))
	if f.W < 50 {
		text = "open " + formatMoney(datasource.NumberFromFloat(math.Round(sum*100)/100))
	}
	if name := datasource.Group(w.spec.Currency); name != "" && f.W >= 46 {
		if e := f.Data.Get(name); e.Known() {
			if v := field.At(&e.Value, datasource.Item(w.spec.Currency)); v != nil && v.Type == datasource.TypeText {
				text += " " + datasource.Clean(v.Text.String(), 8).String()
			}
		}
	}
	return text
}

func formatMoney(n datasource.Number) string {
	return format.Number(n, format.Style{Decimals: 2, Thousands: true, Sign: true})
}

// column is one column of the positions.
type column struct {
	head   string
	right  bool
	weight int // columns go by weight, the least first
	cell   func(r *row) (string, theme.Role)
	cells  []string
	roles  []theme.Role
	width  int
}

const (
	gap      = 2
	minTrack = 5
	maxTrack = 21
)

// positionColumns are those of the positions, from left to right; the track stands
// where head is empty.
func (w *Widget) positionColumns(k *look, f *widgets.Context) []column {
	price := func(get func(r *row) float64, role theme.Role) func(r *row) (string, theme.Role) {
		return func(r *row) (string, theme.Role) { return w.priceOf(k, f, r, get(r)), role }
	}
	apart := func(get func(r *row) float64) func(r *row) (string, theme.Role) {
		return func(r *row) (string, theme.Role) {
			d := r.price - get(r)
			if math.IsNaN(d) {
				return "", theme.Label
			}
			if k.private {
				return draw.Hidden(f.Theme), theme.Label
			}
			return w.formatDistance(r.symbol.String(), d, r.price, r.decimals), theme.Label
		}
	}
	return []column{
		{head: "SYMBOL", weight: 100, cell: func(r *row) (string, theme.Role) { return r.symbol.String(), theme.Strong }},
		{head: "SIDE", weight: 90, cell: func(r *row) (string, theme.Role) { return r.sideText(), theme.Text }},
		{head: "VOL", right: true, weight: 60, cell: func(r *row) (string, theme.Role) {
			return k.formatFigure(f, r.volume, format.Style{Decimals: format.Auto}), theme.Text
		}},
		{head: "OPEN", right: true, weight: 20, cell: price(func(r *row) float64 { return r.entry }, theme.Label)},
		{head: "PRICE", right: true, weight: 50, cell: price(func(r *row) float64 { return r.price }, theme.Text)},
		{head: "PnL", right: true, weight: 95, cell: func(r *row) (string, theme.Role) { return w.profitOf(k, f, r) }},
		{head: "R", right: true, weight: 55, cell: func(r *row) (string, theme.Role) { return w.multipleOf(k, f, r) }},
		{head: "TO STOP", right: true, weight: 45, cell: apart(func(r *row) float64 { return r.stop })},
		{head: "", weight: 70},
		{head: "TO TARGET", right: true, weight: 40, cell: apart(func(r *row) float64 { return r.target })},
		{head: "HELD", right: true, weight: 10, cell: func(r *row) (string, theme.Role) {
			if r.opened.IsZero() {
				return "", theme.Label
			}
			return format.Age(max(0, f.Now.Sub(r.opened))), theme.Label
		}},
	}
}

// formatFigure formats a number of an own position; these are private.
func (k *look) formatFigure(f *widgets.Context, n datasource.Number, style format.Style) string {
	switch {
	case n.String() == "":
		return ""
	case k.private:
		return draw.Hidden(f.Theme)
	}
	return format.Number(n, style)
}

func (w *Widget) priceOf(k *look, f *widgets.Context, r *row, v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return k.formatFigure(f, datasource.NumberFromFloat(v), format.Fixed(r.decimals))
}

func (w *Widget) profitOf(k *look, f *widgets.Context, r *row) (string, theme.Role) {
	if !r.hasMoney || k.private {
		return k.formatFigure(f, r.profit, format.Style{}), theme.Label
	}
	return formatMoney(r.profit), k.directionRole(f, r.profit.Float())
}

func (w *Widget) multipleOf(k *look, f *widgets.Context, r *row) (string, theme.Role) {
	m := r.riskMultiple()
	if math.IsNaN(m) {
		return "", theme.Label
	}
	text := k.formatFigure(f, datasource.NumberFromFloat(math.Round(m*10)/10), format.Style{Decimals: 1, Sign: true})
	if k.private {
		return text, theme.Label
	}
	return text, k.directionRole(f, m)
}

// directionRole is the colour of a result; what is only last known has none.
func (k *look) directionRole(f *widgets.Context, v float64) theme.Role {
	if draw.StateOf(k.entry) == datasource.StateStale {
		return theme.Dim
	}
	return theme.Direction(sign(v), false)
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// chooseColumns fills the cells and leaves out columns until the rest fits; what is
// left over goes to the track.
func chooseColumns(cols []column, rows []row, width int) []column {
	tracked := slices.ContainsFunc(rows, func(r row) bool { return !math.IsNaN(r.stop) || !math.IsNaN(r.target) })
	for i := range cols {
		c := &cols[i]
		if c.cell == nil {
			c.width = minTrack
			continue
		}
		filled := false
		for j := range rows {
			text, role := c.cell(&rows[j])
			c.cells, c.roles = append(c.cells, text), append(c.roles, role)
			c.width = max(c.width, draw.Width(text))
			filled = filled || text != ""
		}
		if !filled {
			c.width = 0
			continue
		}
		c.width = max(c.width, len(c.head))
	}
	cols = slices.DeleteFunc(cols, func(c column) bool { return c.width == 0 || c.cell == nil && !tracked })
	for {
		used := -gap
		least := -1
		for i, c := range cols {
			used += c.width + gap
			if least < 0 || c.weight < cols[least].weight {
				least = i
			}
		}
		if used <= width || len(cols) <= 1 {
			for i := range cols {
				if cols[i].cell == nil {
					cols[i].width = min(maxTrack, cols[i].width+max(0, width-used))
				}
			}
			return cols
		}
		cols = slices.Delete(cols, least, least+1)
	}
}

// drawBody draws the columns and the lines of the window.
func (w *Widget) drawBody(p *draw.Panel, k *look, f *widgets.Context) {
	cols := chooseColumns(w.positionColumns(k, f), k.positions, p.Width())
	for i, c := range cols {
		if i > 0 {
			p.Skip(gap)
		}
		if c.right {
			p.Right(theme.Label, c.head, c.width)
		} else {
			p.Cell(theme.Label, c.head, c.width)
		}
	}
	p.EndLine()
	for i := k.window.First; i < k.window.End() && !p.Full(); i++ {
		l := k.all[i]
		switch {
		case len(l.rows) == 0:
			ordersRule(p)
		case l.rows[0] < len(k.positions):
			w.positionLine(p, k, f, cols, l.rows[0])
		default:
			w.orderLine(p, k, f, l.rows)
		}
	}
}

// lightCursor puts the ground of a row that is under the cursor.
func (k *look) lightCursor(p *draw.Panel, f *widgets.Context, r int) {
	if f.Focused && f.View.Cursor == r {
		p.On(theme.Selected)
	}
}

func (w *Widget) positionLine(p *draw.Panel, k *look, f *widgets.Context, cols []column, i int) {
	k.lightCursor(p, f, i)
	for c := range cols {
		if c > 0 {
			p.Skip(gap)
		}
		col := &cols[c]
		if col.cell == nil {
			w.drawTrack(p, k, f, &k.positions[i], col.width)
			continue
		}
		role := draw.Faded(k.entry, col.roles[i])
		if col.right {
			p.Right(role, col.cells[i], col.width)
		} else {
			p.Cell(role, col.cells[i], col.width)
		}
	}
	p.EndLine()
}

// drawTrack draws where the price stands between the stop at the left and the
// target at the right, with the entry marked; what it has moved is heavy.
func (w *Widget) drawTrack(p *draw.Panel, k *look, f *widgets.Context, r *row, width int) {
	if k.private || math.IsNaN(r.price) || math.IsNaN(r.entry) || math.IsNaN(r.stop) && math.IsNaN(r.target) || width < minTrack {
		p.Skip(width)
		return
	}
	stop, target := r.stop, r.target
	if math.IsNaN(stop) { // as far behind the entry as the target is ahead
		stop = 2*r.entry - target
	}
	if math.IsNaN(target) {
		target = 2*r.entry - stop
	}
	at := func(v float64) int {
		return max(0, min(width-1, int(math.Round((v-stop)/(target-stop)*float64(width-1)))))
	}
	entry, now := at(r.entry), at(r.price)
	moved := k.directionRole(f, r.directionSign()*(r.price-r.entry))
	if f.Theme.Colourless() {
		moved = theme.Text
	}
	for x := range width {
		switch {
		case x == now:
			p.Lit(moved, glyph(f.Theme, "●", "o"))
		case x == entry:
			p.Lit(theme.Text, glyph(f.Theme, "┼", "+"))
		case x > min(entry, now) && x < max(entry, now):
			p.Lit(moved, glyph(f.Theme, "━", "="))
		default:
			p.Lit(theme.Axis, glyph(f.Theme, "─", "-"))
		}
	}
}

// ordersRule is the line above the orders.
func ordersRule(p *draw.Panel) {
	const head, tail = "ORDERS ", " TO MARKET"
	p.Lit(theme.Label, head)
	if n := p.Left() - len(tail); n > 0 {
		p.Dashes(theme.Axis, n)
		p.Lit(theme.Label, tail)
	}
	p.EndLine()
}

// orderLine draws one or two orders, each with its distance to the market.
func (w *Widget) orderLine(p *draw.Panel, k *look, f *widgets.Context, rows []int) {
	width := p.Width()
	if k.across > 1 {
		width = (width - 3) / 2
	}
	symbol := 0
	for i := range k.orders {
		symbol = max(symbol, min(draw.Width(k.orders[i].symbol.String()), 12))
	}
	for n, i := range rows {
		if n > 0 {
			p.To(width + 3)
		}
		r := &k.orders[i-len(k.positions)]
		if len(rows) == 1 {
			k.lightCursor(p, f, i)
		}
		far, role := "", theme.Label
		if d := r.entry - r.price; !math.IsNaN(d) {
			far = w.formatDistance(r.symbol.String(), d, r.price, r.decimals)
			if r.distanceToMarket() < nearOrder {
				role = theme.Warn
			}
		}
		if k.private {
			far, role = draw.Hidden(f.Theme), theme.Label
		}
		p.Cell(draw.Faded(k.entry, theme.Strong), r.symbol.String(), symbol).Skip(gap)
		p.Cell(draw.Faded(k.entry, theme.Text), w.orderWords(k, f, r, width-symbol-gap-draw.Width(far)-1), max(0, width-symbol-gap-draw.Width(far)-1)).Skip(1)
		p.Right(draw.Faded(k.entry, role), far, draw.Width(far))
	}
	p.EndLine()
}

// nearOrder is the part of the price within which an order is about to be
// filled.
const nearOrder = 0.0005

// orderWords is "BUY STOP 0.60 @ 0.66043", without the size where it is narrow.
func (w *Widget) orderWords(k *look, f *widgets.Context, r *row, width int) string {
	text := r.sideText()
	if r.kind != "" {
		text += " " + r.kind
	}
	price := " @ " + w.priceOf(k, f, r, r.entry)
	if math.IsNaN(r.entry) {
		price = ""
	}
	if full := text + " " + k.formatFigure(f, r.volume, format.Style{Decimals: format.Auto}) + price; r.volume.String() != "" && draw.Width(full) <= width {
		return full
	}
	if draw.Width(text+price) <= width {
		return text + price
	}
	return r.sideText() + price // the price is never cut for the kind
}

func glyph(pal *theme.Palette, s, ascii string) string {
	if pal.Symbols == theme.ASCII {
		return ascii
	}
	return s
}
