package decode

import (
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/names"
)

// Effect says what a message on the live channel of a datum does: what its kind
// says, but for shapes that make something else of the kind. The newest entry of
// a list is an object, into which messages merge; a series out of a list takes
// points; bars take bars.
func Effect(ref *datasource.Ref) datasource.PushEffect {
	p := planOf(ref)
	switch {
	case p == nil || ref.Kind == datasource.KindChannel:
	case p.latest:
		return datasource.PushMerges
	case p.series != nil && p.series.bars:
		return datasource.PushMerges
	case p.series != nil:
		return datasource.PushPoints
	case p.rows && ref.Kind.IsSeries():
		return datasource.PushRereads
	}
	return ref.Kind.Push()
}

// ReadMessage decodes one payload of a channel by the shape of a datum. ok is
// false for one that where: leaves out.
func ReadMessage(ref *datasource.Ref, payload []byte, at time.Time) (m datasource.Message, marks datasource.Marks, ok bool) {
	var said remarks
	m, ok = messageOf(ref, payload, at, &said)
	return m, said.marks(), ok
}

func messageOf(ref *datasource.Ref, payload []byte, at time.Time, said *remarks) (m datasource.Message, ok bool) {
	m = datasource.Message{At: at}
	p := planOf(ref)
	if p == nil {
		m.Value = said.part(payload)
		said.masked = hideSecrets(&m.Value, ref)
		return m, true
	}
	m.Value = p.part(said, payload)
	if at := descend(&m.Value, p.pick); at != nil {
		m.Value = *at
	}
	before := m.Value
	m.Value.Fields = slices.Clone(m.Value.Fields)
	p.row(&m.Value)
	ok = p.holds(&m.Value) || p.holds(&before)
	said.masked = hideSecrets(&m.Value, ref)
	return m, ok
}

// merge is Merge by a plan.
func (p *plan) merge(ref *datasource.Ref, prev *datasource.Value, payload []byte, at time.Time, said *remarks) (datasource.Value, time.Time, error) {
	effect := Effect(ref)
	if effect == datasource.PushMessage {
		m, ok := messageOf(ref, payload, at, said)
		if !ok {
			return orEmpty(prev, datasource.TypeMessages), time.Time{}, nil
		}
		return prepend(prev, m, ref), p.stampOfMessage(&m), nil
	}
	v, err := p.document(payload)
	if err != nil {
		f := explain(&datasource.Raw{Ref: ref}, err)
		f.Source = datasource.SourcePubSub
		return datasource.Value{}, time.Time{}, f
	}
	if part := descend(&v, p.pick); part != nil {
		v = *part
	}
	said.masked = hideSecrets(&v, ref)
	switch {
	case effect == datasource.PushPoints && p.series == nil:
		return mergePoints(ref, prev, &v, at)
	case effect == datasource.PushPoints:
		return p.mergePoints(ref, prev, &v, at)
	case p.series != nil:
		return p.mergeBars(ref, prev, &v, at)
	}
	before := v
	v.Fields = slices.Clone(v.Fields)
	p.row(&v)
	if !p.holds(&v) && !p.holds(&before) {
		return orEmpty(prev, datasource.TypeNone), time.Time{}, nil
	}
	stamp := p.stampOf(&v)
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

// orEmpty is prev, or nothing of a type.
func orEmpty(prev *datasource.Value, t datasource.Type) datasource.Value {
	if prev == nil {
		return datasource.Value{Type: t}
	}
	return *prev
}

func (p *plan) stampOfMessage(m *datasource.Message) time.Time {
	if len(p.time) > 0 {
		return p.stampOf(&m.Value)
	}
	return objectTime(&m.Value, ofEvent)
}

// mergePoints adds the points of a message to a series. One without a time of
// its own is as old as its arrival, and so is one whose time has no zone that is
// known.
func (p *plan) mergePoints(ref *datasource.Ref, prev, v *datasource.Value, at time.Time) (datasource.Value, time.Time, error) {
	rows := []row{{value: *v}}
	if v.Type == datasource.TypeArray && len(v.Items) > 0 && isRow(&v.Items[0]) {
		rows = p.rowsOf(v)
	}
	var fresh []datasource.Point
	var said remarks
	for _, r := range p.filtered(rows, nil) {
		point := datasource.Point{MS: at.UnixMilli(), V: p.valueOf(ref, &r)}
		if t, _, ok := p.rowTime(ref, &r); ok && (p.zone != nil || !datasource.IsNaive(t)) {
			point.MS, _ = p.timeOf(ref, &r, &said)
		} else if ok {
			said.newest = later(said.newest, t)
		}
		if finite(point.V) {
			fresh = append(fresh, point)
		}
	}
	old := orEmpty(prev, datasource.TypeSeries)
	if len(fresh) == 0 {
		if len(p.where) > 0 {
			return old, time.Time{}, nil
		}
		f := &datasource.Fault{Class: datasource.ClassDecode, Source: datasource.SourcePubSub,
			Text: datasource.Clean("unreadable: no number in the message for a series, is "+typeName(v), datasource.MaxCell)}
		return datasource.Value{}, time.Time{}, f
	}
	sortPoints(fresh)
	out := datasource.Value{Type: datasource.TypeSeries, Points: join(replaced(old.Points, fresh), fresh, ref, at)}
	if !said.newest.IsZero() {
		return out, said.newest, nil
	}
	return out, plausible(fresh[len(fresh)-1].Time()), nil
}

// mergeBars adds the bars of a message; one of a time that is known replaces it.
func (p *plan) mergeBars(ref *datasource.Ref, prev, v *datasource.Value, at time.Time) (datasource.Value, time.Time, error) {
	rows := []row{{value: *v}}
	if v.Type == datasource.TypeArray && len(v.Items) > 0 && isRow(&v.Items[0]) {
		rows = p.rowsOf(v)
	}
	old := orEmpty(prev, datasource.TypeArray)
	fresh, err := p.bars(ref, p.filtered(rows, nil), &remarks{})
	if err != nil || len(fresh.Items) == 0 {
		return old, time.Time{}, nil //nolint:nilerr // no bar: a tick on the same channel
	}
	items := slices.Clone(old.Items)
	for _, bar := range fresh.Items {
		t := barMS(&bar)
		i := len(items)
		for i > 0 && barMS(&items[i-1]) > t {
			i--
		}
		if i > 0 && barMS(&items[i-1]) == t {
			items[i-1] = bar
			continue
		}
		items = slices.Insert(items, i, bar)
	}
	if n := keepPoints(ref); len(items) > n {
		items = items[len(items)-n:]
	}
	return datasource.Value{Type: datasource.TypeArray, Items: items}, p.stampOf(v), nil
}

func barMS(v *datasource.Value) int64 {
	t, ok := v.Field("time")
	if !ok {
		return 0
	}
	return int64(t.Num.Float())
}

// aligned are the names under which a message and the key it merges into may
// differ, for producers that publish in short what they store in full.
var aligned = [...]names.Standard{names.Bid, names.Ask, names.Last, names.Symbol}

// alignNames gives the fields of delta that prev does not have the names that
// prev has for the same thing: b is the bid where bid is known.
func alignNames(prev, delta *datasource.Value) {
	for i := range delta.Fields {
		f := &delta.Fields[i]
		if place(prev.Fields, f.Name, i) >= 0 {
			continue
		}
		for _, s := range aligned {
			if !names.Is(s, f.Name.String()) {
				continue
			}
			j := slices.IndexFunc(prev.Fields, func(old datasource.Field) bool { return names.Is(s, old.Name.String()) })
			if j >= 0 && place(delta.Fields, prev.Fields[j].Name, j) < 0 {
				f.Name = prev.Fields[j].Name
			}
			break
		}
	}
}
