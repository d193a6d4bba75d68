package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
)

// pager is rows to read: help, inspector, event log. '/' searches it.
type pager struct {
	title  func(m *Model) datasource.Safe
	rows   func(m *Model, w int) []chrome.Row
	keys   func(m *Model, key string) (tea.Cmd, bool) // more keys than scrolling
	toggle string                                     // the action that closes it again
	note   string
	side   bool // stands at the right, so that what it is about can be seen
	search bool // can be searched

	typing bool
	line   input
	offset int
	lines  int // shown when last drawn
	total  int
}

func (p *pager) key(m *Model, key, text string) tea.Cmd {
	if p.typing {
		p.edit(m, key, text)
		return nil
	}
	if p.keys != nil {
		if cmd, done := p.keys(m, key); done {
			return cmd
		}
	}
	if b, _ := m.opt.Keys.Lookup(key); b.Action == p.toggle && p.toggle != "" {
		m.closeOverlay()
		return nil
	}
	switch key {
	case "esc":
		if p.line.String() != "" {
			p.line.set("")
			return nil
		}
		m.closeOverlay()
	case "q", "enter":
		m.closeOverlay()
	case "/":
		p.typing = p.search
	default:
		p.scrollKey(key)
	}
	return nil
}

func (p *pager) scrollKey(key string) {
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

// edit edits the search.
func (p *pager) edit(_ *Model, key, text string) {
	switch key {
	case "esc":
		p.line.set("")
		p.typing = false
	case "enter":
		p.typing = false
	case "up", "down", "pgup", "pgdown":
		p.scrollKey(key)
	default:
		if p.line.key(key, text) {
			p.offset = 0
		}
	}
}

func (p *pager) paste(_ *Model, text string) {
	if p.typing {
		p.line.insert(text)
	}
}

func (p *pager) wheel(_ *Model, dy int) { p.scroll(dy) }

func (p *pager) scroll(n int) { p.offset = max(min(p.offset+n, p.total-p.lines), 0) }

// place: as high as its rows need, before any search narrows them; at the side
// away from the focused panel where there is room for both.
func (p *pager) place(m *Model, w, h int) layout.Rect {
	if p.side && w >= 110 {
		side := min(max(w*2/5, 56), 80)
		r := layout.Rect{X: w - side, Y: 1, W: side, H: max(h-2, 1)}
		if slot := m.focused(); slot != nil && !m.zoomed && slot.Rect.X > r.X-slot.Rect.W/2 {
			r.X = 0
		}
		return r
	}
	r := middle(w, h, min(100, w-2), h-4)
	need := max(len(p.rows(m, r.W-4))+2, 8)
	if p.search {
		need += 2
	}
	return middle(w, h, r.W, min(r.H, need))
}

func (p *pager) box(m *Model, r layout.Rect) (*chrome.Box, *input) {
	b := &chrome.Box{Title: p.title(m), Cursor: -1, Note: p.note, Empty: "nothing like that"}
	var in *input
	if p.typing || p.line.String() != "" {
		b.Prompt, b.Input = "/ ", datasource.Clean(p.line.String(), maxPaste)
	}
	if p.typing {
		in = &p.line
	}
	b.Rows = having(p.rows(m, r.W-4), p.line.String())
	p.lines, p.total = b.Lines(r.H), len(b.Rows)
	p.offset = max(min(p.offset, p.total-p.lines), 0)
	b.Offset = p.offset
	return b, in
}

// having returns the rows that hold every word of text.
func having(rows []chrome.Row, text string) []chrome.Row {
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
