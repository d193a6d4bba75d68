package datasource

import (
	"math"
	"strings"
	"time"
)

// Naive is the location of times that were written without a zone: their clock
// is what their producer wrote, and nothing tells yet where it hangs.
var Naive = time.FixedZone("naive", 0)

// IsNaive reports whether t was written without a zone.
func IsNaive(t time.Time) bool { return t.Location() == Naive }

// InZone returns the time at which the clock of t, written without a zone, was
// right in loc.
func InZone(t time.Time, loc *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), loc)
}

// Time reads a value as a time: an epoch in s, ms, µs or ns, or ISO 8601 text.
// It is in UTC, or Naive where a text has no zone.
func (v *Value) Time() (time.Time, bool) {
	switch v.Type {
	case TypeNumber:
		ms, ok := EpochMS(v.Num.Float())
		return time.UnixMilli(ms).UTC(), ok
	case TypeText:
		return ParseTime(v.Text.String())
	}
	return time.Time{}, false
}

// EpochUnit tells by its size in what a number counts when it is an epoch time:
// below 1e11 it is seconds (to the year 5138), below 1e14 milliseconds, below
// 1e17 microseconds, then nanoseconds to the end of int64. ok is false for what
// is not finite or too big.
func EpochUnit(f float64) (unit time.Duration, ok bool) {
	switch abs := math.Abs(f); {
	case math.IsNaN(f) || abs > math.MaxInt64:
		return 0, false
	case abs < 1e11:
		return time.Second, true
	case abs < 1e14:
		return time.Millisecond, true
	case abs < 1e17:
		return time.Microsecond, true
	default:
		return time.Nanosecond, true
	}
}

// EpochMS reads a number as a time, in the unit of EpochUnit, and returns epoch
// milliseconds.
func EpochMS(f float64) (ms int64, ok bool) {
	unit, ok := EpochUnit(f)
	switch unit {
	case time.Second:
		f *= 1e3
	case time.Microsecond:
		f /= 1e3
	case time.Nanosecond:
		f /= 1e6
	}
	if !ok {
		return 0, false
	}
	return int64(math.Floor(f + 0.5)), true
}

// isoLayouts are the forms of ISO 8601 that Python, Django, JavaScript and Go
// write. A fraction of a second is read by each of them.
var isoLayouts = [...]string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04", "2006-01-02",
}

// ParseTime reads an ISO 8601 date or time, with 'T' or a blank between the
// two; one without a zone is Naive.
func ParseTime(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02") || len(s) > 40 || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	if len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + strings.Replace(s[11:], " ", "", 1)
	}
	for _, layout := range isoLayouts {
		loc := Naive
		if strings.Contains(layout, "Z07") {
			loc = time.UTC // "+00:00" is a zone, and Naive has the same offset
		}
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
