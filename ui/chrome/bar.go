package chrome

import (
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Bar is what the top line says.
type Bar struct {
	Pages   []datasource.Safe
	Active  int             // index into Pages
	Crumb   datasource.Safe // what is open on the active page: "EURUSD"; "" for the page itself
	Account datasource.Safe // "" for none
	Demo    bool            // simulated data
	Markets []Session       // whose clocks are shown where there is space
	Sources [datasource.NumSources]datasource.Status
	Rate    string    // this session's bytes a second, "" when not told
	Now     time.Time // the clock shown, with its zone, and what countdowns count to
}

// Span is a stretch of a line that the mouse can hit: columns From up to To.
type Span struct{ From, To, Page int }

// detail is how much of the bar is shown; it falls until the bar fits.
type detail uint8

const (
	everything  detail = iota
	oneMarket          // one session clock: the open one, or the next to open
	noMarkets          // without session clocks
	noRate             // without bytes a second
	noWeekday          // the date without the day of the week
	tight              // smaller gaps
	noDate             // the clock without the date
	noZone             // the clock without its zone
	noFigures          // healthy sources without their figure
	noNames            // only the active page by name
	noBrand            // without our own name
	noCountdown        // troubled sources without the time to the next try
	noAccount          // without the account
	activeAlone        // one page, as "2/4 Positions"
	noClock            // without the clock
	shortCause         // troubled sources without their cause, but with the time
)

// gapCells is the blanks between two things of the bar.
func gapCells(level detail) int {
	if level >= tight {
		return 2
	}
	return 3
}

// Append appends the bar, exactly w cells, and the places of its tabs.
func (b *Bar) Append(buf []byte, pal *theme.Palette, w int, tabs []Span) ([]byte, []Span) {
	level := everything
	for level < shortCause && b.neededWidth(level) > w {
		level++
	}
	l := NewLine(buf, pal, theme.Bar, w)
	tabs = b.putLeft(l, level, tabs)
	l.To(w - measureCells(func(l *Line) { b.putRight(l, level) }))
	b.putRight(l, level)
	return l.End(), tabs
}

func (b *Bar) putLeft(l *Line, level detail, tabs []Span) []Span {
	l.Skip(1)
	if level < noBrand && (!b.Demo || level < tight) {
		l.Put(theme.Accent, "ticktop").Skip(gapCells(level))
	}
	if b.Demo {
		l.Put(theme.Warn, "DEMO").Skip(gapCells(level))
	}
	tabs = b.putTabs(l, level, tabs)
	if level < noAccount && !b.Account.Empty() {
		l.Skip(gapCells(level)).Put(theme.Strong, b.Account.String())
	}
	if level < noMarkets {
		b.putMarkets(l, level)
	}
	return tabs
}

// neededWidth is the cells needed at a level, two blanks between left and right
// included.
func (b *Bar) neededWidth(level detail) int {
	var none [16]Span
	return 2 + measureCells(func(l *Line) {
		b.putLeft(l, level, none[:0])
		b.putRight(l, level)
	})
}

func (b *Bar) putTabs(l *Line, level detail, tabs []Span) []Span {
	for i, name := range b.Pages {
		active := i == b.Active
		if level >= activeAlone && !active {
			continue
		}
		if i > 0 && level < activeAlone {
			l.Skip(2)
		}
		from := l.Col()
		text := strconv.Itoa(i + 1)
		if level >= activeAlone {
			text += "/" + strconv.Itoa(len(b.Pages))
		}
		if level < noNames || active {
			text += " " + draw.Truncate(name.String(), 24)
		}
		role := theme.Label
		if active {
			role = theme.Title
		}
		if active && !b.Crumb.Empty() {
			text += " › " + draw.Truncate(b.Crumb.String(), 24)
		}
		l.Put(role, text)
		tabs = append(tabs, Span{from, l.Col(), i})
	}
	return tabs
}

// putMarkets writes the session clocks: an open market with the time to its
// close, or else when it opens.
func (b *Bar) putMarkets(l *Line, level detail) {
	first, soonest := -1, time.Duration(0)
	for i := range b.Markets { // the open one that closes first, or the next to open
		open, left := b.Markets[i].At(b.Now)
		if !open {
			left += 24 * time.Hour
		}
		if first < 0 || left < soonest {
			first, soonest = i, left
		}
	}
	for i := range b.Markets {
		open, left := b.Markets[i].At(b.Now)
		if i != first && (level >= oneMarket || left > 24*time.Hour) {
			continue
		}
		l.Skip(3)
		if open {
			glyph, role := statusMark(l.isASCII(), datasource.LightUp)
			l.Put(theme.Text, b.Markets[i].Name+" ").Put(role, glyph).Put(theme.Text, " "+sessionTime(left))
		} else {
			glyph, role := statusMark(l.isASCII(), datasource.LightIdle)
			l.Put(theme.Label, b.Markets[i].Name+" ").Put(role, glyph).Put(theme.Label, " in "+sessionTime(left))
		}
	}
}

func (b *Bar) putRight(l *Line, level detail) {
	for id := range b.Sources {
		if id > 0 {
			l.Skip(gapCells(level))
		}
		b.putSource(l, datasource.SourceID(id), level)
	}
	if level < noRate && b.Rate != "" {
		l.Skip(gapCells(level)).Put(theme.Label, "ssh ").Put(theme.Text, b.Rate)
	}
	if level < noClock {
		l.Skip(gapCells(level)).Put(theme.Label, b.clockText(level))
	}
	l.Skip(1)
}

// clockText is the time with its zone, and the date as far as there is space.
func (b *Bar) clockText(level detail) string {
	switch {
	case level < noWeekday:
		return b.Now.Format("Mon 2 Jan 15:04:05 ") + Zone(b.Now)
	case level < noDate:
		return b.Now.Format("2 Jan 15:04:05 ") + Zone(b.Now)
	case level < noZone:
		return b.Now.Format("15:04:05 ") + Zone(b.Now)
	}
	return b.Now.Format("15:04:05")
}

// Zone is a time's zone in at most 6 characters: "UTC", "CET", "+05:30".
func Zone(t time.Time) string {
	name, _ := t.Zone()
	if name == "" || name[0] == '+' || name[0] == '-' || len(name) > 6 {
		return t.Format("-07:00")
	}
	return name
}

// putSource writes a source's status.
func (b *Bar) putSource(l *Line, id datasource.SourceID, level detail) {
	s := &b.Sources[id]
	l.Put(theme.Label, id.String()).Skip(1)
	if s.Light == datasource.LightOff {
		l.Put(theme.Label, s.Light.String())
		return
	}
	glyph, role := statusMark(l.isASCII(), s.Light)
	l.Put(role, glyph)
	switch s.Light {
	case datasource.LightUp:
		if level < noFigures {
			// A fixed width: figures that grow must not push the others about.
			text := sourceFigure(id, s)
			l.Skip(1+max(0, figureWidth[id]-len(text))).Put(theme.Text, text)
		}
	case datasource.LightIdle, datasource.LightConnecting:
		if level < noFigures {
			l.Skip(1).Put(theme.Label, s.Light.String())
		}
	default:
		l.Skip(1).Put(role, troubleText(s, b.Now, level))
	}
}

var figureWidth = [datasource.NumSources]int{6, 5, 6}

func sourceFigure(id datasource.SourceID, s *datasource.Status) string {
	if id == datasource.SourcePubSub {
		return format.Count(int64(s.Rate+0.5)) + "/s"
	}
	return format.Latency(s.RTT)
}

// Cause tells why a source is not well, and when the next try is.
func Cause(s *datasource.Status, now time.Time) string {
	text := causeText(s)
	if left := nextTry(s, now); left != "" {
		text += " · " + left
	}
	return text
}

// troubleText is as much of the cause as there is space for: the word stays longest,
// since a time alone says nothing, unless the time is all that fits.
func troubleText(s *datasource.Status, now time.Time, level detail) string {
	switch {
	case level < noCountdown:
		return Cause(s, now)
	case level < shortCause:
		return causeText(s)
	}
	return nextTry(s, now)
}

func causeText(s *datasource.Status) string {
	if s.Fault == nil {
		return s.Light.String()
	}
	return faultWord(s.Fault)
}

// nextTry is the time to a source's next try, "" when none is planned.
func nextTry(s *datasource.Status, now time.Time) string {
	if s.Fault == nil || !s.Fault.RetryAt.After(now) {
		return ""
	}
	return format.Left(s.Fault.RetryAt.Sub(now))
}

// faultWord is a fault's class in a word; an API has no password.
func faultWord(f *datasource.Fault) string {
	if f.Class == datasource.ClassAuth && f.Source == datasource.SourceAPI {
		return "token refused"
	}
	return f.Class.String()
}

func statusMark(ascii bool, l datasource.Light) (string, theme.Role) {
	u, a, r := "○", "o", theme.Label
	switch l {
	case datasource.LightConnecting:
		u, a, r = "◌", ".", theme.Label
	case datasource.LightUp:
		u, a, r = "●", "*", theme.Good
	case datasource.LightDegraded:
		u, a, r = "◐", "~", theme.Warn
	case datasource.LightDown:
		u, a, r = "✕", "x", theme.Bad
	case datasource.LightIdle, datasource.LightOff:
	}
	if ascii {
		return a, r
	}
	return u, r
}
