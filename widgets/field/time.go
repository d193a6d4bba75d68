package field

import (
	"math"
	"time"

	"ticktop/datasource"
)

// TimeOf reads a time as producers write it: epoch seconds, milli-, micro- or
// nanoseconds, told apart by their size (a number is taken in the finest unit
// that puts it after 1973), or ISO 8601 text.
func TimeOf(v *datasource.Value) (time.Time, bool) {
	switch {
	case v == nil:
		return time.Time{}, false
	case v.Type == datasource.TypeNumber:
		return epoch(v.Num.Float())
	case v.Type == datasource.TypeText:
		return iso(v.Text.String())
	}
	return time.Time{}, false
}

func epoch(f float64) (time.Time, bool) {
	if math.IsNaN(f) || f < 1e8 || f >= 1e20 {
		return time.Time{}, false
	}
	switch {
	case f >= 1e17:
		return time.Unix(0, int64(min(f, math.MaxInt64/2))), true
	case f >= 1e14:
		return time.UnixMicro(int64(f)), true
	case f >= 1e11:
		return time.UnixMilli(int64(f)), true
	default:
		return time.UnixMilli(int64(f * 1000)), true
	}
}

func iso(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04") || len(s) > 40 {
		return time.Time{}, false
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// AppendTime appends the time of day in now's zone, the day and the minute
// when it is not about today, the date when it is far.
func AppendTime(dst []byte, t, now time.Time) []byte {
	t = t.In(now.Location())
	switch away := now.Sub(t).Abs(); {
	case away < 18*time.Hour:
		return t.AppendFormat(dst, "15:04:05")
	case away < 300*24*time.Hour:
		return t.AppendFormat(dst, "Jan 02 15:04")
	default:
		return t.AppendFormat(dst, "2006-01-02")
	}
}
