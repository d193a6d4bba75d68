package browse

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/keymap"
	"ticktop/ui/overlay"
	"ticktop/widgets/theme"
)

// Async runs work in a command and what it returns in the session, as long as
// the browser is open.
type Async func(work func() (apply func() tea.Cmd)) tea.Cmd

// Browser is the overlay. It belongs to its session's goroutine; only what Step
// and Async are given runs elsewhere.
type Browser struct {
	source Source
	async  Async
	reopen func() tea.Cmd

	all   *walk
	found *walk // a search at the server; nil for none
	facts map[string]Facts
	asked time.Time // when the rows were last looked at
	pins  []string

	rows   []Row // as last made
	stale  bool  // rows are to be made anew
	looked bool  // at the rows on screen, without waiting for the next step
	cursor int
	offset int
	lines  int // shown when last drawn
	line   overlay.Input
	typing bool

	reader *reader // the key that is inspected
	say    func(role theme.Role, text string)
}

var (
	_ overlay.Overlay = (*Browser)(nil)
	_ overlay.Clicker = (*Browser)(nil)
)

// New returns a browser that has read nothing yet. reopen shows the dashboard
// anew, after a pin.
func New(source Source, async Async, reopen func() tea.Cmd) *Browser {
	return &Browser{source: source, async: async, reopen: reopen, all: newWalk(source.Pattern("", ""), ""), facts: map[string]Facts{}, stale: true, pins: source.Pins(), lines: 40}
}

// StaysOpen implements overlay.Stayer: a pin changes the dashboard below.
func (b *Browser) StaysOpen() bool { return true }

// walk is the one that is shown.
func (b *Browser) walk() *walk {
	if b.found != nil {
		return b.found
	}
	return b.all
}

// refill makes the rows and keeps the cursor on its row.
func (b *Browser) refill() {
	at := ""
	if r := b.row(); r != nil && b.cursor > 0 {
		at = r.Full
	}
	if text := b.line.Text(); text != "" {
		b.rows = b.walk().tree.Find(text)
	} else {
		b.rows = b.walk().tree.Rows()
	}
	if at != "" {
		if i := slices.IndexFunc(b.rows, func(r Row) bool { return r.Full == at }); i >= 0 {
			b.offset += i - b.cursor // the row stays where it is on the screen
			b.cursor = i
		}
	}
	b.cursor = min(b.cursor, max(len(b.rows)-1, 0))
	b.offset = max(min(b.offset, len(b.rows)-b.lines), 0)
	b.stale = false
}

// row is the one under the cursor; nil for none.
func (b *Browser) row() *Row {
	if b.cursor < len(b.rows) {
		return &b.rows[b.cursor]
	}
	return nil
}

// Key implements overlay.Overlay.
func (b *Browser) Key(h overlay.Host, msg tea.KeyPressMsg) tea.Cmd {
	b.say = h.Say
	if b.stale {
		b.refill()
	}
	defer h.Redraw()
	if b.reader != nil {
		return b.reader.pager.Key(readerHost{h, b}, msg)
	}
	if b.typing {
		return tea.Batch(b.edit(msg), b.look())
	}
	return tea.Batch(b.treeKey(h, msg.String()), b.look())
}

// treeKey handles a key while the tree is shown.
func (b *Browser) treeKey(h overlay.Host, key string) tea.Cmd {
	if bind, _ := h.Keys().Lookup(key, h.Replaying()); bind.Action == keymap.Browse {
		key = "q"
	}
	switch key {
	case "esc", "q":
		return b.leave(h, key)
	case "/":
		b.typing = true
	case "m":
		b.walk().budget = b.walk().looked + walkBudget
	case "r":
		clear(b.facts)
	case "+":
		return b.pin()
	case "enter", "space", "right", "l":
		return b.enter(h, key)
	case "left", "h", "backspace":
		b.closeFolder()
	default:
		b.move(key)
	}
	return nil
}

// leave takes the search back, then closes.
func (b *Browser) leave(h overlay.Host, key string) tea.Cmd {
	switch {
	case key == "esc" && b.line.Text() != "":
		b.line.Set("")
		b.refill()
	case key == "esc" && b.found != nil:
		b.found, b.cursor, b.offset = nil, 0, 0
		b.refill()
	default:
		h.Close()
	}
	return nil
}

// move moves the cursor.
func (b *Browser) move(key string) {
	page := max(b.lines-1, 1)
	to := b.cursor
	switch key {
	case "up", "k":
		to--
	case "down", "j":
		to++
	case "pgup", "ctrl+u":
		to -= page
	case "pgdown", "ctrl+d":
		to += page
	case "home", "g":
		to = 0
	case "end", "G":
		to = len(b.rows) - 1
	}
	b.moveTo(to)
}

func (b *Browser) moveTo(i int) { b.cursor = min(max(i, 0), max(len(b.rows)-1, 0)) }

// enter opens a folder or inspects a key.
func (b *Browser) enter(h overlay.Host, key string) tea.Cmd {
	r := b.row()
	switch {
	case r == nil || r.node == nil:
	case r.Folder():
		r.node.open = !r.node.open || key == "right" || key == "l"
		b.refill()
	case key == "enter" || key == "space":
		return b.inspect(h, r.Full)
	}
	return nil
}

// closeFolder closes the folder under the cursor, or goes up to the one that the
// row is in.
func (b *Browser) closeFolder() {
	r := b.row()
	if r == nil {
		return
	}
	if r.Folder() && r.Open() {
		r.node.open = false
		b.refill()
		return
	}
	for i := b.cursor - 1; i >= 0; i-- {
		if b.rows[i].Depth < r.Depth {
			b.cursor = i
			return
		}
	}
}

// edit edits the search. What is typed narrows what is held; enter asks the
// server.
func (b *Browser) edit(msg tea.KeyPressMsg) tea.Cmd {
	switch key := msg.String(); key {
	case "esc":
		b.line.Set("")
		b.typing = false
	case "enter":
		b.typing = false
		if text := strings.TrimSpace(b.line.Text()); text != "" {
			b.found = newWalk(b.source.Pattern("", text), text)
			b.line.Set("")
			b.cursor, b.offset = 0, 0
		}
	case "up", "down", "pgup", "pgdown":
		b.move(key)
		return nil
	default:
		if !b.line.Key(msg) {
			return nil
		}
		b.cursor, b.offset = 0, 0
	}
	b.refill()
	return nil
}

// Paste implements overlay.Overlay.
func (b *Browser) Paste(h overlay.Host, text string) {
	if b.reader != nil {
		b.reader.pager.Paste(h, text)
		return
	}
	b.typing = true
	b.line.Insert(text)
	b.cursor, b.offset = 0, 0
	b.refill()
}

// Wheel implements overlay.Overlay.
func (b *Browser) Wheel(h overlay.Host, dy int) {
	if b.reader != nil {
		b.reader.pager.Wheel(h, dy)
		return
	}
	b.moveTo(b.cursor + dy)
}

// Click implements overlay.Clicker: the row under the cursor is entered.
func (b *Browser) Click(h overlay.Host, row int) {
	row += b.offset - 1 // the headings are a row
	if b.reader != nil || row < 0 || row >= len(b.rows) {
		return
	}
	h.Redraw()
	if row == b.cursor {
		_ = b.enter(h, "right")
	}
	b.moveTo(row)
}

// Selected returns the key under the cursor, or what all below it begin with.
func (b *Browser) Selected() datasource.Safe {
	if r := b.row(); r != nil {
		return datasource.Clean(r.Full, datasource.MaxCell)
	}
	return datasource.Safe{}
}
