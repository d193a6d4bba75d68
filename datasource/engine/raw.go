package engine

import (
	"hash/maphash"
	"math"

	"ticktop/datasource"
)

var seed = maphash.MakeSeed()

// fingerprint tells two answers of Redis for one datum apart, so that what has
// not changed since the last poll is not decoded again. Zero is never returned.
func fingerprint(raw *datasource.Raw) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	put := func(b []byte) {
		maphash.WriteComparable(&h, len(b))
		h.Write(b)
	}
	switch raw.Ref.Kind.Info().Payload {
	case datasource.PayloadNone:
	case datasource.PayloadBytes:
		put(raw.Bytes)
	case datasource.PayloadFields:
		putFields(&h, raw.Fields)
	case datasource.PayloadMembers:
		maphash.WriteComparable(&h, raw.Since)
		for i := range raw.Members {
			maphash.WriteComparable(&h, math.Float64bits(raw.Members[i].Score))
			put(raw.Members[i].Member)
		}
	case datasource.PayloadItems:
		maphash.WriteComparable(&h, raw.Newest)
		for _, item := range raw.Items {
			put(item)
		}
	case datasource.PayloadEntries:
		for i := range raw.Entries {
			h.WriteString(raw.Entries[i].ID)
			putFields(&h, raw.Entries[i].Fields)
		}
	}
	return h.Sum64() | 1
}

func putFields(h *maphash.Hash, fields []datasource.RawField) {
	maphash.WriteComparable(h, len(fields))
	for i := range fields {
		maphash.WriteComparable(h, len(fields[i].Name))
		h.WriteString(fields[i].Name)
		maphash.WriteComparable(h, len(fields[i].Value))
		h.Write(fields[i].Value)
	}
}

// isIncremental reports whether an answer holds only the newer members.
func isIncremental(raw *datasource.Raw) bool { return raw.Since != 0 && raw.Since > -1e300 }

// nothingNew reports whether a series is as it was.
func nothingNew(raw *datasource.Raw) bool {
	return raw.Ref.Kind.IsSeries() && isIncremental(raw) && len(raw.Members) == 0
}

// readRequest asks for d: of a series what is newer than its last score. A source
// that finds the series rewritten answers with the whole window instead.
func (d *datum) readRequest() datasource.Request {
	r := datasource.Request{Ref: d.how(), Since: math.Inf(-1), Newest: d.order.end}
	if d.ref.Kind.IsSeries() && !d.wantWhole && d.key.have && !math.IsNaN(d.key.since) {
		r.Since = d.key.since
	}
	return r
}

// lastScore returns the highest score that is a time, or what it was before.
func lastScore(raw *datasource.Raw, before float64) float64 {
	for i := len(raw.Members) - 1; i >= 0; i-- {
		if s := raw.Members[i].Score; !math.IsInf(s, 0) && !math.IsNaN(s) {
			return s
		}
	}
	if isIncremental(raw) {
		return before
	}
	return math.NaN()
}

// inspectorBytes returns the bytes that the inspector shows: a string as it is, the
// fields of a hash a line each, of anything longer its newest part.
func inspectorBytes(raw *datasource.Raw) []byte {
	switch {
	case raw.Bytes != nil:
		return raw.Bytes
	case len(raw.Fields) > 0:
		return fieldLines(raw.Fields)
	case len(raw.Members) > 0:
		return raw.Members[len(raw.Members)-1].Member
	case len(raw.Items) > 0:
		return raw.Items[0]
	case len(raw.Entries) > 0:
		return fieldLines(raw.Entries[0].Fields)
	}
	return nil
}

func fieldLines(fields []datasource.RawField) []byte {
	var b []byte
	for i := range fields {
		if len(b)+len(fields[i].Name)+len(fields[i].Value) > datasource.MaxValueBytes {
			break
		}
		b = append(append(append(append(b, fields[i].Name...), ": "...), fields[i].Value...), '\n')
	}
	return b
}
