package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// overlay is something open over the dashboard. It gets every key but ctrl+c.
type overlay interface {
	key(m *Model, key, text string) tea.Cmd
	paste(m *Model, text string)
	wheel(m *Model, dy int)
	// place says where it is drawn on a screen of w×h.
	place(m *Model, w, h int) layout.Rect
	// box returns what is drawn there, and the input line where there is one.
	box(m *Model, r layout.Rect) (*chrome.Box, *input)
}

// open shows an overlay in the place of any other.
func (m *Model) open(o overlay) {
	m.overlay = o
	m.toast = toast{}
	m.changed()
}

// closeOverlay goes back to the dashboard.
func (m *Model) closeOverlay() {
	m.overlay = nil
	m.changed()
}

// drawOverlay lays the open overlay over the dashboard's picture.
func (m *Model) drawOverlay(screen string) (string, *tea.Cursor) {
	r := m.overlay.place(m, m.w, m.h)
	b, in := m.overlay.box(m, r)
	pic := b.Draw(m.pal, r.W, r.H)
	if m.pal.Symbols == theme.ASCII {
		pic = chrome.ASCII(pic)
	}
	out := chrome.Over(screen, m.w, pic, r.X, r.Y, r.W)
	if in == nil {
		return out, nil
	}
	before := datasource.Clean(string(in.runes[:in.at]), maxPaste).String()
	return out, tea.NewCursor(b.CursorAt(r.X, r.Y, r.W, draw.Width(before)))
}

// clickOverlay closes what is open when the click falls outside of it; inside
// it picks a row.
func (m *Model) clickOverlay(x, y int) {
	r := m.overlay.place(m, m.w, m.h)
	if !r.Contains(x, y) {
		m.overlay.key(m, "esc", "")
		m.overlay = nil
		m.changed()
		return
	}
	p, ok := m.overlay.(*picker)
	if !ok {
		return
	}
	b, _ := p.box(m, r)
	top := r.Y + 1
	if b.Prompt != "" {
		top += 2
	}
	if i := b.Offset + y - top; y >= top && i < len(p.shown) {
		p.moveTo(m, i)
	}
}

// middle returns a rectangle of at most w×h in the middle of the screen, below
// the top bar and above the footer.
func middle(screenW, screenH, w, h int) layout.Rect {
	w, h = min(w, screenW), min(h, max(screenH-2, 1))
	return layout.Rect{X: (screenW - w) / 2, Y: max((screenH-h)/2, 1), W: w, H: h}
}

// follow returns the offset that keeps row cursor among lines visible rows.
func follow(offset, cursor, lines, total int) int {
	if cursor >= 0 {
		offset = min(offset, cursor)
		offset = max(offset, cursor-lines+1)
	}
	return max(min(offset, total-lines), 0)
}
