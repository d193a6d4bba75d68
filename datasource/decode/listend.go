package decode

import (
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
)

// endLooks is how many items from each end are looked at for a time: some lines
// of a log, such as those of a stack trace, have none.
const endLooks = 8

// NewestEnd tells by the times in the items of a list, in the order of Redis,
// which end of it is newest; EndUnknown where they don't tell. The times are
// where the shape says, else in fields with the usual names, else in any field
// of that kind, else at the beginning of a line of text.
func NewestEnd(ref *datasource.Ref, items [][]byte) datasource.End {
	if len(items) < 2 {
		return datasource.EndUnknown
	}
	p := planOf(ref)
	for i := range min(endLooks, len(items)-1) {
		first := itemOf(p, items[i])
		for k := range min(endLooks, len(items)-1-i) {
			last := itemOf(p, items[len(items)-1-k])
			a, b, ok := timesOf(p, &first, &last)
			switch {
			case !ok:
				continue
			case a.Year() == noYear && b.Year() == noYear && a.Sub(b).Abs() > 180*24*time.Hour: // a new year between them
				a, b = b, a
			}
			switch {
			case a.After(b):
				return datasource.EndFirst
			case b.After(a):
				return datasource.EndLast
			}
			return datasource.EndUnknown // all of one moment, as far as they say
		}
	}
	return datasource.EndUnknown
}

// itemOf decodes one item by the shape of its list.
func itemOf(p *plan, b []byte) datasource.Value {
	if p == nil {
		return lenient(b)
	}
	v := p.part(&remarks{}, b)
	if at := descend(&v, p.pick); at != nil {
		v = *at
	}
	v.Fields = append([]datasource.Field(nil), v.Fields...)
	p.row(&v)
	return v
}

// timesOf returns the times of two items, found in the same place of both.
func timesOf(p *plan, first, last *datasource.Value) (a, b time.Time, ok bool) {
	a, okA := p.itemTime(first)
	b, okB := p.itemTime(last)
	if okA && okB {
		return a, b, true
	}
	for i := range first.Fields {
		f := &first.Fields[i]
		other, has := last.Field(f.Name.String())
		if !has {
			continue
		}
		a, okA = fieldTime(f.Name.String(), &f.Value)
		b, okB = fieldTime(f.Name.String(), other)
		if okA && okB && !a.Equal(b) {
			return a, b, true
		}
	}
	return a, b, false
}

// itemTime is the time of an item where its shape or the usual names say.
func (p *plan) itemTime(v *datasource.Value) (time.Time, bool) {
	if p != nil {
		if at := descend(v, p.time); len(p.time) > 0 && at != nil {
			return p.parseTime(at)
		}
		if p.series != nil && len(p.series.time.path) > 0 {
			if at := descend(v, p.series.time.path); at != nil {
				return p.parseTime(at)
			}
		}
	}
	switch {
	case v.Type == datasource.TypeText:
		return lineTime(v.Text.String())
	case v.Type == datasource.TypeArray && len(v.Items) > 0: // [time, value, …]
		t, ok := v.Items[0].Time()
		return t, ok && !plausible(t).IsZero()
	}
	t := objectTime(v, ofEvent)
	return t, !t.IsZero()
}

// fieldTime reads a field of an unusual name: a text that is a time, or a number
// that can be one in a field that is called so.
func fieldTime(name string, v *datasource.Value) (time.Time, bool) {
	switch v.Type {
	case datasource.TypeText:
		return lineTime(v.Text.String())
	case datasource.TypeNumber:
		low := strings.ToLower(name)
		named := strings.Contains(low, "time") || strings.Contains(low, "date") || strings.HasSuffix(low, "ts") || strings.HasSuffix(low, "at") || len(name) == 1
		t, ok := v.Time()
		return t, ok && named && isEpoch(v.Num.Float())
	}
	return time.Time{}, false
}

// lineHead is how much of a line of text is searched for a time.
const lineHead = 64

// lineTime is the time that a line of text begins with, or that stands near its
// beginning: "2026-11-27T18:00:01Z x", "[2026-11-27 18:00:01,123: INFO] x",
// "2026/11/27 18:00:01 x", "ts=2026-11-27T18:00:01Z", "Nov 27 18:00:01 host x",
// "27/Nov/2026:18:00:01", "1795802401.5 x".
func lineTime(s string) (time.Time, bool) {
	head := s[:min(len(s), lineHead)]
	for i := range len(head) {
		if i > 0 && isWordByte(head[i-1]) {
			continue
		}
		if t, ok := dateAt(head[i:]); ok {
			return t, !plausible(t).IsZero()
		}
	}
	number, _, _ := strings.Cut(strings.TrimLeft(head, "[("), " ")
	if f, err := strconv.ParseFloat(strings.TrimRight(number, "]):,"), 64); err == nil && isEpoch(f) {
		ms, _ := datasource.EpochMS(f)
		return time.UnixMilli(ms), true
	}
	return time.Time{}, false
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// dayForms are the dates of logs, the most exact first. All but the first have
// their time of day behind one more byte.
var dayForms = [...]string{"2006-01-02", "2006/01/02", "02/Jan/2006", "Jan _2"}

// noYear is the year of the dates of syslog, which have none.
const noYear = 2000

// dateAt reads a date, and the time of day behind it.
func dateAt(s string) (time.Time, bool) {
	for _, form := range dayForms {
		if len(s) < len(form) {
			continue
		}
		day, err := time.ParseInLocation(form, s[:len(form)], datasource.Naive)
		if err != nil {
			continue
		}
		if day.Year() == 0 {
			day = day.AddDate(noYear, 0, 0)
		}
		return clockAt(day, s[len(form):]), true
	}
	return time.Time{}, false
}

// clockAt adds the time of day and the zone that a text begins with to a day.
func clockAt(day time.Time, s string) time.Time {
	const clock = "15:04:05"
	if len(s) <= len("15:04") {
		return day
	}
	s = s[1:]
	at, rest := time.Time{}, ""
	if len(s) >= len(clock) {
		if t, err := time.Parse(clock, s[:len(clock)]); err == nil {
			at, rest = t, s[len(clock):]
		}
	}
	if at.IsZero() {
		t, err := time.Parse("15:04", s[:len("15:04")])
		if err != nil {
			return day
		}
		at, rest = t, s[len("15:04"):]
	}
	day = day.Add(at.Sub(at.Truncate(24 * time.Hour)))
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if f, err := strconv.ParseFloat("0."+rest[1:n], 64); err == nil {
			day = day.Add(time.Duration(f * float64(time.Second)))
		}
		rest = rest[n:]
	}
	return inOffset(day, rest)
}

// inOffset gives a time the zone that a text begins with, if it does.
func inOffset(t time.Time, s string) time.Time {
	s = strings.TrimPrefix(s, " ")
	for _, form := range [...]string{"Z07:00", "-07:00", "-0700"} {
		for _, n := range [...]int{len("+07:00"), len("+0700"), len("Z")} {
			if len(s) < n {
				continue
			}
			if z, err := time.Parse(form, s[:n]); err == nil {
				_, offset := z.Zone()
				return datasource.InZone(t, time.FixedZone("", offset))
			}
		}
	}
	return t
}
