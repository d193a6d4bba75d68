package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"ticktop/widgets/theme"
)

// askPixels asks the terminal, once, whether it shows pictures: a picture of the
// Kitty protocol that is not to be shown, the size of a cell, and what else the
// terminal can do. Those that know nothing of it don't answer, and charts stay
// characters.
func askPixels() tea.Msg {
	return tea.RawMsg{Msg: "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\" + "\x1b[16t" + "\x1b[c"}
}

// onPixels takes the terminal's answers. The Kitty protocol goes before sixels:
// its pictures stay below the text.
func onPixels(m *Model, msg tea.Msg) {
	if !m.opt.Pixels {
		return
	}
	g := m.graphics
	if g.CellW == 0 {
		g.CellW, g.CellH = m.opt.Cell[0], m.opt.Cell[1]
	}
	switch msg := msg.(type) {
	case uv.KittyGraphicsEvent:
		if string(msg.Payload) == "OK" {
			g.Protocol = theme.Kitty
		}
	case uv.CellSizeEvent:
		g.CellW, g.CellH = msg.Width, msg.Height
	case uv.PrimaryDeviceAttributesEvent:
		// A sixel has its own size: it needs that of a cell.
		if slices.Contains(msg, sixelAttribute) && g.Protocol == theme.NoPixels && g.CellW > 0 && g.CellH > 0 {
			g.Protocol = theme.Sixel
		}
	}
	if g != m.graphics {
		m.graphics = g
		m.setPalette()
	}
}

// sixelAttribute is how a terminal says that it shows sixels.
const sixelAttribute = 4

// palette is what the dashboard is drawn with: below an open box in characters,
// for a picture would show through it.
func (m *Model) palette() *theme.Palette {
	if m.overlay != nil || m.filter != nil {
		return m.pal
	}
	return m.pixelPal
}
