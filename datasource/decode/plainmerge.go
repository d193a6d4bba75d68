package decode

import (
	"time"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/datasource/names"
)

// mergePlain is Merge for what a live channel brings all day: a plain object
// (see parsePlain) for an object already known. Every value is decoded into its
// place in a copy of the known fields, so that a tick costs one allocation for
// the fields and one for its bytes. ok is false for anything else, and then
// nothing has happened.
func mergePlain(ref *datasource.Ref, prev *datasource.Value, payload []byte, at time.Time) (v datasource.Value, stamp time.Time, ok bool) {
	if prev == nil || prev.Type != datasource.TypeObject || ref.Kind.IsSeries() || mask.SecretKey(ref.Key) ||
		len(payload) < 2 || payload[0] != '{' || len(payload) > datasource.MaxValueBytes {
		return v, stamp, false
	}
	m := merger{plain: plain{s: string(payload), i: 1}, prev: prev, ms: at.UnixMilli(), rank: ofState}
	m.fields = make([]datasource.Field, len(prev.Fields))
	copy(m.fields, prev.Fields)
	if m.space(); m.i < len(m.s) && m.s[m.i] == '}' {
		m.i++
	} else if !m.members() {
		return v, stamp, false
	}
	if m.space(); m.i != len(m.s) {
		return v, stamp, false
	}
	return datasource.Value{Type: datasource.TypeObject, Fields: m.fields}, m.stamp, true
}

// merger lays the members of one object over known fields.
type merger struct {
	plain
	prev   *datasource.Value
	fields []datasource.Field
	seen   uint64 // the places already written to: a name that comes twice is not plain
	ms     int64
	stamp  time.Time
	rank   int // of the field that gave stamp
}

func (m *merger) members() bool {
	for n := 0; ; n++ {
		name, ok := m.name()
		if !ok || n == plainFields || mask.SecretField(name) {
			return false // a secret is masked in the general way
		}
		j := m.place(name, n)
		if j < 0 || m.seen&(1<<j) != 0 {
			return false
		}
		m.seen |= 1 << j
		v := &m.fields[j].Value
		if m.space(); v.Type != datasource.TypeNumber || !m.atDigit() {
			*v = datasource.Value{} // a number over a number has nothing else to clear
		}
		if !m.value(v, 1) || v.Type == datasource.TypeObject { // nested: the general way
			return false
		}
		if v.Type == datasource.TypeNumber && j < len(m.prev.Fields) {
			if old := &m.prev.Fields[j].Value; old.Type == datasource.TypeNumber {
				v.Move = direction(old, v.Num.Float(), m.ms)
			}
		}
		if rank := stampRank(name); rank < m.rank {
			if t, ok := v.Time(); ok && !plausible(t).IsZero() {
				m.stamp, m.rank = t, rank
			}
		}
		if done, ok := m.separator('}'); !ok || done {
			return ok
		}
	}
}

// atDigit reports whether a number comes next.
func (m *merger) atDigit() bool {
	return m.i < len(m.s) && (m.s[m.i] >= '0' && m.s[m.i] <= '9' || m.s[m.i] == '-')
}

// place finds the field of a name, looking first where it was expected, or adds
// it; -1 when there are too many to keep count of.
func (m *merger) place(name string, guess int) int {
	safe := datasource.Clean(name, 0)
	j := place(m.fields, safe, guess)
	if j < 0 && isAligned(name) {
		return -1 // it may be another name of a field that is known
	}
	if j < 0 {
		j = len(m.fields)
		m.fields = append(m.fields, datasource.Field{Name: safe})
	}
	if j >= 64 {
		return -1
	}
	return j
}

// isAligned reports whether a name is one of those that alignNames looks at.
func isAligned(name string) bool {
	for _, s := range aligned {
		if names.Is(s, name) {
			return true
		}
	}
	return false
}
