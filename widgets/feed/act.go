package feed

import (
	"ticktop/widgets"
	"ticktop/widgets/list"
)

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions(widgets.ActInterval) }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	v := w.readFrame(f)
	if a == widgets.ActInterval {
		return nextKind(f.View, v.kinds)
	}
	return list.Move(f.View, a, len(v.messages), max(v.win.Lines, 1))
}

// Target implements widgets.Pointer: the message under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	v := w.readFrame(f)
	if v.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	m := &v.messages[v.win.Cursor]
	return widgets.Target{Name: m.datum, Row: m.index}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	v := w.readFrame(f)
	y -= list.Top(f)
	if !w.spec.Wrap {
		return v.win.At(y)
	}
	for i, h := range v.heights {
		if y >= 0 && y < h {
			return v.win.First + i, true
		}
		y -= h
	}
	return 0, false
}
