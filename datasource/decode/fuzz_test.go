package decode

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

// payloads are the seeds of every fuzz target that takes one.
func payloads() []string {
	out := []string{
		string(tick), "1.10", "NaN", "", "null", "true", `"1.10"`, `{"a":NaN,"b":[1,{"c":-Infinity}]}`, `[{"a":"1"},{"a":2}]`,
		`{"ts":1763860000,"value":1}`, `[1763860000,2]`, `{"count":1,"next":null,"results":[{"a":1}]}`, `{"$number":["1",2,3]}`, "\xef\xbb\xbf{}",
		`{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}`, `{"a":"\ud83d\ude00\ud800"}`, `{ "a" : [ ] , "b" : { } }`, "1763860000:1.5",
	}
	for _, d := range hostile.JSON() {
		if len(d.In) < 1<<12 {
			out = append(out, d.In)
		}
	}
	return out
}

func seed(f *testing.F) {
	for _, p := range payloads() {
		f.Add([]byte(p))
	}
	for _, c := range hostile.Texts() {
		if len(c.In) < 1<<12 {
			f.Add([]byte(c.In))
		}
	}
}

// equal is Equal that also takes two NaN of one kind for the same and compares
// moves.
func equal(a, b *datasource.Value) bool {
	return a.Equal(b) && string(Encode(nil, a)) == string(Encode(nil, b))
}

// twins reports whether an object has two names that look the same once they
// are safe to show; both are kept, and a reader of JSON takes the last.
func twins(v *datasource.Value) bool {
	seen := make(map[datasource.Safe]bool, len(v.Fields))
	for i := range v.Fields {
		if f := &v.Fields[i]; seen[f.Name] || twins(&f.Value) {
			return true
		}
		seen[v.Fields[i].Name] = true
	}
	return slices.ContainsFunc(v.Items, func(item datasource.Value) bool { return twins(&item) })
}

// FuzzPayload: whatever a producer writes, what comes out is safe, bounded, can
// be written as JSON and read back; and JSON is refused only for a reason.
func FuzzPayload(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		v, _, err := Value(stringRaw(string(b)))
		body := trim(b)
		if err != nil {
			checkFault(t, err)
			if len(b) <= datasource.MaxValueBytes && json.Valid(body) && datasource.ClassOf(err) == datasource.ClassDecode && !strings.Contains(err.Error(), "deeper") {
				t.Errorf("valid json refused: %v", err)
			}
		}
		checkSafe(t, &v)
		roundTrip(t, &v)
		m := Message(b, noon)
		checkSafe(t, &m.Value)
		if err == nil && m.Value.Type != v.Type {
			t.Errorf("a message is %v, a value %v", m.Value.Type, v.Type)
		}
		// What snapshots print reads back as the same value, but for NaN.
		if out := JSON(v); err == nil && !twins(&v) && !strings.Contains(string(Encode(nil, &v)), tagNumber) && len(out) <= datasource.MaxValueBytes {
			again, err := parse(string(out))
			if err != nil || len(out) <= datasource.MaxCell && string(JSON(again)) != string(out) {
				t.Errorf("%.200s reads back as %.200s: %v", out, JSON(again), err)
			}
		}
	})
}

// FuzzPlain: what the hand-written parser accepts, encoding/json's tokens give
// as the same value.
func FuzzPlain(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok, limit := parsePlain(string(b))
		want, err := parseAny(string(b))
		if limit != nil && err == nil {
			t.Fatalf("%.60q is %v by hand only", b, limit)
		}
		if ok && (err != nil || !equal(&got, &want)) {
			t.Fatalf("%q: by hand %s, by tokens %s %v", b, Encode(nil, &got), Encode(nil, &want), err)
		}
	})
}

// FuzzMerge: the fast way of merging gives what the general way gives.
func FuzzMerge(f *testing.F) {
	for _, p := range payloads() {
		f.Add([]byte(`{"symbol":"EURUSD","bid":1.1,"ask":2,"ts":1763860000,"x":{"y":1}}`), []byte(p))
		f.Add([]byte(p), []byte(`{"bid":1.2,"ask":2.0,"new":"x"}`))
	}
	ref := &datasource.Ref{Kind: datasource.KindString}
	f.Fuzz(func(t *testing.T, before, payload []byte) {
		prev, err := document(before)
		if err != nil {
			return
		}
		was := string(Encode(nil, &prev))
		got, stamp, ok := mergePlain(ref, &prev, payload, noon)
		if ok {
			delta, err := document(payload)
			if err != nil {
				t.Fatalf("%q merged though it is %v", payload, err)
			}
			want := Moved(&prev, mergeObject(&prev, &delta), noon)
			if !equal(&got, &want) || !stamp.Equal(Stamp(&delta)) {
				t.Fatalf("%s with %q: fast %s %v, general %s %v", was, payload, Encode(nil, &got), stamp, Encode(nil, &want), Stamp(&delta))
			}
		}
		for _, kind := range []datasource.Kind{datasource.KindString, datasource.KindZSet, datasource.KindList} {
			v, _, err := Merge(&datasource.Ref{Kind: kind}, &prev, payload, noon)
			if err != nil {
				checkFault(t, err)
			}
			checkSafe(t, &v)
		}
		if string(Encode(nil, &prev)) != was {
			t.Fatalf("the value before was written to: %s, was %s", Encode(nil, &prev), was)
		}
	})
}

// FuzzMember: members and scores of any kind give a series in order, or a reason.
func FuzzMember(f *testing.F) {
	for _, m := range []string{"1.5", "1763860000:1.5", `{"ts":1,"px":"1.5"}`, "NaN", ":", "2026-11-23T09:00:00Z:1", `{"bid":1,"ask":2}`} {
		for _, format := range []string{"", "{value}", "{ts}:{value}", "json:px", "json:", "json:a.b"} {
			f.Add(format, []byte(m), 1763860000.0, 1763860000123.0)
		}
	}
	for _, s := range hostile.Scores() {
		f.Add("", []byte("1"), s, -s)
	}
	f.Fuzz(func(t *testing.T, format string, member []byte, s1, s2 float64) {
		raw := zset(datasource.Member(format), s1, string(member), s2, "2")
		raw.Ref.Window = time.Hour
		v, _, err := Value(raw)
		if err != nil {
			checkFault(t, err)
			return
		}
		for i := range v.Points {
			if i > 0 && v.Points[i].MS < v.Points[i-1].MS {
				t.Errorf("out of order: %v", v.Points)
			}
		}
		roundTrip(t, &v)
		raw.Since = math.Min(s1, s2)
		if next, err := Append(&v, raw); err != nil || len(next.Value.Points) > 4 {
			t.Errorf("append: %v %v", next.Value.Points, err)
		}
	})
}

// FuzzBody: an answer of the API for any kind, picked in any way.
func FuzzBody(f *testing.F) {
	for _, p := range payloads() {
		f.Add([]byte(p), uint8(datasource.KindZSet), "results.0", "ts", "value")
	}
	f.Add([]byte(`{"a":[{"b":1}]}`), uint8(datasource.KindHash), "a.-1", "", "")
	f.Fuzz(func(t *testing.T, b []byte, kind uint8, pick, at, value string) {
		raw := &datasource.Raw{JSON: true, Bytes: b, At: noon, Ref: &datasource.Ref{Kind: datasource.Kind(kind), Keep: 7,
			Fallback: datasource.Endpoint{Path: "/", Pick: pick, Time: at, Value: value}}}
		v, _, err := Value(raw)
		if err != nil {
			checkFault(t, err)
			return
		}
		checkSafe(t, &v)
		roundTrip(t, &v)
		want := map[datasource.Kind]datasource.Type{datasource.KindHash: datasource.TypeObject, datasource.KindZSet: datasource.TypeSeries,
			datasource.KindList: datasource.TypeMessages, datasource.KindStream: datasource.TypeMessages, datasource.KindChannel: datasource.TypeMessages}
		if w, ok := want[raw.Ref.Kind]; ok && v.Type != w {
			t.Errorf("kind %v became type %v", raw.Ref.Kind, v.Type)
		}
	})
}

// FuzzFromJSON: a recording's value is read or refused, and what is read is
// written back as the same.
func FuzzFromJSON(f *testing.F) {
	for _, p := range payloads() {
		f.Add([]byte(p))
	}
	for _, s := range []string{
		`{"$none":true}`, `{"$number":["NaN",0,0]}`, `{"$number":["1.10",-1,1763860000000]}`, `{"$object":{"$number":1}}`, `{"$object":{"$object":{"$x":1}}}`,
		`{"$series":[[1,2.5],[2,null],[3,"+Inf"]]}`, `{"$messages":[[null,"",{"a":1}],[1763860000000000000,"1-0","x"]]}`, `{"$a":1,"b":2}`, `{"$series":[[1]]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := FromJSON(b)
		if err != nil {
			return
		}
		again, err := FromJSON(Encode(nil, &v))
		if err != nil || !equal(&again, &v) {
			t.Fatalf("%q reads as %s, then %s: %v", b, Encode(nil, &v), Encode(nil, &again), err)
		}
	})
}

// TestFromJSON: each type comes back as it was, moves and gaps included.
func TestFromJSON(t *testing.T) {
	object, _, err := Value(stringRaw(`{"$number":1}`))
	if err != nil {
		t.Fatal(err)
	}
	two, _, _ := Value(stringRaw(`{"$number":1,"b":{"$x":{"$object":null}}}`))
	moved, _, _ := Merge(&datasource.Ref{Kind: datasource.KindString}, known(t, `{"a":1,"b":2}`), []byte(`{"a":1.10,"b":NaN}`), noon)
	for _, v := range []datasource.Value{
		{}, {Type: datasource.TypeNull}, {Type: datasource.TypeBool, Bool: true}, {Type: datasource.TypeArray}, {Type: datasource.TypeObject}, object, two, moved,
		{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(math.NaN())}, {Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(math.Inf(-1))},
		*known(t, "1e400"), *known(t, "9007199254740993"), {Type: datasource.TypeText, Text: datasource.Clean(`a"b\c`, 0)}, {Type: datasource.TypeText},
		{Type: datasource.TypeText, Text: datasource.Clean("5", 0)},
		{Type: datasource.TypeSeries}, {Type: datasource.TypeSeries, Points: []datasource.Point{{MS: -1, V: 1.1}, {MS: 2, V: math.NaN()}, {MS: 3, V: math.Inf(1)}}},
		{Type: datasource.TypeMessages}, {Type: datasource.TypeMessages, Messages: []datasource.Message{{At: noon.Add(123456789), ID: datasource.Clean("1-0", 0), Value: moved}, {Value: object}}},
	} {
		b := Encode(nil, &v)
		back, err := FromJSON(b)
		if err != nil || !equal(&back, &v) {
			t.Errorf("%s came back as %s: %v", b, Encode(nil, &back), err)
		}
	}
	for _, s := range []string{"", "{", `{"$series":5}`, `{"$series":[[1]]}`, `{"$messages":[[1,2]]}`, `{"$number":["x",0,0]}`, `{"$what":1}`, "1 2", strings.Repeat("[", 20_000)} {
		if v, err := FromJSON([]byte(s)); err == nil {
			t.Errorf("%.40q became %+v", s, v.Type)
		}
	}
}

// TestAppendJSON: the form of the contract.
func TestAppendJSON(t *testing.T) {
	v := datasource.Value{Type: datasource.TypeSeries, Points: []datasource.Point{{MS: 1763860000000, V: 48210.5}, {MS: 1763860001000, V: math.NaN()}, {MS: 1763860002000, V: 1e21}}}
	if got := string(JSON(v)); got != "[[1763860000000,48210.5],[1763860001000,null],[1763860002000,1e+21]]" {
		t.Error(got)
	}
	if got := string(JSON(datasource.Value{})); got != "null" {
		t.Error(got)
	}
}
