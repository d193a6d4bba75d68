package feed

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// message is one line of the feed.
type message struct {
	datum string
	index int       // in the datum's messages or items
	at    time.Time // the producer's own, else when it came; zero when neither is known
	item  string    // which of several channels, made safe
	value *datasource.Value
	entry *datasource.Entry
}

// collectMessages reads all messages, newest first as the sources give them; those of
// several channels are put together by their times.
func (w *Widget) collectMessages(s *datasource.Snapshot) (all []message, entries []*datasource.Entry) {
	s.Each(w.spec.Data, func(datum string, e *datasource.Entry) {
		entries = append(entries, e)
		if !e.Known() {
			return
		}
		proto := message{datum: datum, index: -1, value: &e.Value, entry: e}
		if datum != w.spec.Data {
			proto.item = datasource.Clean(datasource.Item(datum), datasource.MaxCell).String()
		}
		all = read(all, proto)
	})
	if len(w.spec.Where) > 0 {
		all = slices.DeleteFunc(all, func(m message) bool { return !w.meetsWhere(m.value) })
	}
	if len(entries) > 1 {
		slices.SortStableFunc(all, func(a, b message) int { return b.at.Compare(a.at) })
	}
	if w.spec.Order == "oldest" {
		slices.Reverse(all)
	}
	return all, entries
}

// meetsWhere reports whether a message has the fields of where; texts are compared
// in any case.
func (w *Widget) meetsWhere(v *datasource.Value) bool {
	for name, want := range w.spec.Where {
		f := field.At(v, name)
		if f == nil || !strings.EqualFold(string(field.AppendCompact(nil, f)), want) {
			return false
		}
	}
	return true
}

// fillFormat puts the fields of a message into the braces of a format; what it does
// not have is absent.
func fillFormat(dst []byte, format string, v *datasource.Value) []byte {
	for format != "" {
		before, rest, open := strings.Cut(format, "{")
		dst = append(dst, datasource.Clean(before, datasource.MaxCell).String()...)
		if !open {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			break
		}
		if f := field.At(v, name); f != nil && f.Type != datasource.TypeNull {
			dst = field.AppendCompact(dst, f)
		} else {
			dst = append(dst, field.Absent...)
		}
		format = after
	}
	return dst
}

func read(all []message, proto message) []message {
	v := proto.value
	switch v.Type {
	case datasource.TypeMessages:
		for i := range v.Messages {
			m := proto
			m.index, m.value, m.at = i, &v.Messages[i].Value, v.Messages[i].At
			all = append(all, m.withOwnTime())
		}
	case datasource.TypeArray:
		for i := range v.Items {
			m := proto
			m.index, m.value = i, &v.Items[i]
			all = append(all, m.withOwnTime())
		}
	case datasource.TypeNull, datasource.TypeNone:
	default:
		proto.at = proto.entry.Changed
		all = append(all, proto.withOwnTime())
	}
	return all
}

// The names of the fields that say when, how grave and what.
var (
	timeFields  = []string{"time", "ts", "timestamp", "at", "created_at", "created", "date"}
	levelFields = []string{"level", "severity", "type", "kind", "event", "lvl"}
	textFields  = []string{"text", "message", "msg", "title", "body", "description", "detail"}
)

// withOwnTime is m with the producer's own time, where the message has one.
func (m message) withOwnTime() message {
	for _, name := range timeFields {
		if f, ok := m.value.Field(name); ok {
			if t, ok := field.TimeOf(f); ok {
				m.at = t
				break
			}
		}
	}
	return m
}

// levelOf is how grave a message says it is, "" when it does not.
func (w *Widget) levelOf(m *message) string {
	if w.spec.Level != "" {
		return levelText(m.value, w.spec.Level)
	}
	for _, name := range levelFields {
		if s := levelText(m.value, name); s != "" {
			return s
		}
	}
	if m.value.Type == datasource.TypeText {
		word, _ := leadingLevel(m.value.Text.String())
		return word
	}
	return ""
}

func levelText(v *datasource.Value, name string) string {
	f, ok := v.Field(name)
	if !ok || f.Type != datasource.TypeText {
		return ""
	}
	s := strings.ToUpper(strings.TrimSpace(f.Text.String()))
	if short, ok := shortLevels[s]; ok {
		return short
	}
	return draw.Truncate(s, maxLevel)
}

// maxLevel is the widest level, in cells.
const maxLevel = 8

// shortLevels brings the names of levels to one length.
var shortLevels = map[string]string{
	"WARNING": "WARN", "ERR": "ERROR", "CRITICAL": "CRIT", "FATAL": "CRIT", "EMERGENCY": "CRIT", "INFORMATION": "INFO", "NOTICE": "INFO",
	"FILLED": "FILL", "ORDER_FILLED": "FILL", "EXECUTION": "FILL", "TRADE": "FILL",
}

// leadingLevel takes the level off a text that begins with one: "WARN ...",
// "[error] ...", "INFO: ...".
func leadingLevel(s string) (level, rest string) {
	word := strings.TrimPrefix(s, "[")
	end := strings.IndexAny(word, " :]")
	if end < 3 || end > 9 {
		return "", s
	}
	rest = strings.TrimLeft(word[end:], " :]")
	upper := strings.ToUpper(word[:end])
	if upper != word[:end] && s[0] != '[' {
		return "", s
	}
	if short, ok := shortLevels[upper]; ok {
		return short, rest
	}
	switch upper {
	case "DEBUG", "INFO", "WARN", "ERROR", "CRIT", "FILL", "ALERT":
		return upper, rest
	}
	return "", s
}

// appendText is what a message says, on one line; with balances hidden, without the
// figures that could be one.
func (w *Widget) appendText(dst []byte, m *message, f *widgets.Context) []byte {
	if !f.Private {
		start := len(dst)
		dst = w.appendWords(dst, m, f)
		if said := dst[start:]; len(bytes.TrimSpace(said)) == 0 { // blanks are seen in quotes only
			dst = strconv.AppendQuote(dst[:start], string(said))
		}
		return dst
	}
	return append(dst, datasource.HideFigures(string(w.appendWords(nil, m, f)), draw.Hidden(f.Theme))...)
}

// appendWords are a message's text, the text fields of an object, or all its other
// fields as name=value.
func (w *Widget) appendWords(dst []byte, m *message, f *widgets.Context) []byte {
	switch m.value.Type {
	case datasource.TypeText:
		if w.spec.Level == "" {
			_, rest := leadingLevel(m.value.Text.String())
			return append(dst, rest...)
		}
		return append(dst, m.value.Text.String()...)
	case datasource.TypeObject:
		if w.spec.Format != "" {
			return fillFormat(dst, w.spec.Format, m.value)
		}
		start := len(dst)
		names := w.spec.Text
		if len(names) == 0 {
			names = textFields
		}
		for _, name := range names {
			if v, ok := m.value.Field(name); ok && v.Type != datasource.TypeObject && v.Type != datasource.TypeNull {
				if len(dst) > start {
					dst = append(dst, " · "...)
				}
				dst = field.AppendCompact(dst, v)
			}
		}
		if len(dst) > start {
			return dst
		}
		return w.appendPairs(dst, m.value, f)
	default:
		return field.AppendCompact(dst, m.value)
	}
}

// appendPairs appends the fields of an object but its time and its level.
func (w *Widget) appendPairs(dst []byte, v *datasource.Value, f *widgets.Context) []byte {
	start := len(dst)
	for i := range v.Fields {
		x := &v.Fields[i]
		name := x.Name.String()
		if slices.Contains(timeFields, name) || name == w.spec.Level || w.spec.Level == "" && slices.Contains(levelFields, name) && x.Value.Type == datasource.TypeText {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		dst = append(append(dst, name...), '=')
		if class, _ := field.Guess(name); f.Private && class.Private() && x.Value.Type == datasource.TypeNumber {
			dst = append(dst, draw.Hidden(f.Theme)...)
			continue
		}
		dst = field.AppendCompact(dst, &x.Value)
	}
	return dst
}

// filterMessages returns the messages that the filter keeps.
func (w *Widget) filterMessages(all []message, filter list.Filter, f *widgets.Context) []message {
	if !filter.Active() {
		return all
	}
	var text []byte
	return slices.DeleteFunc(all, func(m message) bool {
		text = append(append(append(text[:0], m.item...), ' '), w.levelOf(&m)...)
		text = w.appendText(append(text, ' '), &m, f)
		return !filter.Keep(text)
	})
}
