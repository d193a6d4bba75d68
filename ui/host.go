package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/keymap"
	"ticktop/ui/layout"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/widgets/theme"
)

// host is a session as its overlays see it.
type host struct{ m *Model }

var _ overlay.Host = host{}

func (h host) Snapshot() *datasource.Snapshot         { return h.m.snap }
func (h host) Now() time.Time                         { return h.m.now }
func (h host) Palette() *theme.Palette                { return h.m.pal }
func (h host) Keys() *keymap.Map                      { return h.m.opt.Keys }
func (h host) HidesBalances() bool                    { return h.m.hidesBalances() }
func (h host) Replaying() bool                        { return h.m.recordingPlayer() != nil }
func (h host) Do(a keymap.Action, key string) tea.Cmd { return doAction(h.m, a, key) }
func (h host) Open(o overlay.Overlay)                 { h.m.open(o) }
func (h host) Redraw()                                { h.m.dirty = true }
func (h host) Rebuild()                               { h.m.markChanged() }
func (h host) Say(role theme.Role, text string)       { h.m.showMessage(role, text) }

func (h host) Close() {
	h.m.overlay = nil
	h.m.markChanged()
}

func (h host) Focused() (layout.Rect, bool) {
	if slot := h.m.focusedSlot(); slot != nil && !h.m.place.zoomed {
		return slot.Rect, true
	}
	return layout.Rect{}, false
}

// open shows an overlay in the place of any other.
func (m *Model) open(o overlay.Overlay) {
	m.overlay = o
	m.toast = scene.Toast{}
	m.markChanged()
}
