package quotes

import (
	"slices"

	"ticktop/datasource"
)

// groups are the headings of a watchlist.
type groups struct {
	names []string
	of    map[string]place
}

// place is where a symbol is in the configured order.
type place struct{ group, rank int }

func groupsOf(spec []Group) groups {
	g := groups{of: map[string]place{}}
	for i, s := range spec {
		g.names = append(g.names, datasource.Clean(s.Name, 80).String())
		for k, sym := range s.Symbols {
			if _, twice := g.of[sym]; !twice {
				g.of[sym] = place{i, k}
			}
		}
	}
	return g
}

// rest is the heading of what is in no group.
const rest = "OTHER"

// placeOf is the place of a symbol; what is in no group comes last, in the order
// in which it is.
func (g *groups) placeOf(symbol string) place {
	if p, ok := g.of[symbol]; ok {
		return p
	}
	return place{group: len(g.names)}
}

// headingOf returns the text above a group.
func (g *groups) headingOf(i int) string {
	if i < len(g.names) {
		return g.names[i]
	}
	return rest
}

// orderByGroup puts rows into the order of their groups.
func (g *groups) orderByGroup(rows []row) {
	slices.SortStableFunc(rows, func(a, b row) int {
		p, q := g.placeOf(a.symbol), g.placeOf(b.symbol)
		if p.group != q.group {
			return p.group - q.group
		}
		return p.rank - q.rank
	})
}

// line is one line below the heads: a row, or the heading of a group.
type line struct {
	row     int // -1 for a heading
	heading string
}

// layLines lays rows out with their headings, where there is space for both.
func (g *groups) layLines(rows []row, room int, flat bool) []line {
	out := make([]line, 0, len(rows)+len(g.names)+1)
	before := -1
	for i := range rows {
		if p := g.placeOf(rows[i].symbol); len(g.names) > 0 && !flat && p.group != before {
			out = append(out, line{row: -1, heading: g.headingOf(p.group)})
			before = p.group
		}
		out = append(out, line{row: i})
	}
	if len(out) > room && len(rows) <= room || room < minGrouped {
		out = slices.DeleteFunc(out, func(l line) bool { return l.row < 0 })
	}
	return out
}

// minGrouped is how many lines are worth spending some on headings.
const minGrouped = 4
