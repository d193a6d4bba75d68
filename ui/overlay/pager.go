package overlay

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/ui/layout"
)

// Pager is rows to read: help, inspector, event log. '/' searches it.
type Pager struct {
	Title  datasource.Safe
	Rows   func(w int) []chrome.Row
	Keys   func(key string) (tea.Cmd, bool) // more keys than scrolling
	Toggle keymap.Action                    // the action that closes it again
	Note   string
	Side   bool // stands at the right, so that what it is about can be seen
	Search bool // can be searched

	typing bool
	line   Input
	offset int
	lines  int // shown when last drawn
	total  int
}

// Key implements Overlay.
func (p *Pager) Key(h Host, msg tea.KeyPressMsg) tea.Cmd {
	key := msg.String()
	if p.typing {
		p.editSearch(msg)
		return nil
	}
	if p.Keys != nil {
		if cmd, done := p.Keys(key); done {
			return cmd
		}
	}
	if b, _ := h.Keys().Lookup(key, h.Replaying()); b.Action == p.Toggle && p.Toggle != "" {
		h.Close()
		return nil
	}
	switch key {
	case "esc":
		if p.line.Text() != "" {
			p.line.Set("")
			return nil
		}
		h.Close()
	case "q", "enter":
		h.Close()
	case "/":
		p.typing = p.Search
	default:
		p.scrollKey(key)
	}
	return nil
}

func (p *Pager) scrollKey(key string) {
	switch key {
	case "up", "k":
		p.scroll(-1)
	case "down", "j":
		p.scroll(1)
	case "pgup", "ctrl+u":
		p.scroll(-max(p.lines-1, 1))
	case "pgdown", "ctrl+d", "space":
		p.scroll(max(p.lines-1, 1))
	case "home", "g":
		p.offset = 0
	case "end", "G":
		p.scroll(p.total)
	}
}

// editSearch edits the search.
func (p *Pager) editSearch(msg tea.KeyPressMsg) {
	switch key := msg.String(); key {
	case "esc":
		p.line.Set("")
		p.typing = false
	case "enter":
		p.typing = false
	case "up", "down", "pgup", "pgdown":
		p.scrollKey(key)
	default:
		if p.line.Key(msg) {
			p.offset = 0
		}
	}
}

// Paste implements Overlay.
func (p *Pager) Paste(_ Host, text string) {
	if p.typing {
		p.line.Insert(text)
	}
}

// Wheel implements Overlay.
func (p *Pager) Wheel(_ Host, dy int) { p.scroll(dy) }

func (p *Pager) scroll(n int) { p.offset = max(min(p.offset+n, p.total-p.lines), 0) }

// Place implements Overlay: as high as its rows need, before any search narrows them; at the side
// away from the focused panel where there is space for both.
func (p *Pager) Place(host Host, w, h int) layout.Rect {
	if p.Side && w >= 110 {
		side := min(max(w*2/5, 56), 80)
		r := layout.Rect{X: w - side, Y: 1, W: side, H: max(h-2, 1)}
		if at, ok := host.Focused(); ok && at.X > r.X-at.W/2 {
			r.X = 0
		}
		return r
	}
	r := centred(w, h, min(100, w-2), h-4)
	need := max(len(p.Rows(r.W-4))+2, 8)
	if p.Search {
		need += 2
	}
	return centred(w, h, r.W, min(r.H, need))
}

// Box implements Overlay.
func (p *Pager) Box(_ Host, r layout.Rect) (*chrome.Box, *Input) {
	b := &chrome.Box{Title: p.Title, Cursor: -1, Note: p.Note, Empty: "no match"}
	var in *Input
	if p.typing || p.line.Text() != "" {
		b.Prompt, b.Input = "/ ", p.line.Shown()
	}
	if p.typing {
		in = &p.line
	}
	b.Rows = rowsWith(p.Rows(r.W-4), p.line.Text())
	p.lines, p.total = b.Lines(r.H), len(b.Rows)
	p.offset = max(min(p.offset, p.total-p.lines), 0)
	b.Offset = p.offset
	return b, in
}

// rowsWith returns the rows that hold every word of text.
func rowsWith(rows []chrome.Row, text string) []chrome.Row {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return rows
	}
	var out []chrome.Row
	for _, row := range rows {
		var b strings.Builder
		for _, s := range row {
			b.WriteString(s.Text)
			b.WriteByte(' ')
		}
		line, all := strings.ToLower(b.String()), true
		for _, w := range words {
			all = all && strings.Contains(line, w)
		}
		if all {
			out = append(out, row)
		}
	}
	return out
}

// Typed returns the search that was typed.
func (p *Pager) Typed() string { return p.line.Text() }
