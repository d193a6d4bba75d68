// Package overlay holds what opens over the dashboard: pickers, pagers, forms,
// help, the inspector, events and alerts. An overlay knows the session only as
// its Host.
package overlay

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/ui/layout"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Overlay is something open over the dashboard. It gets every key but ctrl+c.
type Overlay interface {
	Key(h Host, msg tea.KeyPressMsg) tea.Cmd
	Paste(h Host, text string)
	Wheel(h Host, dy int)
	// Place says where it is drawn on a screen of w×h.
	Place(h Host, w, height int) layout.Rect
	// Box returns what is drawn there, and the input line where there is one.
	Box(h Host, r layout.Rect) (*chrome.Box, *Input)
}

// Clicker is an Overlay whose rows can be clicked.
type Clicker interface{ Click(h Host, row int) }

// Host is what an overlay may ask of the session that it is open in.
type Host interface {
	Snapshot() *datasource.Snapshot
	Now() time.Time
	Palette() *theme.Palette
	Keys() *keymap.Map
	HidesBalances() bool
	// Replaying reports whether a recording is shown, which gives some keys
	// another meaning.
	Replaying() bool
	// Focused returns where the focused panel is; ok is false for none, and
	// while it has the whole screen.
	Focused() (r layout.Rect, ok bool)
	// Do does what a key of that action does.
	Do(a keymap.Action, key string) tea.Cmd
	// Open shows an overlay instead of this one; Close goes back to the
	// dashboard.
	Open(o Overlay)
	Close()
	// Redraw draws the frame again, Rebuild the scene too.
	Redraw()
	Rebuild()
	// Say puts a message into the footer for a few seconds.
	Say(role theme.Role, text string)
}

// MaxInput bounds what is shown of a line of input, in bytes.
const MaxInput = 4 << 10

// Draw lays an overlay over a frame of w×h.
func Draw(o Overlay, h Host, frame string, w, height int) (string, *tea.Cursor) {
	r := o.Place(h, w, height)
	b, in := o.Box(h, r)
	pal := h.Palette()
	box := b.Draw(pal, r.W, r.H)
	if pal.Symbols == theme.ASCII {
		box = chrome.ASCII(box)
	}
	out := chrome.Over(frame, w, box, r.X, r.Y, r.W)
	if in == nil {
		return out, nil
	}
	x, y := b.CursorAt(r.X, r.Y, r.W, draw.Width(in.BeforeCursor()))
	return out, tea.NewCursor(x, y)
}

// Click handles a click on a screen of w×height: outside of the overlay it
// closes it, inside it chooses a row.
func Click(o Overlay, h Host, x, y, w, height int) {
	r := o.Place(h, w, height)
	if !r.Contains(x, y) {
		o.Key(h, tea.KeyPressMsg{Code: tea.KeyEsc})
		h.Close()
		return
	}
	c, ok := o.(Clicker)
	if !ok {
		return
	}
	b, _ := o.Box(h, r)
	top := r.Y + 1
	if b.Prompt != "" {
		top += 2
	}
	if y >= top && y < r.Y+r.H-1 {
		c.Click(h, b.Offset+y-top)
	}
}

// centred returns a rectangle of at most w×h in the middle of the screen, below
// the top bar and above the footer.
func centred(screenW, screenH, w, h int) layout.Rect {
	w, h = min(w, screenW), min(h, max(screenH-2, 1))
	return layout.Rect{X: (screenW - w) / 2, Y: max((screenH-h)/2, 1), W: w, H: h}
}

// scrollTo returns the offset that keeps row cursor among lines visible rows.
func scrollTo(offset, cursor, lines, total int) int {
	if cursor >= 0 {
		offset = min(offset, cursor)
		offset = max(offset, cursor-lines+1)
	}
	return max(min(offset, total-lines), 0)
}
