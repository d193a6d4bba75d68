package health

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// The columns, in their order.
const (
	colDatum = iota
	colState
	colOrigin
	colAge
	colTTL
	colKey
	colCause
)

// minCause is the least space in which a cause says something.
const minCause = 12

// grid is how the columns lie on the panel.
type grid struct {
	list.Choice
	cols []list.Column
}

// measureGrid measures the columns over all data.
func measureGrid(items []item, width int, v widgets.View) grid {
	name, key := len("DATUM"), len("KEY")
	for i := range items {
		name = max(name, min(draw.Width(items[i].text), 28))
		key = max(key, min(draw.Width(items[i].key), 36))
	}
	g := grid{cols: []list.Column{
		{Key: "datum", Width: name},
		{Key: "state", Width: 10, Weight: 9},
		{Key: "origin", Width: 6, Weight: 3},
		{Key: "age", Width: 8, Weight: 6},
		{Key: "ttl", Width: 8, Weight: 2},
		{Key: "key", Width: key, Weight: 1},
		{Key: "cause", Width: minCause, Weight: 5},
	}}
	g.Choice = list.Choose(g.cols, width, v.Hidden, nil)
	return g
}

// heads are the heads of the columns.
var heads = [...]string{"DATUM", "STATE", "ORIGIN", "AGE", "TTL", "KEY", "CAUSE"}

func (v *view) drawHeads(p *draw.Panel, f widgets.Context) {
	for k, i := range v.grid.Shown {
		if k > 0 {
			p.Skip(list.Gap)
		}
		text, role := heads[i], theme.Label
		if v.grid.cols[i].Key == f.View.Sort {
			text, role = text+list.SortMark(f.Theme, f.View.Desc), theme.Title
		}
		if i == colAge || i == colTTL {
			p.Right(role, text, v.grid.cols[i].Width)
		} else {
			p.Cell(role, text, v.grid.cols[i].Width)
		}
	}
	p.EndLine()
}

// drawItem puts one datum on the open line.
func (v *view) drawItem(p *draw.Panel, f *widgets.Context, x *item) {
	state := draw.StateOf(x.entry)
	mark, role := draw.Mark(f.Theme, state)
	if state == datasource.StateLive {
		role = theme.Good
	}
	for k, i := range v.grid.Shown {
		if k > 0 {
			p.Skip(list.Gap)
		}
		width := v.grid.cols[i].Width
		switch i {
		case colDatum:
			p.Cell(theme.Text, x.text, width)
		case colState:
			p.Cell(role, state.String(), width-1).Cell(role, mark, 1)
		case colOrigin:
			p.Cell(theme.Label, originOf(x.entry), width)
		case colAge:
			p.Right(ageRole(x.entry), ageText(x.entry, f), width)
		case colTTL:
			p.Right(theme.Label, ttlText(x.entry, f), width)
		case colKey:
			p.Cell(theme.Label, x.key, width)
		case colCause:
			p.Lit(causeRole(x.entry, role), x.cause)
		}
	}
}

func originOf(e *datasource.Entry) string {
	if !e.Known() {
		return field.Absent
	}
	return e.Origin.String()
}

// ageText is how long ago the value was last vouched for.
func ageText(e *datasource.Entry, f *widgets.Context) string {
	if !e.Known() || e.At.IsZero() {
		return field.Absent
	}
	return draw.AgeOrClock(e.At, f.Now, f.Stamps)
}

func ageRole(e *datasource.Entry) theme.Role {
	if s := draw.StateOf(e); s == datasource.StateStale || s == datasource.StateFallback {
		return theme.Warn
	}
	return theme.Label
}

// ttlText is the time left until the value expires at its origin.
func ttlText(e *datasource.Entry, f *widgets.Context) string {
	if !e.Known() {
		return field.Absent
	}
	left, ok := e.TTL(f.Now)
	if !ok {
		return field.Absent
	}
	return draw.Left(left)
}

func causeRole(e *datasource.Entry, state theme.Role) theme.Role {
	switch {
	case draw.StateOf(e) != datasource.StateLive:
		return state
	case e.Quiet:
		return theme.Warn
	default:
		return theme.Label
	}
}

// severity orders the states for the eye, the worst first.
var severity = [...]int{
	datasource.StateError: 0, datasource.StateMissing: 1, datasource.StateStale: 2, datasource.StateLoading: 3,
	datasource.StateFallback: 4, datasource.StateLive: 5,
}

// sortItems sorts the data: the worst first, or by a column.
func (v *view) sortItems(view widgets.View) {
	by := func(a, b *item) int {
		switch view.Sort {
		case "datum":
			return strings.Compare(a.text, b.text)
		case "origin":
			return strings.Compare(originOf(a.entry), originOf(b.entry))
		case "age":
			return cmp.Compare(readAt(a.entry), readAt(b.entry))
		case "ttl":
			return cmp.Compare(expiresAt(a.entry), expiresAt(b.entry))
		case "key":
			return strings.Compare(a.key, b.key)
		case "cause":
			return strings.Compare(a.cause, b.cause)
		default:
			return stateRank(a.entry) - stateRank(b.entry)
		}
	}
	slices.SortStableFunc(v.items, func(a, b item) int {
		if view.Desc {
			return by(&b, &a)
		}
		return by(&a, &b)
	})
}

// stateRank is the place of an entry by its state; a quiet one is not quite live.
func stateRank(e *datasource.Entry) int {
	r := 2 * severity[draw.StateOf(e)]
	if e != nil && e.Quiet {
		r--
	}
	return r
}

// readAt and expiry are moments for sorting; what has none comes last.
func readAt(e *datasource.Entry) int64 {
	if !e.Known() {
		return math.MaxInt64
	}
	return e.At.UnixNano()
}

func expiresAt(e *datasource.Entry) int64 {
	if !e.Known() || e.Expires.IsZero() {
		return math.MaxInt64
	}
	return e.Expires.UnixNano()
}
