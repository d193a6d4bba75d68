package chrome

import (
	"ticktop/datasource"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Hint is a key and what it does, in a word.
type Hint struct{ Key, Text string }

// Footer is what the bottom line says: keys on the left, and on the right the
// one thing that needs attention with the key that explains it.
type Footer struct {
	Hints  []Hint
	Notice datasource.Safe // "" when all is plain
	Role   theme.Role      // of Notice
	Hint   Hint            // after the notice
}

// Append appends the footer, exactly w cells. The notice goes before the
// hints: those are dropped from the right until both fit.
func (f *Footer) Append(buf []byte, pal *theme.Palette, w int) []byte {
	notice := f.Notice.String()
	tail := 0
	if f.Hint.Key != "" && notice != "" {
		tail = draw.Width(f.Hint.Key) + 1 + draw.Width(f.Hint.Text) + 2
	}
	room := w - 2 - tail
	notice = draw.Truncate(notice, max(room-12, room/2))
	right := draw.Width(notice) + tail

	l := NewLine(buf, pal, theme.Bar, w)
	l.Skip(1)
	left := w - 1 - right
	for i, h := range f.Hints {
		need := draw.Width(h.Key) + 1 + draw.Width(h.Text)
		if i > 0 {
			need += 3
		}
		if l.Col()+need+2 > left {
			break
		}
		if i > 0 {
			l.Skip(3)
		}
		l.Put(theme.Key, h.Key).Skip(1).Put(theme.Label, h.Text)
	}
	l.To(left)
	l.Put(f.Role, notice)
	if tail > 0 {
		l.Skip(2).Put(theme.Key, f.Hint.Key).Skip(1).Put(theme.Label, f.Hint.Text)
	}
	return l.End()
}

// Banner is a full line that cannot be missed.
type Banner struct {
	Mark string          // "PAUSED", "REPLAY": ours
	Text datasource.Safe // what there is to say
	Keys []Hint          // on the right, as far as there is space
	Bad  bool            // critical

	Alarm *Alarm // instead of Mark and Text: about a failed source
}

// Alarm is a banner about a failed source in several looks.
type Alarm struct {
	Mark, Word string // "✕ Redis is down", ours; "Still working:"
	Text       string // behind them; ours, or sanitized
	Tail       string // at the right: "retry 6 in 12 s", ours
	Warn, More string // a word in the colour of warnings, and what it is about
}

// Append appends the banner, exactly w cells.
func (b *Banner) Append(buf []byte, pal *theme.Palette, w int) []byte {
	if b.Alarm != nil {
		return b.Alarm.append(buf, pal, w, b.Keys)
	}
	role := theme.Banner
	if b.Bad {
		role = theme.BannerBad
	}
	text := b.Mark
	if !b.Text.Empty() {
		if text != "" {
			text += "  "
		}
		text += b.Text.String()
	}
	keys := ""
	for _, h := range b.Keys {
		more := "   " + h.Key + " " + h.Text
		if draw.Width(text)+draw.Width(keys)+draw.Width(more)+3 > w {
			break
		}
		keys += more
	}
	l := NewLine(buf, pal, role, w)
	l.Put(role, " ").Put(role, draw.Truncate(text, max(1, w-2-draw.Width(keys))))
	for l.Col() < w-1-draw.Width(keys) {
		l.Put(role, " ")
	}
	l.Put(role, keys).Put(role, " ")
	return l.End()
}

// append appends the line, exactly w cells: what is cut first is the text.
func (a *Alarm) append(buf []byte, pal *theme.Palette, w int, keys []Hint) []byte {
	l := NewLine(buf, pal, theme.Alarm, w)
	right := func(l *Line) {
		if a.Warn != "" {
			l.Put(theme.Warn, a.Warn).Skip(1).Put(theme.Label, a.More).Skip(3)
		}
		if a.Tail != "" {
			l.Put(theme.Strong, a.Tail).Skip(3)
		}
		for _, h := range keys {
			l.Put(theme.Key, h.Key).Skip(1).Put(theme.Label, h.Text).Skip(3)
		}
	}
	need := measureCells(right) - 2
	left := draw.Width(a.Mark) + draw.Width(a.Word) + 6
	if need < 0 || left+need > w {
		need = 0
	}
	l.Skip(1)
	if a.Mark != "" {
		l.Put(theme.Bad, a.Mark).Skip(2)
	}
	if a.Word != "" {
		l.Put(theme.Strong, a.Word).Skip(1)
	}
	l.Put(theme.Text, draw.Truncate(a.Text, max(l.Left()-need-2, 0)))
	if need > 0 {
		l.To(w - need)
		right(l)
	}
	return l.End()
}
