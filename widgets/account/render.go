package account

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/facts"
	"ticktop/widgets/list"
)

// board reads a frame.
func (w *Widget) board(f widgets.Frame) *facts.Board {
	e := f.Data.Get(w.spec.Data)
	all := facts.Collect(f.Data, w.spec.Data)
	if e.Known() && e.Value.Type == datasource.TypeObject {
		all = w.insertGauges(w.arrange(all, e), w.gaugeFacts(e))
	}
	return facts.NewBoard(f, w.title, w.spec.Data, all, false)
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Frame) string { return w.board(f).Render(nil) }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Frame, a widgets.Action, _ rune) widgets.View {
	return w.board(f).Act(a)
}

// Target implements widgets.Pointer: the field under the cursor.
func (w *Widget) Target(f widgets.Frame) (widgets.Target, bool) { return w.board(f).Target() }

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Frame, y int) (int, bool) { return w.board(f).RowAt(y) }
