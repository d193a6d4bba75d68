package decode

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"time"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"

	"ticktop/datasource"
)

// isMsgpack reports whether b begins like a map or an array of msgpack. Whether
// it is one whole value shows when it is read.
func isMsgpack(b []byte) bool {
	c := b[0]
	return c >= 0x81 && c <= 0x9f || c >= 0xdc && c <= 0xdf
}

// fromMsgpack reads one whole map or array of msgpack, bounded as JSON is.
func fromMsgpack(b []byte) (v datasource.Value, err error) {
	defer func() {
		if recover() != nil {
			err = &binaryError{guess: "msgpack that is damaged", hint: hintBytes}
		}
	}()
	r := bytes.NewReader(b)
	p := packed{d: msgpack.NewDecoder(r), nodes: nodes{most: mostNodes(len(b))}}
	code, err := p.d.PeekCode()
	if err != nil || !isMap(code) && !isArray(code) {
		return v, &binaryError{guess: "not a map or an array of msgpack", hint: hintBytes}
	}
	if v, err = p.value(0); err != nil {
		return v, err
	}
	if _, err := p.d.PeekCode(); !errors.Is(err, io.EOF) {
		return v, &binaryError{guess: "msgpack that is not whole, or protobuf?", hint: hintBytes}
	}
	return v, nil
}

func isMap(c byte) bool {
	return msgpcode.IsFixedMap(c) || c == msgpcode.Map16 || c == msgpcode.Map32
}

func isArray(c byte) bool {
	return msgpcode.IsFixedArray(c) || c == msgpcode.Array16 || c == msgpcode.Array32
}

// nodes counts the values of one document and bounds its depth.
type nodes struct{ n, most int }

func (c *nodes) count(depth int) error {
	if c.n++; c.n > c.most {
		return tooBig("over %d values", c.most)
	}
	if depth > maxDepth {
		return fmt.Errorf("nested deeper than %d", maxDepth)
	}
	return nil
}

type packed struct {
	d *msgpack.Decoder
	nodes
}

func (p *packed) value(depth int) (datasource.Value, error) {
	if err := p.count(depth); err != nil {
		return datasource.Value{}, err
	}
	code, err := p.d.PeekCode()
	if err != nil {
		return datasource.Value{}, damaged(err)
	}
	switch {
	case isMap(code):
		return p.object(depth)
	case isArray(code):
		return p.array(depth)
	}
	x, err := p.d.DecodeInterface()
	if err != nil {
		return datasource.Value{}, damaged(err)
	}
	return plainValue(x)
}

func damaged(error) error { return &binaryError{guess: "msgpack that is damaged", hint: hintBytes} }

func (p *packed) array(depth int) (datasource.Value, error) {
	n, err := p.d.DecodeArrayLen()
	switch {
	case err != nil:
		return datasource.Value{}, damaged(err)
	case n > datasource.MaxMembers:
		return datasource.Value{}, tooBig("over %d items", datasource.MaxMembers)
	}
	v := datasource.Value{Type: datasource.TypeArray}
	for range n {
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
	}
	return v, nil
}

func (p *packed) object(depth int) (datasource.Value, error) {
	n, err := p.d.DecodeMapLen()
	switch {
	case err != nil:
		return datasource.Value{}, damaged(err)
	case n > datasource.MaxFields:
		return datasource.Value{}, tooBig("over %d fields", datasource.MaxFields)
	}
	v := datasource.Value{Type: datasource.TypeObject}
	for range n {
		key, err := p.d.DecodeInterface()
		if err != nil {
			return v, damaged(err)
		}
		name, ok := keyText(key)
		if !ok {
			return v, &binaryError{guess: "msgpack with a key that is no text", hint: hintBytes}
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		setField(&v, name, item)
	}
	return v, nil
}

// setField adds a field, or replaces the one of that name: the last wins.
func setField(v *datasource.Value, name string, item datasource.Value) {
	safe := datasource.Clean(name, datasource.MaxCell)
	if old, ok := v.Field(safe.String()); ok {
		*old = item
		return
	}
	v.Fields = append(v.Fields, datasource.Field{Name: safe, Value: item})
}

// keyText is a key of a map as a field's name.
func keyText(key any) (string, bool) {
	switch k := key.(type) {
	case string:
		return k, true
	case []byte:
		return string(k), true
	case bool:
		return strconv.FormatBool(k), true
	}
	v, err := plainValue(key)
	if err != nil || v.Type != datasource.TypeNumber {
		return "", false
	}
	return v.Num.String(), true
}

// plainValue turns a scalar of msgpack or of a pickle into a value.
func plainValue(x any) (datasource.Value, error) {
	switch x := x.(type) {
	case nil:
		return datasource.Value{Type: datasource.TypeNull}, nil
	case bool:
		return datasource.Value{Type: datasource.TypeBool, Bool: x}, nil
	case string:
		return text(x), nil
	case []byte:
		return bytesValue(x), nil
	case float32:
		n, _ := datasource.ParseNumber(strconv.FormatFloat(float64(x), 'g', -1, 32))
		return datasource.Value{Type: datasource.TypeNumber, Num: n}, nil
	case float64:
		return datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(x)}, nil
	case int64:
		return datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromInt(x)}, nil
	case int8:
		return plainValue(int64(x))
	case int16:
		return plainValue(int64(x))
	case int32:
		return plainValue(int64(x))
	case int:
		return plainValue(int64(x))
	case uint8:
		return plainValue(int64(x))
	case uint16:
		return plainValue(int64(x))
	case uint32:
		return plainValue(int64(x))
	case uint64:
		return bareNumber(strconv.FormatUint(x, 10)), nil
	case *big.Int:
		if x.BitLen() > maxDigits*3 {
			return datasource.Value{}, tooBig("a number of over %d digits", maxDigits)
		}
		return bareNumber(x.String()), nil
	case time.Time:
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(x.UTC().Format(time.RFC3339Nano), datasource.MaxCell)}, nil
	}
	return datasource.Value{}, &binaryError{guess: fmt.Sprintf("a value of the type %T", x), hint: hintBytes}
}

// bytesValue is a part that was written as bytes: text where it is text.
func bytesValue(b []byte) datasource.Value {
	if isBinary(b) {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean("base64:"+base64.StdEncoding.EncodeToString(b[:min(len(b), datasource.MaxCell/2)]), datasource.MaxCell)}
	}
	return text(string(b))
}
