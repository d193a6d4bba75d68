package decode

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"ticktop/datasource"
)

// Decoded is what a source delivered for one datum, and what has to be said of
// it.
type Decoded struct {
	Value datasource.Value
	Stamp time.Time        // the producer's own time in it, see Stamp; zero when there isn't one
	Marks datasource.Marks // MarkMixedUnits, MarkPartsUnread, MarkSecretsMasked
}

// Read decodes what a source delivered for one datum. The shape follows the
// kind, whoever delivered it:
//
//	string, json           number, text, bool, null, object or array
//	hash                   object
//	zset, timeseries       series, oldest first; a sorted set whose scores are no times an array
//	list, stream, channel  messages, newest first
//	set                    array, sorted
//
// The error is a *datasource.Fault of ClassDecode, ClassTooBig or ClassMissing;
// raw.Err is returned as it is.
func Read(raw *datasource.Raw) (Decoded, error) {
	p := planOf(raw.Ref)
	var v datasource.Value
	var said remarks
	var err error
	switch {
	case raw.Err != nil:
		return Decoded{}, raw.Err
	case raw.Missing:
		return Decoded{}, fault(raw, datasource.ClassMissing, "missing")
	case raw.JSON:
		v, err = body(raw, p, &said)
	case p != nil:
		v, err = p.shaped(raw, &said)
	default:
		v, err = redis(raw, &said)
	}
	if err != nil {
		return Decoded{}, explain(raw, err)
	}
	said.masked = hideSecrets(&v, raw.Ref)
	d := Decoded{Value: v, Stamp: said.newest, Marks: said.marks()}
	if d.Stamp.IsZero() {
		d.Stamp = p.stampOf(&v)
	}
	return d, nil
}

// Value is Read for those who want no marks.
func Value(raw *datasource.Raw) (v datasource.Value, stamp time.Time, err error) {
	d, err := Read(raw)
	return d.Value, d.Stamp, err
}

// redis decodes a Redis reply by the kind of its datum.
func redis(raw *datasource.Raw, said *remarks) (datasource.Value, error) {
	switch raw.Ref.Kind {
	case datasource.KindString, datasource.KindJSON:
		return document(raw.Bytes)
	case datasource.KindHash:
		return hash(raw.Fields, said)
	case datasource.KindZSet, datasource.KindTimeSeries:
		return series(raw, said)
	case datasource.KindSet:
		return set(raw, said)
	case datasource.KindList:
		return list(raw, said)
	case datasource.KindStream:
		return stream(raw, said)
	case datasource.KindChannel:
		return datasource.Value{Type: datasource.TypeMessages}, nil
	}
	return datasource.Value{}, fmt.Errorf("kind %s cannot be decoded", raw.Ref.Kind)
}

// hash decodes the reply of HGETALL: every field may be a number, text or its
// own JSON, and one that cannot be read stays text.
func hash(fields []datasource.RawField, said *remarks) (datasource.Value, error) {
	if len(fields) > datasource.MaxFields {
		return datasource.Value{}, tooBig("%d fields, at most %d", len(fields), datasource.MaxFields)
	}
	out := make([]datasource.Field, len(fields))
	for i := range fields {
		out[i] = datasource.Field{Name: datasource.Clean(fields[i].Name, datasource.MaxCell), Value: said.part(fields[i].Value)}
	}
	if err := said.allUnread(len(fields)); err != nil {
		return datasource.Value{}, err
	}
	return datasource.Value{Type: datasource.TypeObject, Fields: out}, nil
}

// remarks gathers what has to be said of a value while it is decoded.
type remarks struct {
	unread int           // fields, items or members that are binary and can't be read
	first  error         // why the first of them can't
	unit   time.Duration // of the times of a series
	mixed  bool          // they are in several units
	masked bool

	// newest is the newest time in the rows of a series where that is written
	// without a zone.
	newest time.Time
}

func (r *remarks) marks() (m datasource.Marks) {
	if r.unread > 0 {
		m |= datasource.MarkPartsUnread
	}
	if r.mixed {
		m |= datasource.MarkMixedUnits
	}
	if r.masked {
		m |= datasource.MarkSecretsMasked
	}
	return m
}

// part decodes a field, an item or a member.
func (r *remarks) part(b []byte) datasource.Value {
	v, err := part(b)
	r.note(err)
	return v
}

// note counts a part that could not be read.
func (r *remarks) note(err error) {
	if err == nil {
		return
	}
	if r.unread++; r.first == nil {
		r.first = err
	}
}

// allUnread returns the first error when none of n parts could be read: then the
// whole is unreadable.
func (r *remarks) allUnread(n int) error {
	if n > 0 && r.unread == n {
		return r.first
	}
	return nil
}

// keep returns how many items of a list, stream or channel are kept.
func keep(ref *datasource.Ref) int {
	switch {
	case ref.Keep <= 0:
		return datasource.DefaultKeep
	case ref.Keep > datasource.MaxMembers:
		return datasource.MaxMembers
	}
	return ref.Keep
}

// limitError is an error that becomes a Fault of ClassTooBig.
type limitError struct{ text string }

func (e *limitError) Error() string { return e.text }

func tooBig(format string, args ...any) error {
	return &limitError{"too big: " + fmt.Sprintf(format, args...)}
}

// explain turns an error of this package into the Fault that is shown.
func explain(raw *datasource.Raw, err error) *datasource.Fault {
	var f *datasource.Fault
	var limit *limitError
	var binary *binaryError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &limit):
		return fault(raw, datasource.ClassTooBig, limit.text)
	case errors.As(err, &binary):
		f := fault(raw, datasource.ClassDecode, "unreadable: "+err.Error())
		f.Hint = datasource.Clean(binary.hint, maxFault)
		return f
	}
	return fault(raw, datasource.ClassDecode, "unreadable: "+err.Error())
}

// maxFault is the longest line of an error, in bytes.
const maxFault = 240

func fault(raw *datasource.Raw, class datasource.Class, text string) *datasource.Fault {
	source := datasource.SourceRedis
	if raw.JSON {
		source = datasource.SourceAPI
	}
	return &datasource.Fault{Class: class, Source: source, Text: datasource.Clean(text, maxFault)}
}

// size formats a number of bytes for a message.
func size(n int) string {
	switch {
	case n >= 10<<20:
		return strconv.Itoa(n>>20) + " MB"
	case n >= 10<<10:
		return strconv.Itoa(n>>10) + " kB"
	}
	return strconv.Itoa(n) + " B"
}
