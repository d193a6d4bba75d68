package thing

import (
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/ui/alertbook"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// panel is what the panels of a thing's page share: they show the selected
// element out of everything there is.
type panel struct{}

func (panel) Kind() string                                    { return "thing" }
func (panel) Data() []string                                  { return nil }
func (panel) Follows() bool                                   { return true }
func (panel) Selects(widgets.Context) (datasource.Safe, bool) { return datasource.Safe{}, false }

func title(s string) datasource.Safe { return datasource.Clean(s, 64) }

// signRole is the role of a figure by its sign.
func signRole(s string) theme.Role {
	switch {
	case strings.HasPrefix(s, "-"):
		return theme.Down
	case s == "", strings.Trim(s, "0.") == "":
		return theme.Text
	}
	return theme.Up
}

// signed writes the sign of a positive figure.
func signed(s string) string {
	if s == "" || s[0] == '-' || s[0] == '+' || strings.Trim(s, "0.") == "" {
		return s
	}
	return "+" + s
}

// percent writes the unit behind a figure that there is.
func percent(s string) string {
	if s == "" {
		return s
	}
	return s + "%"
}

// Head is the first three lines of a symbol's page: its price, its day and what
// the account has in it, without a border.
type Head struct{ panel }

// Title implements widgets.Widget.
func (Head) Title() datasource.Safe { return title("Symbol") }

// figure is one column of Head.
type figure struct {
	label, value, below string
	role                theme.Role
}

// Render implements widgets.Widget.
func (Head) Render(f widgets.Context) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Bare: true, Focused: f.Focused})
	figures := headFigures(f)
	n := max(min(len(figures), f.W/16), 1)
	figures = figures[:min(n, len(figures))]
	width := max(p.Width()/n, 1)
	for line := range 3 {
		for i := range figures {
			g := &figures[i]
			switch line {
			case 0:
				role := theme.Label
				if i == 0 {
					role = theme.Title
				}
				p.Cell(role, g.label, min(width, p.Left()))
			case 1:
				p.Cell(g.role, g.value, min(width, p.Left()))
			default:
				p.Cell(theme.Label, g.below, min(width, p.Left()))
			}
		}
		p.EndLine()
	}
	return p.String()
}

func headFigures(f widgets.Context) []figure {
	symbol := f.Selected.String()
	out := []figure{{label: symbol, value: "no price", role: theme.Label}}
	if e, ok := quoteOf(f.Data, symbol); ok {
		get := func(names ...string) string { return fieldText(&e.Value, names) }
		price := get("last", "price", "mid")
		if price == "" || strings.Trim(price, "0.") == "" {
			price = get("bid")
		}
		mark, _ := draw.Mark(f.Theme, e.State)
		age := ""
		if e.State != datasource.StateLive {
			age = e.State.String() + " " + draw.Age(e.Age(f.Now))
		}
		out[0] = figure{label: symbol, value: strings.TrimSpace(price + " " + mark), below: age, role: draw.Faded(e, theme.Strong)}
		for _, g := range []figure{
			{label: "BID", value: get("bid"), role: theme.Strong},
			{label: "ASK", value: get("ask"), role: theme.Strong},
			{label: "CHANGE", value: percent(signed(get("change_pct"))), role: signRole(get("change_pct"))},
			{label: "DAY LOW", value: get("low", "day_low"), role: theme.Text},
			{label: "DAY HIGH", value: get("high", "day_high"), role: theme.Text},
		} {
			if g.value != "" {
				out = append(out, g)
			}
		}
	}
	positions := rowsOf(f.Data, symbol, Position)
	mine := figure{label: "MY POSITION", value: "none", role: theme.Label}
	if len(positions) > 0 {
		v := positions[0].value
		pnl := signed(fieldText(v, pnlNames))
		mine.value, mine.role = pnl, signRole(pnl)
		mine.below = strings.TrimSpace(fieldText(v, sideNames) + " " + fieldText(v, sizeNames))
		if n := len(positions); n > 1 {
			mine.below += " · " + strconv.Itoa(n-1) + " more"
		}
	}
	out = append(out, mine)
	if n := len(rowsOf(f.Data, symbol, Order)); n > 0 {
		out = append(out, figure{label: "ORDERS", value: strconv.Itoa(n), role: theme.Strong})
	}
	return out
}

// Trades lists the account's positions and orders in a symbol.
type Trades struct{ panel }

// Title implements widgets.Widget.
func (Trades) Title() datasource.Safe { return title("My position and orders") }

// Render implements widgets.Widget.
func (w Trades) Render(f widgets.Context) string {
	symbol := f.Selected.String()
	positions, orders := rowsOf(f.Data, symbol, Position), rowsOf(f.Data, symbol, Order)
	head := draw.Head{Title: w.Title(), Focused: f.Focused}
	head.Note, head.NoteRole = sourceNote(f, append(append([]row(nil), positions...), orders...))
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	if len(positions)+len(orders) == 0 {
		p.Lit(theme.Label, "no position and no order in "+symbol).EndLine()
	}
	for _, r := range positions {
		pnl := signed(fieldText(r.value, pnlNames))
		p.Cell(theme.Strong, strings.ToUpper(fieldText(r.value, sideNames)), 6).Cell(theme.Text, fieldText(r.value, sizeNames), 8)
		p.Lit(theme.Text, "@ "+fieldText(r.value, []string{"open_price", "entry", "entry_price", "open", "avg_price", "price"})).Skip(2)
		p.Right(signRole(pnl), pnl, p.Left())
		p.EndLine()
		plan := ""
		for _, level := range [...][2]string{{"stop", "stop,sl,stop_loss"}, {"target", "target,tp,take_profit"}} {
			if s := fieldText(r.value, strings.Split(level[1], ",")); s != "" && strings.Trim(s, "0.") != "" {
				plan += "  " + level[0] + " " + s
			}
		}
		if plan != "" {
			p.Lit(theme.Label, "    "+plan).EndLine()
		}
	}
	if len(orders) > 0 && len(positions) > 0 {
		p.Rule()
	}
	for _, r := range orders {
		words := strings.ToUpper(strings.TrimSpace(fieldText(r.value, []string{"type", "kind", "order_type"}) + " " + fieldText(r.value, sideNames[:2])))
		p.Cell(theme.Text, words, 12).Cell(theme.Text, fieldText(r.value, sizeNames), 8)
		p.Lit(theme.Text, "@ "+fieldText(r.value, []string{"price", "limit", "limit_price", "stop_price", "trigger"})).EndLine()
	}
	return p.String()
}

// sourceNote says where rows came from and how old they are, when they are not
// live.
func sourceNote(f widgets.Context, rows []row) (datasource.Safe, theme.Role) {
	var entries []*datasource.Entry
	for _, r := range rows {
		entries = append(entries, r.entry)
	}
	return draw.Note(entries, f.Now, f.Stamps)
}

// Alerts lists what fires on a symbol.
type Alerts struct{ panel }

// Title implements widgets.Widget.
func (Alerts) Title() datasource.Safe { return title("Alerts") }

// Render implements widgets.Widget.
func (w Alerts) Render(f widgets.Context) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: w.Title(), Aside: "+ new   ! all", AsideRole: theme.Label, Focused: f.Focused})
	n := 0
	for i := range f.Data.Alerts {
		a := &f.Data.Alerts[i]
		if !strings.Contains(a.Name.String()+" "+a.When.String(), f.Selected.String()) {
			continue
		}
		n++
		role := theme.Warn
		if a.Level == datasource.LevelCritical {
			role = theme.Bad
		}
		p.Lit(role, "● ").Safe(theme.Text, alertbook.Text(a, false, f.Data)).Skip(1)
		p.Right(theme.Label, draw.Age(f.Now.Sub(a.Since)), max(p.Left(), 0)).EndLine()
	}
	if n == 0 {
		p.Lit(theme.Label, "none firing on "+f.Selected.String()).EndLine()
	}
	return p.String()
}

// Messages lists the newest messages about a symbol.
type Messages struct{ panel }

// Title implements widgets.Widget.
func (Messages) Title() datasource.Safe { return title("Notifications") }

// Render implements widgets.Widget.
func (w Messages) Render(f widgets.Context) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: w.Title(), Focused: f.Focused})
	n := 0
	for i := range f.Data.Len() {
		name, e := f.Data.Nth(i)
		if !e.Known() || e.Value.Type != datasource.TypeMessages || datasource.Item(name) != "" {
			continue
		}
		for m := range e.Value.Messages {
			msg := &e.Value.Messages[m]
			if !mentions(&msg.Value, f.Selected.String()) || p.Full() {
				continue
			}
			n++
			p.Cell(theme.Label, messageTime(msg, f.Now), 9).Skip(1)
			p.Lit(theme.Strong, strings.ToUpper(fieldText(&msg.Value, []string{"type", "level", "event", "kind"}))+"  ")
			p.Cell(theme.Text, messageText(&msg.Value), max(p.Left(), 0)).EndLine()
		}
	}
	if n == 0 {
		p.Lit(theme.Label, "none about "+f.Selected.String()).EndLine()
	}
	return p.String()
}

// messageTime is when a message was sent, or received where it does not say.
func messageTime(m *datasource.Message, now time.Time) string {
	at := m.At
	if v, ok := fieldNamed(&m.Value, timeNames); ok {
		if t, ok := timeOf(v); ok {
			at = t
		}
	}
	if at.IsZero() {
		return ""
	}
	return draw.Clock(at.In(now.Location()), now)
}

func messageText(v *datasource.Value) string {
	if s := fieldText(v, []string{"text", "message", "msg", "title"}); s != "" {
		return s
	}
	if v.Type == datasource.TypeText {
		return v.Text.String()
	}
	var parts []string
	for i := range v.Fields {
		if s := text(&v.Fields[i].Value); s != "" {
			parts = append(parts, v.Fields[i].Name.String()+" "+s)
		}
	}
	return strings.Join(parts, " · ")
}

// Tape lists the newest trades or ticks of a symbol.
type Tape struct{ panel }

// Title implements widgets.Widget.
func (Tape) Title() datasource.Safe { return title("Trades") }

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
		p.Cell(theme.Label, messageTime(m, f.Now), 9).Skip(1).Right(role, price, 12)
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

// Data lists what is known of a symbol: each datum with its key, its source,
// its age and its TTL.
type Data struct{ panel }

// Title implements widgets.Widget.
func (Data) Title() datasource.Safe { return title("Data") }

// Render implements widgets.Widget.
func (w Data) Render(f widgets.Context) string {
	var names []string
	live := 0
	for i := range f.Data.Len() {
		name, e := f.Data.Nth(i)
		if datasource.Item(name) == f.Selected.String() {
			names = append(names, name)
			if e != nil && e.State == datasource.StateLive {
				live++
			}
		}
	}
	head := draw.Head{Title: w.Title(), Aside: "all live", AsideRole: theme.Good, Focused: f.Focused}
	if live < len(names) {
		head.Aside, head.AsideRole = strconv.Itoa(live)+" of "+strconv.Itoa(len(names))+" live", theme.Warn
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	keyW := max(p.Width()-12-7-7-6, 8)
	p.Cell(theme.Label, "WHAT", 11).Skip(1).Cell(theme.Label, "KEY", keyW-1).Skip(1).Cell(theme.Label, "FROM", 7).Right(theme.Label, "AGE", 7).Right(theme.Label, "TTL", 6).EndLine()
	for _, name := range names {
		e := f.Data.Get(name)
		p.Cell(theme.Text, datasource.Group(name), 11).Skip(1)
		if e == nil {
			p.Cell(theme.Label, "not read yet", p.Left()).EndLine()
			continue
		}
		ttl := "none"
		if left, ok := e.TTL(f.Now); ok {
			ttl = draw.Left(left)
		}
		age := ""
		role := theme.Label
		if e.Known() {
			age = draw.Age(e.Age(f.Now))
		}
		if e.State == datasource.StateLive {
			role = theme.Good
		}
		p.Cell(theme.Text, datasource.Clean(e.Ref.Key, 128).String(), keyW-1).Skip(1).Cell(theme.Label, e.Origin.String(), 7)
		p.Right(role, age, 7).Right(theme.Label, ttl, 6).EndLine()
	}
	return p.String()
}

// Details lists every field of a position or an order.
type Details struct{ Thing Thing }

// Kind implements widgets.Widget.
func (Details) Kind() string { return "thing" }

// Data implements widgets.Widget.
func (d Details) Data() []string { return []string{d.Thing.Datum} }

// Title implements widgets.Widget.
func (d Details) Title() datasource.Safe { return d.Thing.Crumb() }

// Render implements widgets.Widget.
func (d Details) Render(f widgets.Context) string {
	head := draw.Head{Title: d.Title(), Focused: f.Focused}
	r, ok := find(f.Data, d.Thing)
	if ok {
		head.Note, head.NoteRole = sourceNote(f, []row{r})
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	if !ok {
		p.Lit(theme.Warn, "closed: it is gone from "+datasource.Clean(d.Thing.Datum, 64).String()).EndLine()
		return p.String()
	}
	for i := range r.value.Fields {
		v := &r.value.Fields[i]
		s := text(&v.Value)
		role := theme.Text
		if strings.Contains(strings.ToLower(v.Name.String()), "pnl") || strings.EqualFold(v.Name.String(), "profit") {
			role, s = signRole(s), signed(s)
		}
		p.Cell(theme.Label, field.Label(v.Name.String()), 18).Lit(role, s).EndLine()
	}
	return p.String()
}
