package facts

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// Board is a panel of facts, one a line, as a frame shows it: what is drawn,
// moved in and pointed at is reckoned here alone.
type Board struct {
	Title datasource.Safe
	Data  string // the datum's name
	Facts []Fact // filtered
	All   []Fact
	Win   list.Window

	frame  widgets.Context
	filter list.Filter
	marks  bool
}

// NewBoard lays facts out on a frame. With marks each line has the state of
// its own datum; without, the panel's note speaks for all.
func NewBoard(f widgets.Context, title datasource.Safe, data string, all []Fact, marks bool) *Board {
	b := &Board{Title: title, Data: data, All: all, frame: f, filter: list.NewFilter(f.View.Filter), marks: marks}
	b.Facts = Filtered(all, b.filter)
	_, lines := list.Inside(f)
	b.Win = list.Fit(f.View, len(b.Facts), lines)
	return b
}

// Render draws the board, each line by line, which ends none; nil draws it by
// Line.
func (b *Board) Render(line func(p *draw.Panel, x *Fact)) string {
	f := &b.frame
	absent := !Known(b.All) && len(b.All) <= 1
	head := draw.Head{Title: b.Title, Focused: f.Focused}
	if !absent { // else the panel itself says why
		head.Note, head.NoteRole = draw.Note(Entries(b.All), f.Now, f.Stamps)
	}
	if b.filter.Active() || b.Win.Lines < b.Win.Total {
		head.Extra = b.Win.Extra(len(b.All), b.filter)
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case absent:
		p.Absent(b.Data, f.Data.Get(b.Data), f.Now)
		return p.String()
	case len(b.Facts) == 0 && b.filter.Active():
		p.Lit(theme.Label, "nothing matches "+b.filter.String()).EndLine()
	case len(b.Facts) == 0:
		p.Lit(theme.Label, "no fields").EndLine()
	}
	for i := range b.Win.Lines {
		n := b.Win.First + i
		if f.Focused && n == b.Win.Cursor {
			p.On(theme.Selected)
		}
		if line != nil {
			line(p, &b.Facts[n])
		} else {
			b.Line(p, &b.Facts[n])
		}
		p.EndLine()
	}
	return p.String()
}

// Line draws a fact as the board does by itself.
func (b *Board) Line(p *draw.Panel, x *Fact) { Line(p, &b.frame, x, b.marks) }

// Act moves the cursor.
func (b *Board) Act(a widgets.Action) widgets.View {
	_, lines := list.Inside(b.frame)
	return list.Move(b.frame.View, a, len(b.Facts), lines)
}

// Target is the fact under the cursor.
func (b *Board) Target() (widgets.Target, bool) {
	if b.Win.Cursor < 0 {
		return widgets.Target{}, false
	}
	x := &b.Facts[b.Win.Cursor]
	return widgets.Target{Name: x.Datum, Field: x.Path, Row: -1}, true
}

// RowAt is the fact on a line of the panel.
func (b *Board) RowAt(y int) (int, bool) { return b.Win.At(y - list.Top(b.frame)) }
