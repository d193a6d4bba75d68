package decode

import (
	"time"

	"ticktop/datasource"
)

// stampFields are the names under which producers write the time of an object,
// the most telling first. How many of them count depends on what it is.
var stampFields = [...]string{
	"ts", "timestamp", "updated_at", "updated", "last_update", "last_updated", "modified_at",
	"time", "at", "datetime", "event_time", "t",
	"created_at", "created", "date",
}

// How many of stampFields tell the time of
const (
	ofList  = 7                // a list, by its elements: "time" may be when a position was opened
	ofState = 12               // an object: it may have been created years ago and be fresh
	ofEvent = len(stampFields) // a message or a point, which is made once
)

// The years that a producer's stamp may lie in. A counter in a field called
// "time" is not the year 1970.
var (
	minStamp = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	maxStamp = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Stamp returns the producer's own time in a value, zero when there isn't one: of
// an object the first of ts, timestamp, updated_at, time, at, … that is a time
// between 2000 and 2200; of an array the newest ts, timestamp or updated_at of
// its objects; of messages the newest; of a series its last point.
func Stamp(v *datasource.Value) time.Time {
	var newest time.Time
	switch v.Type {
	case datasource.TypeObject:
		return objectTime(v, ofState)
	case datasource.TypeArray:
		for i := range v.Items {
			newest = later(newest, objectTime(&v.Items[i], ofList))
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			m := &v.Messages[i]
			t := objectTime(&m.Value, ofEvent)
			if t.IsZero() && !m.ID.Empty() {
				t = m.At
			}
			newest = later(newest, t)
		}
	case datasource.TypeSeries:
		if n := len(v.Points); n > 0 {
			return plausible(v.Points[n-1].Time())
		}
	}
	return newest
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// objectTime returns the time of an object by the first names of stampFields.
func objectTime(v *datasource.Value, names int) time.Time {
	if v.Type != datasource.TypeObject {
		return time.Time{}
	}
	best, rank := time.Time{}, names
	for i := range v.Fields {
		f := &v.Fields[i]
		r := stampRank(f.Name.String())
		if r >= rank {
			continue
		}
		if t, ok := f.Value.Time(); ok && !plausible(t).IsZero() {
			best, rank = t, r
		}
	}
	return best
}

// stampRank returns the place of name in stampFields, or their number.
func stampRank(name string) int {
	if len(name) == 0 || len(name) > len("last_updated") {
		return len(stampFields)
	}
	switch name[0] { // most names of a tick match nothing here
	case 't', 'u', 'a', 'd', 'l', 'm', 'c', 'e':
		for i, n := range stampFields {
			if n == name {
				return i
			}
		}
	}
	return len(stampFields)
}

func plausible(t time.Time) time.Time {
	if t.Before(minStamp) || t.After(maxStamp) {
		return time.Time{}
	}
	return t
}
