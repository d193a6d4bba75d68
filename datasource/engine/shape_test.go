package engine

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

func TestShapeOf(t *testing.T) {
	for _, c := range []struct {
		payload string
		kind    shapeKind
	}{
		{``, shapeNothing}, {` null `, shapeNothing}, {`null`, shapeNothing}, {"\n", shapeReplaces}, {"\ufeff", shapeNothing}, {"\ufeff{}", shapeObject},
		{`1.5`, shapeReplaces}, {`text`, shapeReplaces}, {`[{"a":1}]`, shapeReplaces},
		{`{}`, shapeObject}, {` {"a":"}"} `, shapeObject}, {`{"a":{"b":[1,{"c":2}]}}`, shapeObject},
		{`{"a":1`, shapeUnclear}, {`{"a`, shapeUnclear}, {`{"a\`, shapeUnclear}, {`{}{}`, shapeUnclear}, {`{"a":[}`, shapeUnclear},
	} {
		if got := shapeOf([]byte(c.payload)).kind; got != c.kind {
			t.Errorf("%q: %v, want %v", c.payload, got, c.kind)
		}
	}
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"bid":1,"ask":2}`, ` { "bid" : 3.5 , "ask":"4" } `, true},
		{`{"bid":1,"ask":2}`, `{"ask":1,"bid":2}`, false},
		{`{"bid":1}`, `{"bid":1,"ask":2}`, false},
		{`{"ab":1,"c":2}`, `{"a":1,"bc":2}`, false},
		{`{"a":{"b":1}}`, `{"a":1,"b":1}`, false},
		{`{"a":1}`, `{"a":{}}`, false}, // {} merges into what is there, 1 replaces it
		{`{"a":[1,{"x":2}]}`, `{"a":[]}`, true},
		{`{"a":"\"b\":"}`, `{"a":1}`, true},
	} {
		if got := shapeOf([]byte(c.a)) == shapeOf([]byte(c.b)); got != c.same {
			t.Errorf("%s and %s: same %v", c.a, c.b, got)
		}
	}
}

// Merging what conflation leaves gives what merging everything gives.
func FuzzConflation(f *testing.F) {
	for _, s := range []string{
		"{\"a\":1}\n{\"b\":2}\n{\"a\":3}", "{\"a\":{\"b\":1}}\n{\"a\":2}\n{\"a\":{\"c\":1}}\n{\"a\":{\"b\":4}}", "1\n{\"a\":1}\nnull\n{\"a\":2}",
		"{\"a\":{}}\n{\"a\":1}\n{\"a\":{}}", "{\"a\":[{\"b\":1}]}\n{\"a\":[1]}", "{\"a\":1,\"a\":2}\n{\"a\":3}", "{\"x\":1}\n[1]\ntext\n{\"y\":1}", "{\"a\":NaN}\n{\"a\":1}",
		"{\"\\u0061\":1}\n{\"a\":2}\n{\"\\u0061\":3}", "{\"a\":\"x\n\"}\n{\"a\":1}",
	} {
		f.Add(s)
	}
	ref := quote("X")
	at := time.Unix(1763860000, 0)
	f.Fuzz(func(t *testing.T, s string) {
		parts := strings.Split(s, "\n")
		if len(parts) > maxShapes {
			return
		}
		start, _, _ := merged(&ref, nil, []byte(`{"a":{"b":0,"z":0},"b":1}`), at)
		all, left := start, start
		in := newInbox(func() {})
		in.want("c", true, 0)
		for _, p := range parts {
			in.receive("c", "", []byte(p), at)
			v, _, err := merged(&ref, &all, []byte(p), at)
			if err != nil {
				return // a broken payload may hide a good one: the key is read then
			}
			all = v
		}
		for _, d := range in.takeDeliveries() {
			for _, p := range d.newest {
				if v, _, err := merged(&ref, &left, p.bytes, at); err == nil {
					left = v
				}
			}
		}
		if !sameFields(&all, &left) {
			t.Errorf("all %s, conflated %s", show(&all), show(&left))
		}
	})
}

// sameFields is Equal whatever the order of an object's fields.
func sameFields(a, b *datasource.Value) bool {
	if a.Type != datasource.TypeObject || b.Type != datasource.TypeObject {
		return a.Equal(b)
	}
	for i := range a.Fields {
		f, ok := b.Field(a.Fields[i].Name.String())
		if !ok || !sameFields(&a.Fields[i].Value, f) {
			return false
		}
	}
	return len(a.Fields) == len(b.Fields)
}

// merged is decode.Push without the marks.
func merged(ref *datasource.Ref, prev *datasource.Value, payload []byte, at time.Time) (datasource.Value, time.Time, error) {
	d, err := decode.Push(ref, prev, payload, at)
	return d.Value, d.Stamp, err
}
