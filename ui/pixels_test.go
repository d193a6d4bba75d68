package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

func TestPixels_AreFoundOutByAsking(t *testing.T) {
	for _, c := range []struct {
		name string
		on   bool
		cell [2]int
		says []tea.Msg
		want theme.Protocol
	}{
		{"not asked for", false, [2]int{}, []tea.Msg{uv.KittyGraphicsEvent{Payload: []byte("OK")}}, theme.NoPixels},
		{"no answer", true, [2]int{}, nil, theme.NoPixels},
		{"kitty", true, [2]int{}, []tea.Msg{uv.KittyGraphicsEvent{Payload: []byte("OK")}, uv.PrimaryDeviceAttributesEvent{62, 4}}, theme.Kitty},
		{"an error", true, [2]int{}, []tea.Msg{uv.KittyGraphicsEvent{Payload: []byte("EINVAL")}}, theme.NoPixels},
		{"sixel with a known cell", true, [2]int{}, []tea.Msg{uv.CellSizeEvent{Width: 7, Height: 16}, uv.PrimaryDeviceAttributesEvent{63, 1, 4}}, theme.Sixel},
		{"sixel, the kernel knows the cell", true, [2]int{7, 16}, []tea.Msg{uv.PrimaryDeviceAttributesEvent{63, 1, 4}}, theme.Sixel},
		{"sixel without a cell", true, [2]int{}, []tea.Msg{uv.PrimaryDeviceAttributesEvent{63, 1, 4}}, theme.NoPixels},
		{"neither", true, [2]int{7, 16}, []tea.Msg{uv.PrimaryDeviceAttributesEvent{62, 22}}, theme.NoPixels},
	} {
		m, _, _ := session(t, 120, 40, func(o *Options) { o.Pixels, o.Cell = c.on, c.cell })
		for _, msg := range c.says {
			m.Update(msg)
		}
		if got := m.palette().Graphics.Protocol; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestPixels_NotBelowABox: a picture would show through an open box.
func TestPixels_NotBelowABox(t *testing.T) {
	m, _, _ := session(t, 120, 40, func(o *Options) { o.Pixels = true })
	m.Update(uv.KittyGraphicsEvent{Payload: []byte("OK")})
	if m.currentScene().Key.Palette.Graphics.Protocol != theme.Kitty {
		t.Fatal("no pixels")
	}
	m.Update(tea.KeyPressMsg{Code: '?', Text: "?"})
	if m.overlay == nil || m.currentScene().Key.Palette.Graphics.Protocol != theme.NoPixels || strings.Contains(m.View().Content, draw.PictureBegin) {
		t.Error("pixels below an open box")
	}
	m.Update(tea.KeyPressMsg{Code: tea.KeyEsc})
	if m.currentScene().Key.Palette.Graphics.Protocol != theme.Kitty {
		t.Error("no pixels after the box was closed")
	}
}
