package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// choice is one row of a picker.
type choice struct {
	kind string // "page": shown dim before the name, and searched
	name string // passed the gate
	note string // dim, after the name
	keys string // shown at the right
	mark string // before everything: "✓"
	do   func(m *Model) tea.Cmd
}

// picker is a list to choose from: the palette, the themes, the accounts, the
// symbols, the faults. What is typed narrows it.
type picker struct {
	title  string
	typing bool                    // every key is text from the start
	list   func(m *Model) []choice // in their order
	free   func(m *Model, text string) []choice
	onMove func(m *Model, c *choice) // a live preview
	onEsc  func(m *Model)            // takes the preview back
	stay   bool                      // choosing does not close
	note   string
	detail int // lines below for the whole note of the row under the cursor

	line   input
	shown  []choice
	cursor int
	offset int
}

// refill makes the rows for what is typed.
func (p *picker) refill(m *Model) {
	text := strings.TrimSpace(p.line.String())
	all := p.list(m)
	p.shown = all
	if text != "" {
		p.shown = fuzzy(text, all)
		if p.free != nil {
			p.shown = append(p.shown, p.free(m, text)...)
		}
	}
	p.cursor = min(max(p.cursor, 0), max(len(p.shown)-1, 0))
}

func (p *picker) key(m *Model, key, text string) tea.Cmd {
	switch key {
	case "esc":
		if p.onEsc != nil {
			p.onEsc(m)
		}
		m.closeOverlay()
	case "enter":
		return p.choose(m)
	case "up", "ctrl+p":
		p.moveTo(m, p.cursor-1)
	case "down", "ctrl+n":
		p.moveTo(m, p.cursor+1)
	case "pgup":
		p.moveTo(m, p.cursor-10)
	case "pgdown":
		p.moveTo(m, p.cursor+10)
	case "tab":
		p.complete(m)
	default:
		return p.other(m, key, text)
	}
	return nil
}

// other handles what depends on whether the picker is being typed in.
func (p *picker) other(m *Model, key, text string) tea.Cmd {
	if p.typing {
		if p.line.key(key, text) {
			p.cursor, p.offset = 0, 0
			p.refill(m)
		}
		return nil
	}
	switch key {
	case "q":
		return p.key(m, "esc", "")
	case "space":
		return p.choose(m)
	case "k":
		p.moveTo(m, p.cursor-1)
	case "j":
		p.moveTo(m, p.cursor+1)
	case "home", "g":
		p.moveTo(m, 0)
	case "end", "G":
		p.moveTo(m, len(p.shown)-1)
	case "/":
		p.typing = true
	}
	return nil
}

func (p *picker) paste(m *Model, text string) {
	p.typing = true
	p.line.insert(text)
	p.refill(m)
}

func (p *picker) wheel(m *Model, dy int) { p.moveTo(m, p.cursor+dy) }

func (p *picker) moveTo(m *Model, i int) {
	p.refill(m)
	if len(p.shown) == 0 {
		return
	}
	p.cursor = min(max(i, 0), len(p.shown)-1)
	m.dirty = true
	if p.onMove != nil {
		p.onMove(m, &p.shown[p.cursor])
	}
}

// complete puts the chosen row's name into the line.
func (p *picker) complete(m *Model) {
	p.refill(m)
	if p.cursor < len(p.shown) {
		p.typing = true
		p.line.set(p.shown[p.cursor].name)
		p.cursor = 0
		p.refill(m)
	}
}

func (p *picker) choose(m *Model) tea.Cmd {
	p.refill(m)
	if p.cursor >= len(p.shown) {
		return nil
	}
	c := p.shown[p.cursor]
	if !p.stay {
		m.closeOverlay()
	}
	m.changed()
	return c.do(m)
}

func (p *picker) place(m *Model, w, h int) layout.Rect {
	p.refill(m)
	rows := len(p.list(m)) + 2
	if p.typing {
		rows += 2
	}
	if p.detail > 0 {
		rows += 1 + p.detail
	}
	r := middle(w, h, min(100, w-4), min(rows, 24, h-3))
	if p.onMove != nil { // a preview needs to be seen
		r.W = min(58, w)
		r.X = w - r.W
	}
	r.Y = min(2, max(h-r.H, 0))
	return r
}

func (p *picker) box(m *Model, r layout.Rect) (*chrome.Box, *input) {
	p.refill(m)
	b := &chrome.Box{Title: datasource.Clean(p.title, 64), Cursor: p.cursor, Empty: "nothing like that", Note: p.note}
	var in *input
	if p.typing {
		b.Prompt, b.Input, in = "› ", datasource.Clean(p.line.String(), maxPaste), &p.line
	}
	if p.detail > 0 && r.H > 8+p.detail {
		b.Detail.Lines = p.detail
		if p.cursor < len(p.shown) {
			b.Detail.Text = datasource.Clean(p.shown[p.cursor].note, datasource.MaxCell)
		}
	}
	p.offset = follow(p.offset, p.cursor, b.Lines(r.H), len(p.shown))
	b.Offset = p.offset
	keyW, nameW := 0, 12
	for i := range p.shown {
		keyW = max(keyW, draw.Width(p.shown[i].keys))
		nameW = max(nameW, min(draw.Width(p.shown[i].name), (r.W-4)/3))
	}
	for i := range p.shown {
		b.Rows = append(b.Rows, choiceRow(&p.shown[i], r.W-4, nameW, keyW))
	}
	return b, in
}

func choiceRow(c *choice, w, nameW, keyW int) chrome.Row {
	row := chrome.Row{}
	if c.mark != "" {
		row = append(row, chrome.Seg{Role: theme.Good, Text: c.mark, W: 2})
		w -= 2
	}
	if c.kind != "" {
		row = append(row, chrome.Seg{Role: theme.Label, Text: c.kind, W: 9})
		w -= 9
	}
	if keyW > 0 {
		w -= keyW + 1
	}
	name := chrome.Seg{Role: theme.Strong, Text: c.name, W: max(w, 1)}
	if c.note != "" {
		name.W = min(nameW, max(w, 1))
		row = append(row, name, chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: c.note, W: max(w-name.W-1, 1)})
	} else {
		row = append(row, name)
	}
	if keyW > 0 {
		row = append(row, chrome.Seg{Role: theme.Key, Text: c.keys, W: -1, Right: true})
	}
	return row
}
