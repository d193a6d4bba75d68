package decode

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"ticktop/datasource"
)

// Value decodes what a source delivered for one datum. The shape follows the
// kind, whoever delivered it:
//
//	string, json           number, text, bool, null, object or array
//	hash                   object
//	zset, timeseries       series, oldest first; a sorted set whose scores are no times an array
//	list, stream, channel  messages, newest first
//	set                    array, sorted
//
// stamp is the producer's own time in the value (see Stamp), zero when there
// is none. err is a *datasource.Fault of ClassDecode, ClassTooBig or
// ClassMissing; raw.Err is returned as it is.
func Value(raw *datasource.Raw) (v datasource.Value, stamp time.Time, err error) {
	p := planOf(raw.Ref)
	switch {
	case raw.Err != nil:
		return datasource.Value{}, time.Time{}, raw.Err
	case raw.Missing:
		return datasource.Value{}, time.Time{}, fault(raw, datasource.ClassMissing, "missing")
	case raw.JSON:
		v, err = body(raw, p)
	case p != nil:
		v, err = p.shaped(raw)
	default:
		v, err = redis(raw)
	}
	if err != nil {
		return datasource.Value{}, time.Time{}, explain(raw, err)
	}
	hideSecrets(&v, raw.Ref)
	return v, p.stampOf(&v), nil
}

// redis decodes a Redis reply by the kind of its datum.
func redis(raw *datasource.Raw) (datasource.Value, error) {
	switch raw.Ref.Kind {
	case datasource.KindString, datasource.KindJSON:
		return document(raw.Bytes)
	case datasource.KindHash:
		return hash(raw.Fields)
	case datasource.KindZSet, datasource.KindTimeSeries:
		return series(raw)
	case datasource.KindSet:
		return set(raw)
	case datasource.KindList:
		return list(raw)
	case datasource.KindStream:
		return stream(raw)
	case datasource.KindChannel:
		return datasource.Value{Type: datasource.TypeMessages}, nil
	}
	return datasource.Value{}, fmt.Errorf("kind %s cannot be decoded", raw.Ref.Kind)
}

// hash decodes the reply of HGETALL: every field may be a number, text or JSON
// of its own, and one that cannot be read stays text.
func hash(fields []datasource.RawField) (datasource.Value, error) {
	if len(fields) > datasource.MaxFields {
		return datasource.Value{}, tooBig("%d fields, at most %d", len(fields), datasource.MaxFields)
	}
	out := make([]datasource.Field, len(fields))
	var unread unreadParts
	for i := range fields {
		out[i] = datasource.Field{Name: datasource.Clean(fields[i].Name, datasource.MaxCell), Value: unread.part(fields[i].Value)}
	}
	if err := unread.all(len(fields)); err != nil {
		return datasource.Value{}, err
	}
	return datasource.Value{Type: datasource.TypeObject, Fields: out}, nil
}

// unreadParts counts the fields, items or members that are binary and can't be
// read. When all of them are, the whole is unreadable.
type unreadParts struct {
	n     int
	first error
}

// part decodes one of them.
func (u *unreadParts) part(b []byte) datasource.Value {
	v, err := part(b)
	if err != nil {
		if u.n++; u.first == nil {
			u.first = err
		}
	}
	return v
}

// all returns the first error when none of n could be read.
func (u *unreadParts) all(n int) error {
	if n > 0 && u.n == n {
		return u.first
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
