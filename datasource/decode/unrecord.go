package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
)

// FromJSON is the inverse of Encode. It accepts any JSON within the limits of
// this package, and names what it cannot read; text passes the gate again.
// Times come back in UTC.
func FromJSON(b []byte) (datasource.Value, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	r := reader{d: d}
	v, err := r.value(0)
	if err != nil {
		return datasource.Value{}, err
	}
	if d.More() {
		return datasource.Value{}, fmt.Errorf("something follows the value at byte %d", d.InputOffset())
	}
	return v, nil
}

// reader builds an exact Value from tokens.
type reader struct {
	d     *json.Decoder
	nodes int
}

// Recorded values went through the limits of this package once; wrappers add a
// few levels.
const maxRecordDepth = 4 * maxDepth

func (r *reader) value(depth int) (datasource.Value, error) {
	if r.nodes++; r.nodes > 4*maxNodes || depth > maxRecordDepth {
		return datasource.Value{}, errors.New("value too big or nested too deep")
	}
	t, err := r.d.Token()
	if err != nil {
		return datasource.Value{}, err
	}
	switch t := t.(type) {
	case nil:
		return datasource.Value{Type: datasource.TypeNull}, nil
	case bool:
		return datasource.Value{Type: datasource.TypeBool, Bool: t}, nil
	case string:
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(t, datasource.MaxDetail)}, nil
	case json.Number:
		return exactNumber(t.String(), 0, 0)
	}
	if t == json.Delim('[') {
		return r.array(depth)
	}
	return r.object(depth)
}

func exactNumber(digits string, dir int8, ms int64) (datasource.Value, error) {
	n, ok := datasource.ParseNumber(digits)
	if !ok && digits != "" {
		return datasource.Value{}, fmt.Errorf("%.40q is not a number", digits)
	}
	return datasource.Value{Type: datasource.TypeNumber, Num: n, Move: datasource.Move{Dir: dir, MS: ms}}, nil
}

func (r *reader) array(depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeArray}
	for r.d.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
	}
	_, err := r.d.Token()
	return v, err
}

// object reads an object, or the wrapper that it begins as.
func (r *reader) object(depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeObject}
	if r.d.More() {
		name, err := r.name()
		if err != nil {
			return v, err
		}
		if strings.HasPrefix(name, "$") {
			return r.wrapped(name, depth)
		}
		if err := r.field(&v, name, depth); err != nil {
			return v, err
		}
	}
	err := r.fields(&v, depth)
	return v, err
}

// fields reads the rest of an object into v, up to its end.
func (r *reader) fields(v *datasource.Value, depth int) error {
	for r.d.More() {
		name, err := r.name()
		if err != nil {
			return err
		}
		if err := r.field(v, name, depth); err != nil {
			return err
		}
	}
	_, err := r.d.Token()
	return err
}

// field reads the value that follows a name.
func (r *reader) field(v *datasource.Value, name string, depth int) error {
	item, err := r.value(depth + 1)
	if err == nil {
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(name, datasource.MaxDetail), Value: item})
	}
	return err
}

func (r *reader) name() (string, error) {
	t, err := r.d.Token()
	name, _ := t.(string)
	return name, err
}

// wrapped reads what a wrapper holds. An object of several fields whose first
// begins with '$' is an object.
func (r *reader) wrapped(tag string, depth int) (datasource.Value, error) {
	inner, err := r.plain(tag, depth)
	if err != nil {
		return datasource.Value{}, err
	}
	if !r.d.More() {
		if _, err := r.d.Token(); err != nil {
			return datasource.Value{}, err
		}
		return unwrap(tag, &inner)
	}
	v := datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: datasource.Clean(tag, datasource.MaxDetail), Value: inner}}}
	err = r.fields(&v, depth)
	return v, err
}

// plain reads the inside of a wrapper. An object inside tagObject is read
// without looking for wrappers at its first field.
func (r *reader) plain(tag string, depth int) (datasource.Value, error) {
	if tag != tagObject {
		return r.value(depth + 1)
	}
	if t, err := r.d.Token(); err != nil || t != json.Delim('{') {
		return datasource.Value{}, errors.Join(err, errors.New("no object in "+tagObject))
	}
	v := datasource.Value{Type: datasource.TypeObject}
	err := r.fields(&v, depth)
	return v, err
}

func unwrap(tag string, v *datasource.Value) (datasource.Value, error) {
	switch {
	case tag == tagNone:
		return datasource.Value{}, nil
	case tag == tagObject && v.Type == datasource.TypeObject:
		return *v, nil
	case tag == tagNumber && v.Type == datasource.TypeArray && len(v.Items) == 3:
		return exactNumber(v.Items[0].Text.String(), int8(integer(&v.Items[1])), integer(&v.Items[2]))
	case tag == tagSeries && v.Type == datasource.TypeArray:
		return unwrapPoints(v.Items)
	case tag == tagMessages && v.Type == datasource.TypeArray:
		return unwrapMessages(v.Items)
	}
	return datasource.Value{}, fmt.Errorf("unknown wrapper %.40q", tag)
}

func integer(v *datasource.Value) int64 {
	n, _ := strconv.ParseInt(v.Num.String(), 10, 64)
	return n
}

func unwrapPoints(items []datasource.Value) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeSeries, Points: make([]datasource.Point, len(items))}
	for i := range items {
		if len(items[i].Items) != 2 {
			return datasource.Value{}, errors.New("a point is not [time, value]")
		}
		t, f := &items[i].Items[0], &items[i].Items[1]
		p := datasource.Point{MS: integer(t), V: math.NaN()}
		switch f.Type {
		case datasource.TypeNumber:
			p.V = f.Num.Float()
		case datasource.TypeText:
			n, _ := datasource.ParseNumber(f.Text.String())
			p.V = n.Float()
		}
		v.Points[i] = p
	}
	return v, nil
}

func unwrapMessages(items []datasource.Value) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeMessages, Messages: make([]datasource.Message, len(items))}
	for i := range items {
		if len(items[i].Items) != 3 {
			return datasource.Value{}, errors.New("a message is not [time, id, value]")
		}
		at, id, value := &items[i].Items[0], &items[i].Items[1], items[i].Items[2]
		m := datasource.Message{ID: id.Text, Value: value}
		if at.Type == datasource.TypeNumber {
			m.At = time.Unix(0, integer(at)).UTC()
		}
		v.Messages[i] = m
	}
	return v, nil
}
