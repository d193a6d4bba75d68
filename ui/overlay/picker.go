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

// Choice is one row of a picker.
type Choice struct {
	Kind string // "page": shown dim before the name, and searched
	Name string // sanitized
	Note string // dim, after the name
	Keys string // shown at the right
	Mark string // before everything: "✓"
	Do   func() tea.Cmd
}

// Picker is a list to choose from: the palette, the themes, the accounts, the
// symbols, the faults. What is typed narrows it.
type Picker struct {
	Title  string
	Typing bool                                        // every key is text from the start
	List   func() []Choice                             // in their order
	Free   func(text string) []Choice                  // choices that no list can hold, for what is typed
	OnMove func(c *Choice)                             // a live preview
	OnEsc  func()                                      // takes the preview back
	OnKey  func(key string, c *Choice) (tea.Cmd, bool) // more keys; c is nil when no row is chosen
	Stay   bool                                        // choosing does not close
	Note   string
	Detail int // lines below for the whole note of the row under the cursor

	line   Input
	shown  []Choice
	Cursor int
	offset int
}

// StaysOpen implements Stayer: a list that stays shows the new dashboard's.
func (p *Picker) StaysOpen() bool { return p.Stay }

// refill makes the rows for what is typed.
func (p *Picker) refill() {
	text := strings.TrimSpace(p.line.Text())
	all := p.List()
	p.shown = all
	if text != "" {
		p.shown = Match(text, all)
		if p.Free != nil {
			p.shown = append(p.shown, p.Free(text)...)
		}
	}
	p.Cursor = min(max(p.Cursor, 0), max(len(p.shown)-1, 0))
}

// Key implements Overlay.
func (p *Picker) Key(h Host, msg tea.KeyPressMsg) tea.Cmd {
	key := msg.String()
	if p.OnKey != nil {
		p.refill()
		var c *Choice
		if p.Cursor < len(p.shown) {
			c = &p.shown[p.Cursor]
		}
		if cmd, done := p.OnKey(key, c); done {
			h.Rebuild()
			return cmd
		}
	}
	switch key {
	case "esc":
		if p.OnEsc != nil {
			p.OnEsc()
		}
		h.Close()
	case "enter":
		return p.chooseRow(h)
	case "up", "ctrl+p":
		p.moveTo(h, p.Cursor-1)
	case "down", "ctrl+n":
		p.moveTo(h, p.Cursor+1)
	case "pgup":
		p.moveTo(h, p.Cursor-10)
	case "pgdown":
		p.moveTo(h, p.Cursor+10)
	case "tab":
		p.completeLine()
	default:
		return p.handleOther(h, msg)
	}
	return nil
}

// handleOther handles what depends on whether the picker is being typed in.
func (p *Picker) handleOther(h Host, msg tea.KeyPressMsg) tea.Cmd {
	if p.Typing {
		if p.line.Key(msg) {
			p.Cursor, p.offset = 0, 0
			p.refill()
		}
		return nil
	}
	switch msg.String() {
	case "q":
		return p.Key(h, tea.KeyPressMsg{Code: tea.KeyEsc})
	case "space":
		return p.chooseRow(h)
	case "k":
		p.moveTo(h, p.Cursor-1)
	case "j":
		p.moveTo(h, p.Cursor+1)
	case "home", "g":
		p.moveTo(h, 0)
	case "end", "G":
		p.moveTo(h, len(p.shown)-1)
	case "/":
		p.Typing = true
	}
	return nil
}

// Paste implements Overlay.
func (p *Picker) Paste(_ Host, text string) {
	p.Typing = true
	p.line.Insert(text)
	p.refill()
}

// Wheel implements Overlay.
func (p *Picker) Wheel(h Host, dy int) { p.moveTo(h, p.Cursor+dy) }

func (p *Picker) moveTo(h Host, i int) {
	p.refill()
	if len(p.shown) == 0 {
		return
	}
	p.Cursor = min(max(i, 0), len(p.shown)-1)
	h.Redraw()
	if p.OnMove != nil {
		p.OnMove(&p.shown[p.Cursor])
	}
}

// completeLine puts the chosen row's name into the line.
func (p *Picker) completeLine() {
	p.refill()
	if p.Cursor < len(p.shown) {
		p.Typing = true
		p.line.Set(p.shown[p.Cursor].Name)
		p.Cursor = 0
		p.refill()
	}
}

func (p *Picker) chooseRow(h Host) tea.Cmd {
	p.refill()
	if p.Cursor >= len(p.shown) {
		return nil
	}
	c := p.shown[p.Cursor]
	if !p.Stay {
		h.Close()
	}
	h.Rebuild()
	return c.Do()
}

// Place implements Overlay.
func (p *Picker) Place(_ Host, w, h int) layout.Rect {
	p.refill()
	rows := len(p.List()) + 2
	if p.Typing {
		rows += 2
	}
	if p.Detail > 0 {
		rows += 1 + p.Detail
	}
	r := centred(w, h, min(100, w-4), min(rows, 24, h-3))
	if p.OnMove != nil { // a preview needs to be seen
		r.W = min(58, w)
		r.X = w - r.W
	}
	r.Y = min(2, max(h-r.H, 0))
	return r
}

// Box implements Overlay.
func (p *Picker) Box(_ Host, r layout.Rect) (*chrome.Box, *Input) {
	p.refill()
	b := &chrome.Box{Title: datasource.Clean(p.Title, 64), Cursor: p.Cursor, Empty: "no match", Note: p.Note}
	var in *Input
	if p.Typing {
		b.Prompt, b.Input, in = "› ", p.line.Shown(), &p.line
	}
	if p.Detail > 0 && r.H > 8+p.Detail {
		b.Detail.Lines = p.Detail
		if p.Cursor < len(p.shown) {
			b.Detail.Text = datasource.Clean(p.shown[p.Cursor].Note, datasource.MaxCell)
		}
	}
	p.offset = scrollTo(p.offset, p.Cursor, b.Lines(r.H), len(p.shown))
	b.Offset = p.offset
	keyW, nameW := 0, 12
	for i := range p.shown {
		keyW = max(keyW, draw.Width(p.shown[i].Keys))
		nameW = max(nameW, min(draw.Width(p.shown[i].Name), (r.W-4)/3))
	}
	for i := range p.shown {
		b.Rows = append(b.Rows, choiceRow(&p.shown[i], r.W-4, nameW, keyW))
	}
	return b, in
}

func choiceRow(c *Choice, w, nameW, keyW int) chrome.Row {
	row := chrome.Row{}
	if c.Mark != "" {
		row = append(row, chrome.Seg{Role: theme.Good, Text: c.Mark, W: 2})
		w -= 2
	}
	if c.Kind != "" {
		row = append(row, chrome.Seg{Role: theme.Label, Text: c.Kind, W: 9})
		w -= 9
	}
	if keyW > 0 {
		w -= keyW + 1
	}
	name := chrome.Seg{Role: theme.Strong, Text: c.Name, W: max(w, 1)}
	if c.Note != "" {
		name.W = min(nameW, max(w, 1))
		row = append(row, name, chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: c.Note, W: max(w-name.W-1, 1)})
	} else {
		row = append(row, name)
	}
	if keyW > 0 {
		row = append(row, chrome.Seg{Role: theme.Key, Text: c.Keys, W: -1, Right: true})
	}
	return row
}

// Click implements Clicker.
func (p *Picker) Click(h Host, row int) {
	if row < len(p.shown) {
		p.moveTo(h, row)
	}
}

// Shown returns the choices as narrowed by what was typed.
func (p *Picker) Shown() []Choice {
	p.refill()
	return p.shown
}

// Typed returns what was typed.
func (p *Picker) Typed() string { return p.line.Text() }
