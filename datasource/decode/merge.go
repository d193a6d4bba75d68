package decode

import (
	"slices"
	"time"

	"ticktop/datasource"
)

// Append adds the newer members of raw to a series already known and trims it
// to the window and the count of its Ref. A raw with the whole window
// (Since is -Inf), one of another kind and a prev that is no series are decoded
// from scratch.
func Append(prev *datasource.Value, raw *datasource.Raw) (Decoded, error) {
	whole := raw.Since == 0 || raw.Since < -1e300
	if prev == nil || prev.Type != datasource.TypeSeries || whole || raw.JSON || raw.Missing ||
		raw.Err != nil || !raw.Ref.Kind.IsSeries() {
		return Read(raw)
	}
	if len(raw.Members) == 0 {
		return Decoded{Value: *prev, Stamp: Stamp(prev)}, nil
	}
	var fresh datasource.Value
	var said remarks
	var err error
	if p := planOf(raw.Ref); p != nil {
		fresh, err = p.shaped(raw, &said)
	} else {
		fresh, err = series(raw, &said)
	}
	if err == nil && fresh.Type != datasource.TypeSeries {
		err = noSeries(raw.Members[0].Score)
	}
	if err != nil {
		return Decoded{}, explain(raw, err)
	}
	d := Decoded{Value: datasource.Value{Type: datasource.TypeSeries, Points: join(prev.Points, fresh.Points, raw.Ref, raw.At)}, Stamp: said.newest, Marks: said.marks()}
	if d.Stamp.IsZero() {
		d.Stamp = Stamp(&d.Value)
	}
	return d, nil
}

// join puts newer points behind those known; neither is written to.
func join(old, fresh []datasource.Point, ref *datasource.Ref, now time.Time) []datasource.Point {
	out := make([]datasource.Point, 0, len(old)+len(fresh))
	out = append(append(out, old...), fresh...)
	return trimPoints(sortPoints(out), ref, now)
}

// Push applies one payload of a live channel to the value known, by the kind
// of the datum:
//
//   - string, hash: an object is merged field by field (new fields come last),
//     into nested objects too; anything else replaces the value. null and an
//     empty payload leave it as it is: a value once known is never blanked
//   - zset: a number, [time, value] or an object with a value adds a point; an
//     array of such adds each. A point without its own time gets at. A
//     point at a time already known replaces that one
//   - list, stream, channel: the payload becomes the newest message
//   - set: nothing, its key has to be read again
//
// Fields get their names by the shape of the datum, or by what the value known
// calls the same thing: b is the bid where bid is known.
//
// prev may be nil and is not written to. Numbers that changed carry their Move.
// stamp is the producer's own time in the payload. An unreadable payload is a
// Fault of ClassDecode; prev then stays what is known.
func Push(ref *datasource.Ref, prev *datasource.Value, payload []byte, at time.Time) (Decoded, error) {
	var said remarks
	v, stamp, err := push(ref, prev, payload, at, &said)
	return Decoded{Value: v, Stamp: stamp, Marks: said.marks()}, err
}

func push(ref *datasource.Ref, prev *datasource.Value, payload []byte, at time.Time, said *remarks) (datasource.Value, time.Time, error) {
	if p := planOf(ref); p != nil {
		return p.merge(ref, prev, payload, at, said)
	}
	switch ref.Kind.Push() {
	case datasource.PushMessage:
		m := datasource.Message{At: at, Value: said.part(payload)}
		said.masked = hideSecrets(&m.Value, ref)
		return prepend(prev, m, ref), objectTime(&m.Value, ofEvent), nil
	case datasource.PushRereads:
		return orEmpty(prev, datasource.TypeNone), time.Time{}, nil
	case datasource.PushMerges, datasource.PushPoints:
	}
	if v, stamp, ok := mergePlain(ref, prev, payload, at); ok {
		return v, stamp, nil
	}
	v, err := document(payload)
	if err != nil {
		f := explain(&datasource.Raw{Ref: ref}, err)
		f.Source = datasource.SourcePubSub
		return datasource.Value{}, time.Time{}, f
	}
	said.masked = hideSecrets(&v, ref)
	if ref.Kind.IsSeries() {
		return mergePoints(ref, prev, &v, at)
	}
	stamp := Stamp(&v)
	switch {
	case prev == nil || prev.Type == datasource.TypeNone:
		return v, stamp, nil
	case v.Type == datasource.TypeNull:
		return *prev, time.Time{}, nil
	case v.Type == datasource.TypeObject && prev.Type == datasource.TypeObject:
		alignNames(prev, &v)
		v = mergeObject(prev, &v)
	}
	return Moved(prev, v, at), stamp, nil
}

// mergeObject lays the fields of delta over those of prev.
func mergeObject(prev, delta *datasource.Value) datasource.Value {
	out := make([]datasource.Field, len(prev.Fields), len(prev.Fields)+len(delta.Fields))
	copy(out, prev.Fields)
	for i := range delta.Fields {
		d := &delta.Fields[i]
		j := place(out, d.Name, i)
		if j < 0 {
			if len(out) < datasource.MaxFields {
				out = append(out, *d)
			}
			continue
		}
		if old := &out[j].Value; old.Type == datasource.TypeObject && d.Value.Type == datasource.TypeObject {
			out[j].Value = mergeObject(old, &d.Value)
		} else {
			out[j].Value = d.Value
		}
	}
	return datasource.Value{Type: datasource.TypeObject, Fields: out}
}

// place finds a field, looking first where it was expected.
func place(fields []datasource.Field, name datasource.Safe, guess int) int {
	if guess < len(fields) && fields[guess].Name == name {
		return guess
	}
	return slices.IndexFunc(fields, func(f datasource.Field) bool { return f.Name == name })
}

// mergePoints adds the points of a live payload to a series.
func mergePoints(ref *datasource.Ref, prev, v *datasource.Value, at time.Time) (datasource.Value, time.Time, error) {
	fresh := livePoints(ref, v, at)
	var old []datasource.Point
	if prev != nil && prev.Type == datasource.TypeSeries {
		old = prev.Points
	}
	if len(fresh) == 0 {
		f := &datasource.Fault{Class: datasource.ClassDecode, Source: datasource.SourcePubSub,
			Text: datasource.Clean("unreadable: no number in the message for a series, is "+typeName(v), datasource.MaxCell)}
		return datasource.Value{}, time.Time{}, f
	}
	out := datasource.Value{Type: datasource.TypeSeries, Points: join(replaced(old, fresh), fresh, ref, at)}
	return out, plausible(fresh[len(fresh)-1].Time()), nil
}

// livePoints reads the points of a payload.
func livePoints(ref *datasource.Ref, v *datasource.Value, at time.Time) []datasource.Point {
	if p, ok := livePoint(ref, v, at); ok {
		return []datasource.Point{p}
	}
	if v.Type != datasource.TypeArray {
		return nil
	}
	out := make([]datasource.Point, 0, len(v.Items))
	for i := range v.Items {
		if p, ok := livePoint(ref, &v.Items[i], at); ok {
			out = append(out, p)
		}
	}
	return out
}

func livePoint(ref *datasource.Ref, v *datasource.Value, at time.Time) (datasource.Point, bool) {
	switch {
	case v.Type == datasource.TypeNumber:
		return datasource.Point{MS: at.UnixMilli(), V: v.Num.Float()}, true
	case v.Type == datasource.TypeArray && len(v.Items) == 2 && v.Items[0].Type != datasource.TypeArray:
		t, value, ok := point(v, ref)
		if datasource.IsNaive(t) {
			t = at
		}
		return datasource.Point{MS: t.UnixMilli(), V: value}, ok
	case v.Type != datasource.TypeObject:
		return datasource.Point{}, false
	}
	p := datasource.Point{MS: at.UnixMilli()}
	if t := objectTime(v, ofEvent); !t.IsZero() && !datasource.IsNaive(t) {
		p.MS = t.UnixMilli()
	}
	field, _ := ref.Member.JSONField()
	for _, name := range [...]string{field, ref.Fallback.Value, ""} {
		if p.V = pointValue(v, name); p.V == p.V {
			return p, true
		}
	}
	return p, false
}

// replaced returns old without the points whose times come again in fresh.
func replaced(old, fresh []datasource.Point) []datasource.Point {
	taken := func(p datasource.Point) bool {
		return slices.ContainsFunc(fresh, func(f datasource.Point) bool { return f.MS == p.MS })
	}
	if !slices.ContainsFunc(old, taken) {
		return old
	}
	return slices.DeleteFunc(slices.Clone(old), taken)
}
