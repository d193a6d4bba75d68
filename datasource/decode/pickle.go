package decode

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	ogorek "github.com/kisielk/og-rek"

	"ticktop/datasource"
)

// Pickles are read by a library that executes nothing: a class is a name, a
// call is a name and arguments. Of those only Decimal, date, datetime, time and
// the zones that these name are accepted; everything else is refused.

// isPickle reports whether b is a pickle of protocol 2 to 5: its first byte, the
// protocol, and the stop at its end.
func isPickle(b []byte) bool {
	return len(b) >= 4 && b[0] == 0x80 && b[1] >= 2 && b[1] <= 5 && b[len(b)-1] == '.'
}

func pickleError(what string) error {
	return &binaryError{guess: "Python pickle" + what, hint: hintPickle}
}

// fromPickle reads a pickle of plain data. What it contains is bounded as JSON
// is; references that make a small pickle grow are counted each time.
func fromPickle(b []byte) (v datasource.Value, err error) {
	if len(b) > datasource.MaxValueBytes {
		return v, tooBig("%s, at most %s", size(len(b)), size(datasource.MaxValueBytes))
	}
	defer func() {
		if recover() != nil {
			v, err = datasource.Value{}, pickleError(" that is damaged")
		}
	}()
	if sharesList(b) {
		return v, pickleError(" with one list in several places")
	}
	d := ogorek.NewDecoder(bytes.NewReader(b))
	x, err := d.Decode()
	if err != nil {
		return v, pickleError(" with a class or damaged? " + firstLine(err.Error()))
	}
	p := pickled{nodes{most: mostNodes(len(b))}}
	return p.value(x, 0)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.TrimPrefix(datasource.Clean(s, 80).String(), "pickle: ")
}

type pickled struct{ nodes }

func (p *pickled) value(x any, depth int) (datasource.Value, error) {
	if err := p.count(depth); err != nil {
		return datasource.Value{}, err
	}
	switch x := x.(type) {
	case ogorek.None:
		return datasource.Value{Type: datasource.TypeNull}, nil
	case ogorek.Bytes:
		return bytesValue([]byte(x)), nil
	case ogorek.ByteString:
		return bytesValue([]byte(x)), nil
	case []any:
		return p.array(x, depth)
	case ogorek.Tuple:
		return p.array(x, depth)
	case map[any]any:
		return p.object(x, depth)
	case ogorek.Call:
		return call(x)
	case ogorek.Class:
		return datasource.Value{}, refused(x)
	case ogorek.Ref:
		return datasource.Value{}, pickleError(" with a persistent reference")
	}
	v, err := plainValue(x)
	if err != nil {
		return v, pickleError(fmt.Sprintf(" with a value of the type %T", x))
	}
	return v, nil
}

func (p *pickled) array(items []any, depth int) (datasource.Value, error) {
	if len(items) > datasource.MaxMembers {
		return datasource.Value{}, tooBig("over %d items", datasource.MaxMembers)
	}
	v := datasource.Value{Type: datasource.TypeArray}
	for _, x := range items {
		item, err := p.value(x, depth+1)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
	}
	return v, nil
}

// object reads a dict. The library does not keep its order: the names are sorted.
func (p *pickled) object(m map[any]any, depth int) (datasource.Value, error) {
	if len(m) > datasource.MaxFields {
		return datasource.Value{}, tooBig("over %d fields", datasource.MaxFields)
	}
	v := datasource.Value{Type: datasource.TypeObject}
	for key, x := range m {
		name, ok := keyText(key)
		if b, isBytes := key.(ogorek.Bytes); isBytes {
			name, ok = string(b), true
		}
		if !ok {
			return v, pickleError(" with a key that is no text")
		}
		item, err := p.value(x, depth+1)
		if err != nil {
			return v, err
		}
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(name, datasource.MaxCell), Value: item})
	}
	slices.SortFunc(v.Fields, func(a, b datasource.Field) int { return strings.Compare(a.Name.String(), b.Name.String()) })
	return v, nil
}

func refused(c ogorek.Class) error {
	return pickleError(" with a class: " + datasource.Clean(c.Module+"."+c.Name, 60).String())
}

// call reads the few calls that mean plain data.
func call(c ogorek.Call) (datasource.Value, error) {
	text := func(s string) (datasource.Value, error) {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, datasource.MaxCell)}, nil
	}
	switch c.Callable {
	case ogorek.Class{Module: "decimal", Name: "Decimal"}, ogorek.Class{Module: "_decimal", Name: "Decimal"}, ogorek.Class{Module: "cdecimal", Name: "Decimal"}:
		if s, ok := argument(c.Args, 0).(string); ok && len(c.Args) == 1 {
			return decimalValue(s), nil
		}
	case ogorek.Class{Module: "datetime", Name: "datetime"}:
		if t, naive, ok := pickledTime(c.Args); ok {
			if naive {
				return text(t.Format("2006-01-02T15:04:05.999999"))
			}
			return text(t.Format("2006-01-02T15:04:05.999999Z07:00"))
		}
	case ogorek.Class{Module: "datetime", Name: "date"}:
		if b, ok := argument(c.Args, 0).(ogorek.Bytes); ok && len(b) == 4 && len(c.Args) == 1 {
			return text(fmt.Sprintf("%04d-%02d-%02d", binary.BigEndian.Uint16([]byte(b)), b[2], b[3]))
		}
	case ogorek.Class{Module: "datetime", Name: "time"}:
		if b, ok := argument(c.Args, 0).(ogorek.Bytes); ok && len(b) == 6 {
			micros := int(b[3])<<16 | int(b[4])<<8 | int(b[5])
			if micros == 0 {
				return text(fmt.Sprintf("%02d:%02d:%02d", b[0]&0x7f, b[1], b[2]))
			}
			return text(fmt.Sprintf("%02d:%02d:%02d.%06d", b[0]&0x7f, b[1], b[2], micros))
		}
	}
	return datasource.Value{}, refused(c.Callable)
}

// decimalValue keeps every digit of a Decimal.
func decimalValue(s string) datasource.Value {
	if n, ok := number(s); ok {
		return datasource.Value{Type: datasource.TypeNumber, Num: n.AsQuoted()}
	}
	return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, datasource.MaxCell)}
}

func argument(args ogorek.Tuple, i int) any {
	if i < len(args) {
		return args[i]
	}
	return nil
}

// pickledTime reads the arguments of a datetime: ten bytes and perhaps a zone.
func pickledTime(args ogorek.Tuple) (t time.Time, naive, ok bool) {
	b, isBytes := argument(args, 0).(ogorek.Bytes)
	if !isBytes || len(b) != 10 || len(args) > 2 {
		return t, false, false
	}
	loc := time.UTC
	if len(args) == 2 {
		if loc, ok = pickledZone(args[1], 0); !ok {
			return t, false, false
		}
	}
	micros := int(b[7])<<16 | int(b[8])<<8 | int(b[9])
	t = time.Date(int(b[0])<<8|int(b[1]), time.Month(b[2]&0x7f), int(b[3]), int(b[4]), int(b[5]), int(b[6]), micros*1000, loc)
	return t, len(args) == 1, true
}

// pickledZone reads the time zones of the standard library and of pytz.
func pickledZone(x any, depth int) (*time.Location, bool) {
	c, isCall := x.(ogorek.Call)
	if !isCall || depth > 2 {
		return nil, false
	}
	switch name := c.Callable.Module + "." + c.Callable.Name; name {
	case "datetime.timezone":
		delta, isCall := argument(c.Args, 0).(ogorek.Call)
		if !isCall || delta.Callable != (ogorek.Class{Module: "datetime", Name: "timedelta"}) {
			return nil, false
		}
		days, ok1 := argument(delta.Args, 0).(int64)
		seconds, ok2 := argument(delta.Args, 1).(int64)
		if !ok1 || !ok2 || days < -2 || days > 2 || seconds < 0 || seconds > 86400 {
			return nil, false
		}
		return time.FixedZone("", int(days*86400+seconds)), true
	case "pytz._UTC", "pytz.UTC":
		return time.UTC, true
	case "pytz._p", "zoneinfo.ZoneInfo._unpickle", "zoneinfo.ZoneInfo":
		key, ok := argument(c.Args, 0).(string)
		if !ok {
			return nil, false
		}
		loc, err := loadZone(key)
		return loc, err == nil
	}
	return nil, false
}
