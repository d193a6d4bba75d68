package account

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/facts"
	"ticktop/widgets/list"
)

// readBoard reads a frame.
func (w *Widget) readBoard(f widgets.Context) *facts.Board {
	e := f.Data.Get(w.spec.Data)
	all := facts.Collect(f.Data, w.spec.Data)
	if e.Known() && e.Value.Type == datasource.TypeObject {
		all = w.insertGauges(w.orderFacts(all, e), w.gaugeFacts(e))
	}
	return facts.NewBoard(f, w.Title(), w.spec.Data, all, false)
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string { return w.readBoard(f).Render(nil) }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	return w.readBoard(f).Act(a)
}

// Target implements widgets.Pointer: the field under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) { return w.readBoard(f).Target() }

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) { return w.readBoard(f).RowAt(y) }
