package decode

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// Names under which producers keep the value of a point, the most telling
// first.
var valueFields = [...]string{"value", "v", "price", "equity", "balance", "last", "close", "mid", "y"}

var errNoNumber = errors.New("no row holds a number (set series: {time: …, value: …})")

// series decodes the members of a sorted set. A member whose value cannot be
// read is a gap (NaN); one whose score is no time (±inf) is left out.
func series(raw *datasource.Raw, said *remarks) (datasource.Value, error) {
	if len(raw.Members) > datasource.MaxMembers {
		return datasource.Value{}, tooBig("%d members, at most %d", len(raw.Members), datasource.MaxMembers)
	}
	points := make([]datasource.Point, 0, len(raw.Members))
	readable := false
	said.mixed = MixedUnits(raw)
	for i := range raw.Members {
		m := &raw.Members[i]
		if !isEpoch(m.Score) {
			continue
		}
		ms, _ := datasource.EpochMS(m.Score)
		v := memberValue(raw.Ref.Member, m.Member)
		readable = readable || !math.IsNaN(v)
		points = append(points, datasource.Point{MS: ms, V: v})
	}
	switch {
	case len(raw.Members) == 0:
	case len(points) == 0:
		return noTimes(raw, said)
	case !readable && !allNaN(raw.Members):
		return datasource.Value{}, noMember(raw)
	}
	return datasource.Value{Type: datasource.TypeSeries, Points: trimPoints(sortPoints(points), raw.Ref, raw.At)}, nil
}

// noTimes is for a sorted set whose scores are not times: a table of its members
// and scores, or an error where a series is asked for.
func noTimes(raw *datasource.Raw, said *remarks) (datasource.Value, error) {
	last := raw.Members[len(raw.Members)-1].Score
	if !finite(last) {
		return datasource.Value{}, errors.New("no score is a time")
	}
	if raw.Ref.Member != "" || raw.Ref.Window > 0 || raw.Ref.Kind != datasource.KindZSet {
		return datasource.Value{}, noSeries(last)
	}
	rows := make([]row, len(raw.Members))
	for i := range raw.Members {
		rows[i] = row{value: said.part(raw.Members[i].Member), score: raw.Members[i].Score, scored: true}
	}
	return scoredArray(rows), said.allUnread(len(rows))
}

// MixedUnits reports whether the scores of a sorted set that are times are
// written in several units: then the highest score is not the newest.
func MixedUnits(raw *datasource.Raw) bool {
	var first time.Duration
	for i := range raw.Members {
		if !isEpoch(raw.Members[i].Score) {
			continue
		}
		unit, _ := datasource.EpochUnit(raw.Members[i].Score)
		if first != 0 && unit != first {
			return true
		}
		first = unit
	}
	return false
}

func noMember(raw *datasource.Raw) error {
	format := string(raw.Ref.Member)
	if format == "" {
		format = string(datasource.MemberValue)
	}
	member := datasource.CleanBytes(raw.Members[len(raw.Members)-1].Member, 40).String()
	return errors.New("no member holds a number as " + format + `: "` + member + `" (set member:)`)
}

// allNaN reports whether the producer itself wrote NaN throughout.
func allNaN(members []datasource.RawMember) bool {
	for i := range members {
		if !strings.Contains(strings.ToLower(string(members[i].Member)), "nan") {
			return false
		}
	}
	return true
}

// memberValue reads one member by its format; NaN when it holds no number.
// Without a format each of them is tried, the number first.
func memberValue(format datasource.Member, b []byte) float64 {
	if field, ok := format.JSONField(); ok {
		return jsonMember(b, field)
	}
	switch format {
	case datasource.MemberValue:
		return plainFloat(b)
	case datasource.MemberTSValue:
		return afterColon(b)
	case datasource.MemberJSON:
	}
	v := plainFloat(b)
	if math.IsNaN(v) {
		if body := trim(b); isContainer(body) {
			return jsonMember(b, "")
		}
		return afterColon(b)
	}
	return v
}

func plainFloat(b []byte) float64 {
	b = trim(b)
	if len(b) == 0 || len(b) > maxDigits {
		return math.NaN()
	}
	n, ok := number(string(b))
	if !ok {
		return math.NaN()
	}
	return n.Float()
}

// afterColon reads the number after the last colon: an ISO time has colons too.
func afterColon(b []byte) float64 {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == ':' {
			return plainFloat(b[i+1:])
		}
	}
	return math.NaN()
}

// jsonMember reads the named field, dotted, of a JSON member; with no name the
// first field that is known to hold a value.
func jsonMember(b []byte, field string) float64 {
	v, err := document(b)
	if err != nil {
		return math.NaN()
	}
	return pointValue(&v, field)
}

// pointValue finds the number of a point. Without a name: a bare number, a
// field called value, price, equity, …, the middle of bid and ask, or the only
// number that is not the time.
func pointValue(v *datasource.Value, field string) float64 {
	if v.Type == datasource.TypeNumber {
		return v.Num.Float()
	}
	if field != "" {
		at, err := pick(v, field)
		if err != nil {
			return math.NaN()
		}
		return float(at)
	}
	for _, name := range valueFields {
		if f, ok := v.Field(name); ok && f.Type == datasource.TypeNumber {
			return f.Num.Float()
		}
	}
	bid, hasBid := v.Field("bid")
	ask, hasAsk := v.Field("ask")
	if hasBid && hasAsk {
		return (float(bid) + float(ask)) / 2
	}
	only := math.NaN()
	for i := range v.Fields {
		f := &v.Fields[i]
		if f.Value.Type != datasource.TypeNumber || stampRank(f.Name.String()) < len(stampFields) {
			continue
		}
		if !math.IsNaN(only) {
			return math.NaN()
		}
		only = f.Value.Num.Float()
	}
	return only
}

func float(v *datasource.Value) float64 {
	if n, ok := v.Number(); ok {
		return n.Float()
	}
	return math.NaN()
}

// pointTime finds the time of a point: the named field, else the first field
// that is known to hold a time.
func pointTime(v *datasource.Value, field string) (t time.Time, ok bool) {
	if field == "" {
		t = objectTime(v, ofEvent)
		return t, !t.IsZero()
	}
	at, err := pick(v, field)
	if err != nil {
		return t, false
	}
	return at.Time()
}

// point reads one element of a series that did not come from a sorted set:
// an object with a time and a value, or a pair [time, value].
func point(v *datasource.Value, ref *datasource.Ref) (t time.Time, f float64, ok bool) {
	if v.Type == datasource.TypeArray && len(v.Items) == 2 {
		t, ok = v.Items[0].Time()
		return t, float(&v.Items[1]), ok
	}
	if v.Type != datasource.TypeObject {
		return t, 0, false
	}
	t, ok = pointTime(v, ref.Fallback.Time)
	return t, pointValue(v, ref.Fallback.Value), ok
}

// inZone is the time t in epoch milliseconds; one without a zone is in loc, else
// in UTC, and is noted.
func (r *remarks) inZone(t time.Time, loc *time.Location) int64 {
	if datasource.IsNaive(t) {
		r.newest = later(r.newest, t)
		if loc != nil {
			t = datasource.InZone(t, loc)
		}
	}
	return t.UnixMilli()
}

// sortPoints orders points by time where they are not; equal times keep their
// order.
func sortPoints(p []datasource.Point) []datasource.Point {
	byTime := func(a, b datasource.Point) int {
		switch {
		case a.MS < b.MS:
			return -1
		case a.MS > b.MS:
			return 1
		}
		return 0
	}
	if !slices.IsSortedFunc(p, byTime) {
		slices.SortStableFunc(p, byTime)
	}
	return p
}

// trimPoints drops what is older than the window or over the count. The window
// ends at the newest point, so a silent producer does not empty a chart, but
// never after now: one point from the future must not push the others out.
func trimPoints(p []datasource.Point, ref *datasource.Ref, now time.Time) []datasource.Point {
	if limit := keepPoints(ref); len(p) > limit {
		p = p[len(p)-limit:]
	}
	if ref.Window <= 0 || len(p) == 0 {
		return p
	}
	end := p[len(p)-1].MS
	if !now.IsZero() {
		end = min(end, now.UnixMilli())
	}
	start := end - ref.Window.Milliseconds()
	first, _ := slices.BinarySearchFunc(p, start, func(p datasource.Point, ms int64) int {
		switch {
		case p.MS < ms:
			return -1
		case p.MS > ms:
			return 1
		}
		return 0
	})
	return p[first:]
}

// keepPoints returns how many points of a series are kept: all that can be
// read unless the configuration says less.
func keepPoints(ref *datasource.Ref) int {
	if ref.Keep <= 0 || ref.Keep > datasource.MaxMembers {
		return datasource.MaxMembers
	}
	return ref.Keep
}
