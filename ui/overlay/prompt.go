package overlay

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Prompt asks for one line of text and says at each key what it would mean.
type Prompt struct {
	Title string
	Line  Input
	// Check says what the text means; bad when it can't be used as it stands.
	Check func(text string) (says string, bad bool)
	Done  func(text string) tea.Cmd
	Help  []string // lines below
}

// Key implements Overlay.
func (p *Prompt) Key(h Host, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		h.Close()
	case "enter":
		text := strings.TrimSpace(p.Line.Text())
		if text == "" {
			return nil
		}
		if p.Check != nil {
			if _, bad := p.Check(text); bad {
				return nil
			}
		}
		h.Close()
		return p.Done(text)
	default:
		p.Line.Key(msg)
		h.Redraw()
	}
	return nil
}

// Paste implements Overlay.
func (p *Prompt) Paste(_ Host, text string) { p.Line.Insert(text) }

// Wheel implements Overlay.
func (p *Prompt) Wheel(Host, int) {}

// Place implements Overlay.
func (p *Prompt) Place(_ Host, w, h int) layout.Rect {
	return centred(w, h, min(90, w-4), 8+len(p.Help))
}

// Box implements Overlay.
func (p *Prompt) Box(_ Host, r layout.Rect) (*chrome.Box, *Input) {
	b := &chrome.Box{Title: datasource.Clean(p.Title, 64), Cursor: -1, Prompt: "› ", Input: p.Line.Shown(), Note: "enter save · esc cancel"}
	if p.Check != nil {
		says, bad := p.Check(strings.TrimSpace(p.Line.Text()))
		for _, line := range draw.Wrap(datasource.Clean(says, datasource.MaxCell).String(), max(r.W-4, 8), 3) {
			b.Rows = append(b.Rows, chrome.Row{{Role: pickRole(bad, theme.Bad, theme.Good), Text: line}})
		}
	}
	b.Rows = append(b.Rows, chrome.Row{})
	for _, line := range p.Help {
		b.Rows = append(b.Rows, chrome.Row{{Role: theme.Label, Text: line, W: -1}})
	}
	return b, &p.Line
}
