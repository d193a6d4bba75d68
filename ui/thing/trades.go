package thing

import (
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/positions"
	"ticktop/widgets/theme"
)

// Trades tells the account's positions and orders in a symbol: where each was
// opened, where it stands between stop and target, and what is left to the
// market.
type Trades struct {
	panel
	Own *positions.Widget // nil: none
}

// Title implements widgets.Widget.
func (Trades) Title() datasource.Safe { return cleanTitle("My position and orders") }

// labelWidth is the column of the words before the figures.
const labelWidth = 9

// Render implements widgets.Widget.
func (w Trades) Render(f widgets.Context) string {
	symbol := f.Selected.String()
	head := draw.Head{Title: w.Title(), Focused: f.Focused}
	if f.W < 40 {
		head.Title = cleanTitle("My position")
	}
	if w.Own == nil {
		p := draw.NewPanel(f.Theme, f.W, f.H, head)
		p.Lit(theme.Label, "no positions on this dashboard").EndLine()
		return p.String()
	}
	held, orders, entries := w.Own.Items(&f, symbol)
	head.Note, head.NoteRole = sourceNote(&f, entries)
	if len(held) > 0 {
		head.Aside, head.AsideRole = held[0].Profit()
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	if isHidden(entries) {
		p.Lit(theme.Label, "hidden").EndLine()
		return p.String()
	}
	if len(held)+len(orders) == 0 {
		p.Lit(theme.Label, "no position and no order in "+symbol).EndLine()
	}
	for i := range held {
		if i > 0 {
			p.Rule()
		}
		position(p, &f, &held[i], p.Lines() >= 4)
	}
	if len(orders) > 0 {
		p.Lit(theme.Label, "ORDERS ")
		if n := p.Left() - len(" TO MARKET"); n > 0 {
			p.Dashes(theme.Axis, n)
			p.Lit(theme.Label, " TO MARKET")
		}
		p.EndLine()
	}
	for i := range orders {
		order(p, &orders[i])
	}
	closedToday(p, &f)
	return p.String()
}

// position tells one position: opened, now, and its plan.
func position(p *draw.Panel, f *widgets.Context, t *positions.Item, whole bool) {
	p.Cell(theme.Label, "opened", labelWidth).Lit(theme.Strong, t.Side()+" "+t.Volume()+" @ "+t.Entry())
	if at := t.Opened(); !at.IsZero() {
		when := clock(at, f.Now) + " · " + format.Age(max(0, f.Now.Sub(at)))
		if draw.Width(when)+2 <= p.Left() {
			p.Skip(2).Lit(theme.Label, when)
		}
	}
	p.EndLine()
	if !whole {
		return
	}
	p.Cell(theme.Label, "now", labelWidth).Lit(theme.Strong, t.Price())
	moved, movedRole := t.Moved()
	profit, profitRole := t.Profit()
	multiple, multipleRole := t.Multiple()
	for _, g := range [...]struct {
		text string
		role theme.Role
	}{{moved, movedRole}, {profit, profitRole}, {multiple, multipleRole}} {
		if g.text != "" && draw.Width(g.text)+2 <= p.Left() {
			p.Skip(2).Lit(g.role, g.text)
		}
	}
	p.EndLine()
	stop, target := t.Stop(), t.TakeProfit()
	if stop == "" && target == "" {
		p.Cell(theme.Label, "plan", labelWidth).Lit(theme.Warn, "no stop and no target").EndLine()
		return
	}
	toStop, toTarget := t.ToStop(), t.ToTarget()
	p.Cell(theme.Label, "plan", labelWidth).Lit(theme.Label, toStop).Skip(1)
	if track := p.Left() - draw.Width(toTarget) - 1; track >= 5 {
		t.Track(p, min(track, 31))
		p.Skip(1).Lit(theme.Label, toTarget)
	}
	p.EndLine()
	ends := func(label, left, right string) {
		if left == "" && right == "" {
			return
		}
		p.Cell(theme.Label, label, labelWidth).Lit(theme.Down, left)
		if at := labelWidth + draw.Width(toStop) + 2 + min(max(p.Width()-labelWidth-draw.Width(toStop)-draw.Width(toTarget)-2, 5), 31) + draw.Width(toTarget); at-draw.Width(right) > labelWidth+draw.Width(left) {
			p.To(at-draw.Width(right)).Lit(theme.Up, right)
		}
		p.EndLine()
	}
	words := func(word, price string) string {
		if price == "" {
			return "no " + word
		}
		return word + " " + price
	}
	ends("", words("stop", stop), words("target", target))
	atStop := t.AtStop()
	if atStop == "" { // too close to the entry to be reckoned: the line stays
		atStop = field.Absent
	}
	ends("outcome", atStop, t.AtTarget())
}

// order tells one order, with its distance to the market.
func order(p *draw.Panel, t *positions.Item) {
	far, near := t.ToMarket()
	role := theme.Label
	if near {
		role = theme.Warn
	}
	text := strings.TrimSpace(t.Kind()+" "+t.Side()) + " " + t.Volume() + " @ " + t.Entry()
	p.Cell(theme.Text, text, max(p.Left()-draw.Width(far)-1, 0)).Skip(1).Right(role, far, draw.Width(far)).EndLine()
}

// closedToday sums up what was closed in the symbol, where there is a list of
// trades with results.
func closedToday(p *draw.Panel, f *widgets.Context) {
	n, sum := 0, 0.0
	day := f.Now.YearDay()
	for i := range f.Data.Len() {
		name, e := f.Data.Nth(i)
		if !e.Known() || e.Value.Type != datasource.TypeMessages || datasource.Item(name) != "" || f.Private && !e.Ref.Shape.Market {
			continue
		}
		for m := range e.Value.Messages {
			msg := &e.Value.Messages[m]
			symbol, _ := SymbolOf(&msg.Value)
			profit, ok := names.Number(&msg.Value, names.Profit)
			if symbol != f.Selected || !ok || !profit.Finite() || messageAt(msg).In(f.Now.Location()).YearDay() != day {
				continue
			}
			n++
			sum += profit.Float()
		}
	}
	if n == 0 || p.Full() {
		return
	}
	text := format.Number(datasource.NumberFromFloat(sum), format.Style{Decimals: 2, Thousands: true, Sign: true})
	p.Cell(theme.Label, "today", labelWidth).Lit(theme.Label, strconv.Itoa(n)+" closed ").Lit(signRole(text), text).EndLine()
}
