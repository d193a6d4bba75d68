package thing

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Tape lists the newest trades or ticks of a symbol.
type Tape struct{ panel }

// Title implements widgets.Widget.
func (Tape) Title() datasource.Safe { return cleanTitle("Trades") }

// Render implements widgets.Widget.
func (w Tape) Render(f widgets.Context) string {
	e := tapeOf(f.Data, f.Selected.String())
	head := draw.Head{Title: w.Title(), Focused: f.Focused}
	if e != nil {
		head.Note, head.NoteRole = draw.Note([]*datasource.Entry{e}, f.Now, f.Stamps)
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	if e == nil {
		p.Lit(theme.Label, "no tape of "+f.Selected.String()).EndLine()
		return p.String()
	}
	p.Cell(theme.Label, "TIME", 9).Skip(1).Right(theme.Label, "PRICE", 12).Right(theme.Label, "SIZE", 8).Skip(2).Cell(theme.Label, "AT", 6).EndLine()
	for i := range e.Value.Messages {
		if p.Full() {
			break
		}
		m := &e.Value.Messages[i]
		role := theme.Text
		price := fieldText(&m.Value, priceNames)
		if i+1 < len(e.Value.Messages) {
			role = moveRole(price, fieldText(&e.Value.Messages[i+1].Value, priceNames))
		}
		p.Cell(theme.Label, clock(messageAt(m), f.Now), 9).Skip(1).Right(role, price, 12)
		p.Right(theme.Text, fieldText(&m.Value, sizeNames), 8).Skip(2).Cell(theme.Label, fieldText(&m.Value, []string{"side", "at", "aggressor"}), 6).EndLine()
	}
	return p.String()
}

// moveRole is the role of a price after the one before it.
func moveRole(price, before string) theme.Role {
	a, ok1 := datasource.ParseNumber(price)
	b, ok2 := datasource.ParseNumber(before)
	switch {
	case !ok1 || !ok2 || a.Float() == b.Float():
		return theme.Text
	case a.Float() > b.Float():
		return theme.Up
	}
	return theme.Down
}
