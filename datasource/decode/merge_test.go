package decode

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// known decodes a payload as the value known so far.
func known(t testing.TB, in string) *datasource.Value {
	t.Helper()
	if in == "" {
		return nil
	}
	v, err := document([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, prev, payload, want string }{
		{"first", "", `{"bid":1}`, `{"bid":1}`},
		{"field by field", `{"bid":1,"ask":2}`, `{"ask":"2.50"}`, `{"bid":1,"ask":2.50}`},
		{"new fields come last", `{"bid":1}`, `{"last":3,"bid":2}`, `{"bid":2,"last":3}`},
		{"nested", `{"a":{"x":1,"y":2},"b":1}`, `{"a":{"y":3}}`, `{"a":{"x":1,"y":3},"b":1}`},
		{"object over number", `{"a":1}`, `{"a":{"y":3}}`, `{"a":{"y":3}}`},
		{"null in a field", `{"a":1,"b":2}`, `{"a":null}`, `{"a":null,"b":2}`},
		{"escapes and unicode", `{"a":1}`, "{\"\\u0061\":2,\"é\":\"\\u001b\"}", `{"a":2,"é":"␛"}`},
		{"empty object", `{"a":1}`, `{}`, `{"a":1}`},
		{"twice", `{"a":1}`, `{"a":2,"a":3}`, `{"a":3}`},
		{"case twins", `{"a":1}`, `{"A":2}`, `{"a":1,"A":2}`},
		{"number replaces", `1.5`, `2.50`, `2.50`},
		{"number replaces an object", `{"a":1}`, `2`, `2`},
		{"text replaces", `1.5`, `halted`, `"halted"`},
		{"object replaces a number", `1.5`, `{"a":1}`, `{"a":1}`},
		{"array replaces", `[{"a":1}]`, `[{"b":2},{"c":3}]`, `[{"b":2},{"c":3}]`},
		{"array replaces an object", `{"a":1}`, `[1]`, `[1]`},
		{"null changes nothing", `{"a":1}`, `null`, `{"a":1}`},
		{"nothing changes nothing", `5`, ``, `5`},
		{"null at first", "", `null`, `null`},
	} {
		for _, kind := range []datasource.Kind{datasource.KindString, datasource.KindHash} {
			prev := known(t, c.prev)
			before := ""
			if prev != nil {
				before = string(JSON(*prev))
			}
			v, _, err := Merge(&datasource.Ref{Kind: kind}, prev, []byte(c.payload), noon)
			if got := string(JSON(v)); err != nil || got != c.want {
				t.Errorf("%s: got %s %v, want %s", c.name, got, err, c.want)
			}
			if prev != nil && string(JSON(*prev)) != before {
				t.Errorf("%s: the value before was written to: %s", c.name, JSON(*prev))
			}
		}
	}
}

func TestMergeErrors(t *testing.T) {
	prev := known(t, `{"a":1}`)
	for _, payload := range []string{`{"a":`, `{"a":1}{`, `[1`, strings.Repeat(" ", datasource.MaxValueBytes) + "1"} {
		_, _, err := Merge(&datasource.Ref{Kind: datasource.KindString}, prev, []byte(payload), noon)
		if f := datasource.AsFault(err, 0); f == nil || f.Source != datasource.SourcePubSub || f.Class != datasource.ClassDecode && f.Class != datasource.ClassTooBig {
			t.Errorf("%.20q: %v", payload, err)
		}
	}
	if _, _, err := Merge(&datasource.Ref{Kind: datasource.KindZSet}, nil, []byte(`{"text":"x"}`), noon); err == nil ||
		err.Error() != "unreadable: no number in the message for a series, is an object" {
		t.Errorf("got %v", err)
	}
}

func TestMergeStamp(t *testing.T) {
	prev := known(t, `{"bid":1,"ts":1763860000}`)
	_, stamp, _ := Merge(&datasource.Ref{Kind: datasource.KindString}, prev, []byte(`{"bid":2,"ts":1763860007}`), noon)
	if stamp.Unix() != 1763860007 {
		t.Errorf("got %v", stamp)
	}
	if _, stamp, _ = Merge(&datasource.Ref{Kind: datasource.KindString}, prev, []byte(`{"bid":2}`), noon); !stamp.IsZero() {
		t.Errorf("a payload without a time has %v", stamp)
	}
}

// TestMoves: a number knows where it last moved, and keeps that while it rests.
func TestMoves(t *testing.T) {
	ref := &datasource.Ref{Kind: datasource.KindString}
	v := *known(t, `{"bid":1.0,"ask":2,"text":"a"}`)
	at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
	moves := func() string {
		var out []string
		for i := range v.Fields {
			m := v.Fields[i].Value.Move
			if m.Dir != 0 {
				m.MS -= noon.UnixMilli()
			}
			out = append(out, fmt.Sprint(m.Dir, "@", m.MS))
		}
		return strings.Join(out, " ")
	}
	for i, c := range []struct{ payload, want string }{
		{`{"bid":1.1,"ask":1.9}`, "1@1000 -1@1000 0@0"},
		{`{"bid":1.10,"ask":1.9,"text":"b"}`, "1@1000 -1@1000 0@0"}, // other digits, the same number
		{`{"bid":1.05,"x":{"y":1}}`, "-1@3000 -1@1000 0@0 0@0"},
		{`{"bid":"halted"}`, "0@0 -1@1000 0@0 0@0"},
		{`{"bid":3}`, "0@0 -1@1000 0@0 0@0"}, // was no number before
		{`{"bid":4,"ask":NaN}`, "1@6000 -1@1000 0@0 0@0"},
	} {
		var err error
		if v, _, err = Merge(ref, &v, []byte(c.payload), at(i+1)); err != nil || moves() != c.want {
			t.Errorf("%s: got %s %v, want %s", c.payload, moves(), err, c.want)
		}
	}
	n, _, _ := Merge(ref, known(t, "5"), []byte("4"), noon)
	if n.Move != (datasource.Move{Dir: -1, MS: noon.UnixMilli()}) {
		t.Errorf("a bare number: %+v", n.Move)
	}
}

func TestMergeSeries(t *testing.T) {
	old := &datasource.Value{Type: datasource.TypeSeries, Points: []datasource.Point{{MS: 1763860000000, V: 1}, {MS: 1763860001000, V: 2}}}
	ref := &datasource.Ref{Kind: datasource.KindZSet, Member: "json:px", Fallback: datasource.Endpoint{Value: "equity"}}
	at := time.UnixMilli(1763860009000)
	for payload, want := range map[string]string{
		"3":                                "[[1763860000000,1],[1763860001000,2],[1763860009000,3]]",
		`{"ts":1763860002,"value":3}`:      "[[1763860000000,1],[1763860001000,2],[1763860002000,3]]",
		`{"ts":1763860002,"px":3,"seq":1}`: "[[1763860000000,1],[1763860001000,2],[1763860002000,3]]",
		`{"equity":"3.5","seq":1}`:         "[[1763860000000,1],[1763860001000,2],[1763860009000,3.5]]",
		`{"bid":3,"ask":4,"seq":1}`:        "[[1763860000000,1],[1763860001000,2],[1763860009000,3.5]]",
		`[1763860002000,3]`:                "[[1763860000000,1],[1763860001000,2],[1763860002000,3]]",
		`[[1763860002,3],[1763860003,4]]`:  "[[1763860000000,1],[1763860001000,2],[1763860002000,3],[1763860003000,4]]",
		`{"ts":1763860000.5,"value":3}`:    "[[1763860000000,1],[1763860000500,3],[1763860001000,2]]",
		`{"ts":1763860001,"value":3}`:      "[[1763860000000,1],[1763860001000,3]]",
	} {
		v, stamp, err := Merge(ref, old, []byte(payload), at)
		if got := string(JSON(v)); err != nil || got != want || stamp.IsZero() {
			t.Errorf("%s: got %s %v %v, want %s", payload, got, stamp, err, want)
		}
	}
	if len(old.Points) != 2 || old.Points[1].V != 2 {
		t.Error("the points before were written to")
	}
	if v, _, err := Merge(ref, nil, []byte("3"), at); err != nil || len(v.Points) != 1 {
		t.Errorf("the first point: %v %v", v, err)
	}
}

func TestMergeMessages(t *testing.T) {
	ref := &datasource.Ref{Kind: datasource.KindChannel, Keep: 2}
	var v *datasource.Value
	for _, payload := range []string{"a", `{"b":1}`, `{"c":`} {
		next, _, err := Merge(ref, v, []byte(payload), time.UnixMilli(5))
		if err != nil {
			t.Fatal(err)
		}
		v = &next
	}
	if got := string(JSON(*v)); got != `[{"at":5,"value":"{\"c\":"},{"at":5,"value":{"b":1}}]` {
		t.Error(got)
	}
}

func TestAppend(t *testing.T) {
	raw := zset("", 1763860000.0, "1", 1763860001.0, "2")
	first, err := Append(nil, raw)
	if err != nil || len(first.Value.Points) != 2 {
		t.Fatalf("%v %v", first, err)
	}
	more := zset("", 1763860002.0, "3")
	more.Since = 1763860001
	v, err := Append(&first.Value, more)
	if got := string(JSON(v.Value)); err != nil || got != "[[1763860000000,1],[1763860001000,2],[1763860002000,3]]" {
		t.Errorf("%s %v", got, err)
	}
	more.Ref.Window = time.Second
	if v, _ = Append(&first.Value, more); len(v.Value.Points) != 2 {
		t.Errorf("window: %s", JSON(v.Value))
	}
	more.Ref.Window, more.Ref.Keep = 0, 1
	if v, _ = Append(&first.Value, more); len(v.Value.Points) != 1 {
		t.Errorf("keep: %s", JSON(v.Value))
	}
	none := zset("")
	none.Since = 1763860002
	if v, err = Append(&first.Value, none); err != nil || len(v.Value.Points) != 2 {
		t.Errorf("nothing newer: %s %v", JSON(v.Value), err)
	}
	whole := zset("", 1763860005.0, "9")
	whole.Since = math.Inf(-1)
	if v, err = Append(&first.Value, whole); err != nil || len(v.Value.Points) != 1 {
		t.Errorf("the whole window: %s %v", JSON(v.Value), err)
	}
	broken := zset(datasource.MemberValue, 1763860005.0, "x")
	broken.Since = 1763860002
	if _, err = Append(&first.Value, broken); datasource.ClassOf(err) != datasource.ClassDecode {
		t.Errorf("unreadable members: %v", err)
	}
	if len(first.Value.Points) != 2 {
		t.Error("the points before were written to")
	}
}
