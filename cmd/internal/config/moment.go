package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ncruces/go-strftime"
)

// The names in braces that are a date and not a variable: {now:%Y%m%d},
// {now-1d:%Y%m%d}, {today}.
const (
	nowName     = "now"
	todayName   = "today"
	todayFormat = "%Y-%m-%d"
)

var momentForm = regexp.MustCompile(`^(now|today)(?:([+-])(\d{1,4})(mo|s|m|h|d|w|y))?(?::(.*))?$`)

// moment is a date in a key: which one, and how it is written.
type moment struct {
	count  int    // how far from now, in units; negative is before
	unit   string // s, m, h, d, w, mo, y
	format string // strftime
}

// isMoment reports whether a name in braces is meant as a date.
func isMoment(name string) bool {
	base := name
	if i := strings.IndexAny(name, "+-:"); i >= 0 {
		base = name[:i]
	}
	return base == nowName || base == todayName
}

// parseMoment reads what stands between the braces.
func parseMoment(name string) (moment, error) {
	p := momentForm.FindStringSubmatch(name)
	if p == nil {
		return moment{}, fmt.Errorf("{%s} is not a date; use {now:%%Y%%m%%d}, {now-1d:%%Y%%m%%d} or {today}", name)
	}
	m := moment{unit: p[4], format: p[5]}
	if p[3] != "" {
		m.count, _ = strconv.Atoi(p[2] + p[3])
	}
	switch {
	case m.format != "":
		return m, checkStrftime(m.format)
	case p[1] == todayName:
		m.format = todayFormat
		return m, nil
	}
	return moment{}, fmt.Errorf("{%s} has no format; use {%s:%%Y%%m%%d} or {today}", name, strings.TrimSuffix(name, ":"))
}

// directives are the ones that a date may be written with, and the finest unit
// that each shows.
var directives = map[byte]byte{
	'Y': 'y', 'y': 'y', 'C': 'y', 'G': 'd', 'g': 'd',
	'm': 'M', 'b': 'M', 'B': 'M', 'h': 'M',
	'd': 'd', 'e': 'd', 'j': 'd', 'a': 'd', 'A': 'd', 'u': 'd', 'w': 'd', 'U': 'd', 'V': 'd', 'W': 'd', 'F': 'd', 'D': 'd',
	'H': 'h', 'I': 'h', 'k': 'h', 'l': 'h', 'p': 'h', 'P': 'h', 'z': 'h', 'Z': 'h',
	'M': 'm', 'R': 'm',
	'S': 's', 'T': 's', 's': 's',
}

// unitOrder has the units from the coarsest to the finest.
const unitOrder = "yMdhms"

// checkStrftime refuses a format that says nothing, or with a directive that
// is unknown or finer than a second.
func checkStrftime(format string) error {
	if finestUnit(format) == 0 {
		return fmt.Errorf("format %q has no date in it; use directives such as %%Y%%m%%d", format)
	}
	for i := 0; i+1 < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		if format[i] == '-' && i+1 < len(format) {
			i++
		}
		if _, ok := directives[format[i]]; !ok && format[i] != '%' {
			return fmt.Errorf("unknown directive %%%c in format %q", format[i], format)
		}
	}
	if strings.HasSuffix(strings.ReplaceAll(format, "%%", ""), "%") {
		return fmt.Errorf("format %q ends with %%", format)
	}
	return nil
}

// finestUnit returns the unit by which a format changes, 0 for none.
func finestUnit(format string) byte {
	best := -1
	for i := 0; i+1 < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		if format[i] == '-' && i+1 < len(format) {
			i++
		}
		best = max(best, strings.IndexByte(unitOrder, directives[format[i]]))
	}
	if best < 0 {
		return 0
	}
	return unitOrder[best]
}

// shiftTime returns t moved by the moment's distance, and back again for sign -1.
func (m moment) shiftTime(t time.Time, sign int) time.Time {
	n := m.count * sign
	switch m.unit {
	case "s":
		return t.Add(time.Duration(n) * time.Second)
	case "m":
		return t.Add(time.Duration(n) * time.Minute)
	case "h":
		return t.Add(time.Duration(n) * time.Hour)
	case "d":
		return t.AddDate(0, 0, n)
	case "w":
		return t.AddDate(0, 0, 7*n)
	case "mo":
		return addMonths(t, n)
	case "y":
		return addMonths(t, 12*n)
	}
	return t
}

// addMonths keeps to the month: a month before March 31 is in February.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location()).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(t.Day(), last), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
}

// formatTime writes the moment for a time in the zone that dates are in.
func (m moment) formatTime(now time.Time) string {
	return strftime.Format(m.format, m.shiftTime(now, 1))
}

// next returns when the text changes: the first end of its finest unit after
// now.
func (m moment) next(now time.Time) time.Time {
	t := m.shiftTime(now, 1)
	months := m.unit == "mo" || m.unit == "y"
	if months { // days and months of then end with those of now
		t = now
	}
	y, mon, d := t.Date()
	var end time.Time
	switch finestUnit(m.format) {
	case 'y':
		end = time.Date(y+1, 1, 1, 0, 0, 0, 0, t.Location())
	case 'M':
		end = time.Date(y, mon+1, 1, 0, 0, 0, 0, t.Location())
	case 'd':
		end = time.Date(y, mon, d+1, 0, 0, 0, 0, t.Location())
	case 'h':
		end = t.Add(time.Hour - time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case 'm':
		end = t.Truncate(time.Minute).Add(time.Minute)
	default:
		end = t.Truncate(time.Second).Add(time.Second)
	}
	if !months {
		end = m.shiftTime(end, -1)
	}
	if !end.After(now) { // an hour that a change of the clocks gives twice
		end = now.Truncate(time.Hour).Add(time.Hour)
	}
	return end
}

// momentsIn returns the dates in a template.
func momentsIn(tmpl string) []moment {
	if !strings.Contains(tmpl, "{now") && !strings.Contains(tmpl, "{today") {
		return nil
	}
	segs, err := splitTemplate(tmpl)
	if err != nil {
		return nil
	}
	var out []moment
	for _, seg := range segs {
		if !seg.name || !isMoment(seg.text) {
			continue
		}
		if m, err := parseMoment(seg.text); err == nil {
			out = append(out, m)
		}
	}
	return out
}

// dateZone is where dates in keys are.
func (c *Config) dateZone() *time.Location {
	if c.SourceZone != nil {
		return c.SourceZone
	}
	return time.Local
}

// NextRollover returns when Refs gives other keys, because a date in one of
// them changes; the zero time when there is no date in any.
func (c *Config) NextRollover(now time.Time) time.Time {
	now = now.In(c.dateZone())
	var first time.Time
	for _, m := range c.dates {
		if at := m.next(now); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// collectDates notes every date of the data and of the lookups.
func (c *Config) collectDates() {
	add := func(tmpls ...string) {
		for _, t := range tmpls {
			c.dates = append(c.dates, momentsIn(t)...)
		}
	}
	for _, it := range c.file.Data {
		x := it.Value
		for _, k := range x.writtenKinds() {
			add(k.key)
		}
		add(x.Live.Channel, x.Fallback.Path, x.Fallback.Pick, x.Pick)
		for _, j := range x.Join {
			add(j.Value)
		}
	}
	for _, it := range c.file.Vars {
		if l := it.Value.Lookup; l != nil {
			_, tmpl := l.lookupKind()
			add(tmpl)
		}
	}
}
