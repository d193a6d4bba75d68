package browse

import (
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/ui/overlay"
	"ticktop/widgets/theme"
)

// Place implements overlay.Overlay: nearly the whole screen.
func (b *Browser) Place(h overlay.Host, w, height int) layout.Rect {
	if b.reader != nil {
		return b.reader.pager.Place(h, w, height)
	}
	margin := 0
	if w >= 100 {
		margin = 2
	}
	return layout.Rect{X: margin, Y: 1, W: w - 2*margin, H: max(height-2, 1)}
}

// columns are the widths of the columns of a tree of w cells; 0 for none.
type columns struct{ name, kind, ttl, size, memory, encoding, preview int }

func columnsOf(w int) columns {
	c := columns{kind: 7, ttl: 8, size: 12}
	left := w - c.kind - c.ttl - c.size - 4
	if w >= 100 {
		c.memory, c.encoding = 9, 11
		left -= c.memory + c.encoding + 2
	}
	c.name = left
	if left >= 44 {
		c.name = max(left*2/5, 28)
		c.preview = left - c.name - 1
	}
	return c
}

// Box implements overlay.Overlay.
func (b *Browser) Box(h overlay.Host, r layout.Rect) (*chrome.Box, *overlay.Input) {
	if b.reader != nil {
		return b.reader.pager.Box(h, r)
	}
	if b.stale {
		b.refill()
	}
	w := b.walk()
	box := &chrome.Box{Title: datasource.Clean("Keys", 0), Cursor: b.cursor + 1, Offset: 0, Extra: " · " + w.progress(), Note: b.keys(r.W)}
	if w.text != "" {
		box.Title = datasource.Clean("Keys with "+w.text, 48)
	}
	var in *overlay.Input
	if b.typing || b.line.Text() != "" {
		box.Prompt, box.Input = "/ ", b.line.Shown()
	}
	if b.typing {
		in = &b.line
	}
	if r.H >= 16 {
		box.Detail.Lines, box.Detail.Text = 2, b.detail(h)
	}
	b.lines = max(box.Lines(r.H)-1, 1)
	b.offset = scrollTo(b.offset, b.cursor, b.lines, len(b.rows))
	b.fill(h, box, r.W-4)
	return box, in
}

// keys are the keys on the lower edge.
func (b *Browser) keys(w int) string {
	switch {
	case b.typing:
		return "enter asks the server · esc clears"
	case w < 90:
		return "enter open · + pin · / find · q close"
	}
	return "enter open or inspect · ← close · + pin · / find · r read again · q close"
}

// fill draws the headings and the rows on screen.
func (b *Browser) fill(h overlay.Host, box *chrome.Box, w int) {
	c := columnsOf(w)
	box.Rows = append(box.Rows, headings(c))
	last := min(b.offset+b.lines, len(b.rows))
	for i := b.offset; i < last; i++ {
		box.Rows = append(box.Rows, b.rowCells(h, &b.rows[i], c))
	}
	box.Cursor = b.cursor - b.offset + 1
	if len(b.rows) > 0 {
		box.Note += " · " + format.Count(int64(b.cursor+1)) + " of " + format.Count(int64(len(b.rows)))
		return
	}
	text, role := b.emptyText()
	box.Rows = append(box.Rows, chrome.Row{{Role: role, Text: text, W: -1}})
	box.Cursor = -1
}

// emptyText says why there are no rows.
func (b *Browser) emptyText() (string, theme.Role) {
	w := b.walk()
	switch {
	case !w.problem.Empty():
		return "keys cannot be listed: " + w.problem.String(), theme.Bad
	case b.line.Text() != "":
		return "none of the keys read so far: enter asks the server", theme.Label
	case !w.done:
		return "reading …", theme.Label
	case w.text != "":
		return "no key holds that", theme.Label
	}
	return "this Redis is empty", theme.Label
}

func headings(c columns) chrome.Row {
	row := chrome.Row{{Role: theme.Label, Text: "key", W: c.name}, {Text: " "}, {Role: theme.Label, Text: "type", W: c.kind}, {Text: " "},
		{Role: theme.Label, Text: "ttl", W: c.ttl, Right: true}, {Text: " "}, {Role: theme.Label, Text: "size", W: c.size, Right: true}}
	if c.memory > 0 {
		row = append(row, chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: "memory", W: c.memory, Right: true},
			chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: "encoding", W: c.encoding})
	}
	if c.preview > 0 {
		row = append(row, chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: "value", W: c.preview})
	}
	return row
}

// rowCells is one row of the tree.
func (b *Browser) rowCells(h overlay.Host, r *Row, c columns) chrome.Row {
	indent := strings.Repeat("  ", min(r.Depth, 8))
	if r.More > 0 {
		return chrome.Row{{Role: theme.Label, Text: indent + "  … " + format.Count(int64(r.More)) + " more keys: / finds them", W: -1}}
	}
	mark, role := "  ", theme.Text
	switch {
	case r.Folder() && r.Open():
		mark, role = "▾ ", theme.Strong
	case r.Folder():
		mark, role = "▸ ", theme.Strong
	}
	name := indent + mark + datasource.Clean(r.Name, datasource.MaxCell).String()
	row := chrome.Row{}
	if b.pinned(r) {
		row = append(row, chrome.Seg{Role: role, Text: name, W: max(c.name-2, 1)}, chrome.Seg{Role: theme.Good, Text: "+", W: 2, Right: true})
	} else {
		row = append(row, chrome.Seg{Role: role, Text: name, W: c.name})
	}
	if r.Folder() {
		return append(row, chrome.Seg{W: c.kind + c.ttl + 2, Text: ""}, chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: countKeys(r.Keys()), W: c.size, Right: true})
	}
	return append(row, b.factCells(h, r, c)...)
}

// factCells are what is known of a key.
func (b *Browser) factCells(h overlay.Host, r *Row, c columns) chrome.Row {
	f, known := b.facts[r.Full]
	if !known {
		return chrome.Row{{Text: " "}, {Role: theme.Label, Text: "…", W: c.kind}}
	}
	ttl := lifetime(&f, h.Now())
	row := chrome.Row{{Text: " "}, {Role: theme.Label, Text: f.Type, W: c.kind}, {Text: " "}, {Role: theme.Label, Text: ttl, W: c.ttl, Right: true},
		{Text: " "}, {Role: theme.Text, Text: f.Size, W: c.size, Right: true}}
	if c.memory > 0 {
		row = append(row, chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: f.Memory, W: c.memory, Right: true},
			chrome.Seg{Text: " "}, chrome.Seg{Role: theme.Label, Text: f.Encoding, W: c.encoding})
	}
	if c.preview > 0 {
		text, role := f.Preview.String(), theme.Text
		switch {
		case !f.Problem.Empty():
			text, role = f.Problem.String(), theme.Warn
		case h.HidesBalances():
			text, role = hiddenText, theme.Label
		}
		row = append(row, chrome.Seg{Text: " "}, chrome.Seg{Role: role, Text: text, W: c.preview})
	}
	return row
}

const hiddenText = "hidden"

// lifetime is how long a key has still to live.
func lifetime(f *Facts, now time.Time) string {
	switch {
	case f.Gone:
		return "gone"
	case f.Expires.IsZero():
		return "–"
	case !f.Expires.After(now):
		return "expired"
	}
	return format.Left(f.Expires.Sub(now))
}

// detail is the whole name of the selected row, and its value as far as it fits.
func (b *Browser) detail(h overlay.Host) datasource.Safe {
	r := b.row()
	if r == nil || r.node == nil {
		return datasource.Safe{}
	}
	text := datasource.Clean(r.Full, 512).String()
	if f, ok := b.facts[r.Full]; ok && !r.Folder() {
		switch {
		case !f.Problem.Empty():
			text += "  " + f.Problem.String()
		case !h.HidesBalances():
			text += "  " + f.Preview.String()
		}
	}
	return datasource.Clean(text, datasource.MaxCell)
}

func countKeys(n int) string {
	if n == 1 {
		return "1 key"
	}
	return format.Count(int64(n)) + " keys"
}

// scrollTo returns the offset that keeps row cursor among lines visible rows.
func scrollTo(offset, cursor, lines, total int) int {
	offset = max(min(offset, cursor), cursor-lines+1)
	return max(min(offset, total-lines), 0)
}
