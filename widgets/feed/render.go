package feed

import (
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// view is everything that a frame makes of the data.
type view struct {
	messages []message // filtered and in order
	kinds    []string  // that can be chosen from
	all      int
	entries  []*datasource.Entry
	filter   list.Filter
	win      list.Window
	times    int // width of the column, 0 for none
	levels   int
	items    int
	heights  []int // lines of each message drawn
}

// maxItem is the widest name of a channel, maxWrap the most lines of one text,
// usefulText the cells that a text needs to say something.
const (
	maxItem    = 12
	maxWrap    = 8
	usefulText = 16
)

// The forms of a time where there is little space, and of another day's.
const (
	minutesOnly = "15:04"
	dayOnly     = "02 Jan"
)

// readFrame reads a frame.
func (w *Widget) readFrame(f widgets.Context) view {
	all, entries := w.collectMessages(f.Data)
	v := view{all: len(all), entries: entries, filter: list.NewFilter(f.View.Filter)}
	v.kinds = w.kindsOf(all)
	v.messages = w.filterMessages(w.ofKind(all, v.kinds, f.View.Sort), v.filter, &f)
	width, lines := list.Inside(f)
	v.win = list.Fit(f.View, len(v.messages), lines)
	w.measureColumns(&v, &f, width)
	if w.spec.Wrap {
		w.wrapMessages(&v, f, width, lines)
	}
	return v
}

// measureColumns finds what is before the texts. Its widths are those of all
// messages, so that scrolling does not move the texts; but levels that none of
// the messages on the panel has leave their space to them.
func (w *Widget) measureColumns(v *view, f *widgets.Context, width int) {
	var told, away bool // a message on the panel has a level; one is of another day
	for i := range v.messages {
		m := &v.messages[i]
		if !m.at.IsZero() {
			v.times = len(time.TimeOnly)
			away = away || isOtherDay(m.at, f.Now)
		}
		level := draw.Width(w.levelOf(m))
		v.levels = max(v.levels, level)
		told = told || level > 0 && v.onPanel(i)
		if len(v.entries) > 1 {
			v.items = max(v.items, min(draw.Width(m.item), maxItem))
		}
	}
	if v.levels = max(v.levels, len("INFO")); !told {
		v.levels = 0
	}
	if v.columnsWidth()+usefulText <= width {
		return
	}
	// The text needs 16 cells, if it has them; what is least goes first.
	text := min(w.widestText(v, f), usefulText)
	if v.columnsWidth()+text > width {
		v.items = 0
	}
	if v.columnsWidth()+text > width && v.times > 0 {
		v.times = len(minutesOnly)
		if away {
			v.times = len(dayOnly)
		}
	}
	if v.columnsWidth()+text > width {
		v.times = 0
	}
	if v.columnsWidth()+text/2 > width {
		v.levels = 0
	}
}

// onPanel reports whether the i-th message is in the window. Wrapped texts only
// take messages out of it.
func (v *view) onPanel(i int) bool { return i >= v.win.First && i < v.win.First+v.win.Lines }

// widestText is the width of the widest text on the panel.
func (w *Widget) widestText(v *view, f *widgets.Context) int {
	var text []byte
	n := 0
	for i := range v.win.Lines {
		text = w.appendText(text[:0], &v.messages[v.win.First+i], f)
		n = max(n, draw.Width(string(text)))
	}
	return n
}

// columnsWidth is the space that the columns take before the text.
func (v *view) columnsWidth() int {
	n := 0
	for _, w := range [...]int{v.times, v.levels, v.items} {
		if w > 0 {
			n += w + list.Gap
		}
	}
	return n
}

// wrapMessages finds how many lines each message takes, and moves the window on until
// the cursor's message is in it with all its lines.
func (w *Widget) wrapMessages(v *view, f widgets.Context, width, lines int) {
	for {
		v.heights = v.heights[:0]
		left, whole := lines, false
		for i := v.win.First; i < len(v.messages) && left > 0; i++ {
			text := string(w.appendText(nil, &v.messages[i], &f))
			n := max(len(draw.Wrap(text, max(width-v.columnsWidth(), 1), maxWrap)), 1)
			whole = whole || i == v.win.Cursor && n <= left
			v.heights = append(v.heights, min(n, left))
			left -= n
		}
		v.win.Lines = len(v.heights)
		if whole || v.win.Cursor < v.win.First || v.win.First >= v.win.Cursor {
			return
		}
		v.win.First++
	}
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	v := w.readFrame(f)
	head := draw.Head{Title: w.title, Focused: f.Focused}
	known := v.all > 0 || list.AnyKnown(v.entries)
	if known { // else the panel itself says why
		head.Note, head.NoteRole = draw.Note(v.entries, f.Now, f.Stamps)
		if v.filter.Active() || v.win.Lines < v.win.Total {
			head.Extra = v.win.Extra(v.all, v.filter)
		}
		head.Aside, head.AsideRole = kindsLine(v.kinds, f.View.Sort), theme.Label
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case !known:
		p.Absent(w.spec.Data, list.Worst(v.entries), f.Now)
	case v.all == 0:
		p.Lit(theme.Label, w.emptyReason()).EndLine()
	case len(v.messages) == 0:
		p.Lit(theme.Label, "nothing matches "+v.filter.String()).EndLine()
	}
	for i := range v.win.Lines {
		n := v.win.First + i
		w.drawMessage(p, &f, &v, n, i)
	}
	return p.String()
}

func (w *Widget) emptyReason() string {
	if w.spec.Empty == "" {
		return "no messages yet"
	}
	return datasource.Clean(w.spec.Empty, datasource.MaxCell).String()
}

// drawMessage draws the n-th message, the i-th on the panel.
func (w *Widget) drawMessage(p *draw.Panel, f *widgets.Context, v *view, n, i int) {
	m := &v.messages[n]
	selected := f.Focused && n == v.win.Cursor
	if selected {
		p.On(theme.Selected)
	}
	level := w.levelOf(m)
	levelRole, textRole := levelRoles(level)
	if v.times > 0 {
		p.Cell(theme.Label, clockIn(m.at, f.Now, v.times), v.times).Skip(list.Gap)
	}
	if v.levels > 0 {
		p.Cell(draw.Faded(m.entry, levelRole), level, v.levels).Skip(list.Gap)
	}
	if v.items > 0 {
		p.Cell(theme.Label, m.item, v.items).Skip(list.Gap)
	}
	text := string(w.appendText(nil, m, f))
	textRole = draw.Faded(m.entry, textRole)
	if !w.spec.Wrap {
		p.Lit(textRole, text)
		p.EndLine()
		return
	}
	lines := draw.Wrap(text, p.Left(), v.heights[i])
	for k := range v.heights[i] {
		if k > 0 {
			if selected {
				p.On(theme.Selected)
			}
			p.Skip(v.columnsWidth())
		}
		if k < len(lines) {
			p.Lit(textRole, lines[k])
		}
		p.EndLine()
	}
}

// clockIn is the time of day, without its seconds where a column of w cells has no
// space for them; a message from another day shows its date.
func clockIn(t, now time.Time, w int) string {
	if t.IsZero() {
		return ""
	}
	in := t.In(now.Location())
	switch {
	case isOtherDay(t, now):
		return in.Format(dayOnly)
	case w < len(time.TimeOnly):
		return in.Format(minutesOnly)
	default:
		return in.Format(time.TimeOnly)
	}
}

// isOtherDay reports whether a time is so far away that its date says more.
func isOtherDay(t, now time.Time) bool { return now.Sub(t).Abs() > 18*time.Hour }

// levelRoles are those of a level and of the text beside it. The level's word
// always stands there too.
func levelRoles(level string) (word, text theme.Role) {
	switch level {
	case "WARN", "ALERT":
		return theme.Warn, theme.Text
	case "ERROR", "CRIT", "REJECT", "REJECTED":
		return theme.Bad, theme.Text
	case "INFO", "DEBUG", "TRACE":
		return theme.Label, theme.Label
	case "OK", "SUCCESS":
		return theme.Good, theme.Text
	case "":
		return theme.Text, theme.Text
	default:
		return theme.Strong, theme.Text
	}
}
