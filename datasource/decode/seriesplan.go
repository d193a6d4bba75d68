package decode

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/names"
)

// seriesPlan is a compiled SeriesFields.
type seriesPlan struct {
	time, value source
	bar         [len(barNames)]source
	bars        bool
}

// barNames are the fields of a bar as they are published, after its time.
var barNames = [...]names.Standard{names.Open, names.High, names.Low, names.Close, names.Volume}

// source is where a row holds something: a path into it or a pseudo-field.
type source struct {
	path   []string
	pseudo string // "@score", …
}

func sourceOf(s string) source {
	if strings.HasPrefix(s, "@") {
		return source{pseudo: s}
	}
	return source{path: datasource.SplitPath(s)}
}

func (s source) defined() bool { return s.pseudo != "" || len(s.path) > 0 }

func compileSeries(f datasource.SeriesFields) *seriesPlan {
	s := &seriesPlan{time: sourceOf(f.Time), value: sourceOf(f.Value)}
	for i, field := range [...]string{f.Open, f.High, f.Low, f.Close, f.Volume} {
		s.bar[i] = sourceOf(field)
		s.bars = s.bars || field != "" && i < 4
	}
	if s.bars {
		for i := range s.bar { // what is not named is called as the field calls it
			if !s.bar[i].defined() {
				s.bar[i] = source{}
			}
		}
	}
	return s
}

// read returns what a source holds of a row, nil for nothing.
func (s source) read(r *row, key string) *datasource.Value {
	var v datasource.Value
	switch s.pseudo {
	case "":
		return descend(&r.value, s.path)
	case "@key":
		v = text(key)
	case "@field":
		v = text(r.field)
	case "@id":
		if t := idTime(r.id); !t.IsZero() {
			v = timeValue(t.UnixMilli())
		} else {
			v = text(r.id)
		}
	case "@score":
		if !r.scored {
			return nil
		}
		v = datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(r.score)}
	case "@member":
		if r.member == nil {
			return &r.value
		}
		v = lenient(r.member)
	default:
		return nil
	}
	return &v
}

// points makes a series, or bars, of rows.
func (p *plan) points(ref *datasource.Ref, rows []row, at time.Time, said *remarks) (datasource.Value, error) {
	if p.series.bars {
		return p.bars(ref, rows, said)
	}
	points := make([]datasource.Point, 0, len(rows))
	read := false
	for i := range rows {
		ms, ok := p.timeOf(ref, &rows[i], said)
		if !ok {
			continue
		}
		v := p.valueOf(ref, &rows[i])
		read = read || finite(v)
		points = append(points, datasource.Point{MS: ms, V: v})
	}
	switch {
	case len(rows) == 0:
	case len(points) == 0 && rows[0].scored && p.series.time.path == nil:
		return datasource.Value{}, noSeries(rows[0].score)
	case len(points) == 0:
		return datasource.Value{}, errNoTime
	case !read:
		return datasource.Value{}, errNoNumber
	}
	return datasource.Value{Type: datasource.TypeSeries, Points: trimPoints(sortPoints(points), ref, at)}, nil
}

// timeOf is the time of a row; one without a zone is in the zone of the shape,
// else in UTC until a zone is found.
func (p *plan) timeOf(ref *datasource.Ref, r *row, said *remarks) (ms int64, ok bool) {
	t, unit, ok := p.rowTime(ref, r)
	if !ok {
		return 0, false
	}
	said.count(unit)
	return said.inZone(t, p.zone), true
}

// count notes in which unit a time is written.
func (r *remarks) count(unit time.Duration) {
	switch {
	case unit == 0:
	case r.unit == 0:
		r.unit = unit
	case r.unit != unit:
		r.mixed = true
	}
}

// rowTime is the time of a row: as configured, else its own, else what its kind
// says: the score, the id, the field. unit is that of a number, 0 for a text.
func (p *plan) rowTime(ref *datasource.Ref, r *row) (t time.Time, unit time.Duration, ok bool) {
	v := p.timeValue(ref, r)
	switch {
	case v != nil:
		if v.Type == datasource.TypeNumber {
			unit, _ = datasource.EpochUnit(v.Num.Float())
		}
		t, ok = p.parseTime(v)
		return t, unit, ok
	case p.series.time.defined():
		return t, 0, false
	case r.scored:
		ms, _ := datasource.EpochMS(r.score)
		unit, _ = datasource.EpochUnit(r.score)
		return time.UnixMilli(ms), unit, isEpoch(r.score)
	}
	if t = p.stampOf(&r.value); t.IsZero() {
		t = idTime(r.id)
	}
	return t, 0, !t.IsZero()
}

// timeValue is the part of a row that is its time; nil where none is named and
// none stands where the times of such a row stand.
func (p *plan) timeValue(ref *datasource.Ref, r *row) *datasource.Value {
	switch {
	case p.series.time.defined():
		return p.series.time.read(r, ref.Key)
	case r.scored:
		return nil
	case len(p.time) > 0 && descend(&r.value, p.time) != nil:
		return descend(&r.value, p.time)
	case !p.stampOf(&r.value).IsZero(), !idTime(r.id).IsZero():
		return nil
	case r.field != "":
		v := text(r.field)
		return &v
	case r.value.Type == datasource.TypeArray && len(r.value.Items) == 2: // [time, value]
		return &r.value.Items[0]
	}
	return nil
}

// valueOf is the number of a row, NaN when it has none.
func (p *plan) valueOf(ref *datasource.Ref, r *row) float64 {
	if s := p.series.value; s.defined() {
		v := s.read(r, ref.Key)
		if v == nil {
			return math.NaN()
		}
		return float(v)
	}
	switch {
	case r.value.Type == datasource.TypeArray && len(r.value.Items) == 2:
		return float(&r.value.Items[1])
	case r.value.Type == datasource.TypeText && r.member != nil:
		return memberValue(ref.Member, r.member)
	}
	return pointValue(&r.value, "")
}

// bars makes bars of rows: objects with time, open, high, low, close, volume,
// the oldest first.
func (p *plan) bars(ref *datasource.Ref, rows []row, said *remarks) (datasource.Value, error) {
	type bar struct {
		ms    int64
		value datasource.Value
	}
	out := make([]bar, 0, len(rows))
	for i := range rows {
		ms, ok := p.timeOf(ref, &rows[i], said)
		if !ok {
			continue
		}
		v := datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: datasource.Clean("time", 0), Value: timeValue(ms)}}}
		for k, name := range barNames {
			var f *datasource.Value
			if p.series.bar[k].defined() {
				f = p.series.bar[k].read(&rows[i], ref.Key)
			} else if found, ok := names.Find(&rows[i].value, name); ok {
				f = found
			}
			if f != nil && f.Type == datasource.TypeNumber {
				v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(string(name), 0), Value: *f})
			}
		}
		if len(v.Fields) >= 2 {
			out = append(out, bar{ms, v})
		}
	}
	if len(out) == 0 && len(rows) > 0 {
		return datasource.Value{}, errNoTime
	}
	slices.SortStableFunc(out, func(a, b bar) int { return int(max(-1, min(1, a.ms-b.ms))) })
	out = slices.CompactFunc(out, func(a, b bar) bool { return a.ms == b.ms && a.value.Equal(&b.value) })
	if n := keepPoints(ref); len(out) > n {
		out = out[len(out)-n:]
	}
	v := datasource.Value{Type: datasource.TypeArray, Items: make([]datasource.Value, len(out))}
	for i := range out {
		v.Items[i] = out[i].value
	}
	return v, nil
}

// parseTime reads a time by time_format, else as an epoch, ISO 8601 or digits
// like 20261123 and 202611230905. One without a zone is in datasource.Naive.
func (p *plan) parseTime(v *datasource.Value) (time.Time, bool) {
	if p.layout != "" {
		t, err := time.ParseInLocation(p.layout, scalarText(v), datasource.Naive)
		if err == nil {
			return t, !plausible(t).IsZero()
		}
	}
	if t, ok := v.Time(); ok && !plausible(t).IsZero() {
		return t, true
	}
	if t, ok := compactTime(scalarText(v)); ok {
		return t, true
	}
	return time.Time{}, false
}

func scalarText(v *datasource.Value) string {
	switch v.Type {
	case datasource.TypeNumber:
		return v.Num.String()
	case datasource.TypeText:
		return v.Text.String()
	}
	return ""
}

// compactTime reads digits that are a date: 20261123, 202611230905,
// 20261123090500, with '_', '-' or 'T' between date and time.
func compactTime(s string) (time.Time, bool) {
	if len(s) < 8 || len(s) > 15 || s[0] != '2' || s[1] != '0' {
		return time.Time{}, false
	}
	digits := strings.Map(func(r rune) rune {
		if r == '_' || r == 'T' || r == '-' {
			return -1
		}
		return r
	}, s)
	if _, err := strconv.ParseUint(digits, 10, 64); err != nil {
		return time.Time{}, false
	}
	for _, layout := range [...]string{"20060102", "2006010215", "200601021504", "20060102150405"} {
		if len(digits) == len(layout) {
			t, err := time.ParseInLocation(layout, digits, datasource.Naive)
			return t, err == nil
		}
	}
	return time.Time{}, false
}

// stampOf is the producer's time of a shaped value.
func (p *plan) stampOf(v *datasource.Value) time.Time {
	if p == nil || len(p.time) == 0 {
		return Stamp(v)
	}
	var newest time.Time
	see := func(v *datasource.Value) {
		if at := descend(v, p.time); at != nil {
			if t, ok := p.parseTime(at); ok {
				newest = later(newest, t)
			}
		}
	}
	switch v.Type {
	case datasource.TypeObject:
		see(v)
	case datasource.TypeArray:
		for i := range v.Items {
			see(&v.Items[i])
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			see(&v.Messages[i].Value)
		}
	}
	if newest.IsZero() {
		return Stamp(v)
	}
	return newest
}
