package field

import (
	"time"

	"ticktop/datasource"
)

// earliest is the least number that is taken for a time: 3 March 1973 in
// seconds. Below that it is a duration, a counter or an hour of the day.
const earliest = 1e8

// TimeOf reads a field as a time, as datasource.Value.Time does, if it has a
// value and is no small number.
func TimeOf(v *datasource.Value) (time.Time, bool) {
	if v == nil || v.Type == datasource.TypeNumber && !(v.Num.Float() >= earliest) {
		return time.Time{}, false
	}
	return v.Time()
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
