package decode

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

func TestHash(t *testing.T) {
	v, stamp, err := Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindHash}, Fields: []datasource.RawField{
		{Name: "equity", Value: []byte("48911.20")}, {Name: "open_orders", Value: []byte(`"3"`)}, {Name: "last", Value: []byte(`{"id":7,"px":"1.10"}`)},
		{Name: "broken", Value: []byte(`{"id":`)}, {Name: "list", Value: []byte("[1,2]")}, {Name: "empty", Value: nil}, {Name: "nan", Value: []byte("nan")},
		{Name: "on", Value: []byte("true")}, {Name: "state", Value: []byte("open")}, {Name: "\x1b[2J", Value: []byte("\x9b")},
		{Name: "updated_at", Value: []byte("2026-11-23T09:00:00.123456+00:00")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"equity":48911.20,"open_orders":3,"last":{"id":7,"px":1.10},"broken":"{\"id\":","list":[1,2],"empty":null,"nan":null,"on":true,"state":"open","␛[2J":"` + "\ufffd" + `","updated_at":"2026-11-23T09:00:00.123456+00:00"}`
	if got := string(JSON(v)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if !stamp.Equal(time.Date(2026, 11, 23, 9, 0, 0, 123456000, time.UTC)) {
		t.Errorf("stamp %v", stamp)
	}
	if _, _, err = Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindHash}, Fields: make([]datasource.RawField, 513)}); datasource.ClassOf(err) != datasource.ClassTooBig {
		t.Errorf("513 fields: %v", err)
	}
}

func zset(member datasource.Member, pairs ...any) *datasource.Raw {
	raw := &datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindZSet, Member: member}, At: noon, Since: math.Inf(-1)}
	for i := 0; i < len(pairs); i += 2 {
		raw.Members = append(raw.Members, datasource.RawMember{Score: pairs[i].(float64), Member: []byte(pairs[i+1].(string))})
	}
	return raw
}

func TestSeries(t *testing.T) {
	const s, ms = 1763860000.0, 1763860000500.0
	for _, c := range []struct {
		name string
		raw  *datasource.Raw
		want string
	}{
		{"value", zset(datasource.MemberValue, s, "48210.5", s+1, "48211"), "[[1763860000000,48210.5],[1763860001000,48211]]"},
		{"milli-, micro-, nanoseconds", zset("", ms, "1", 1763860001500000.0, "2", 1763860002500000000.0, "3"), "[[1763860000500,1],[1763860001500,2],[1763860002500,3]]"},
		{"fractions of a second", zset("", s+0.25, "1"), "[[1763860000250,1]]"},
		{"ts:value", zset(datasource.MemberTSValue, s, "1763860000:1.5", s+1, "2026-11-23T09:00:01Z:-2"), "[[1763860000000,1.5],[1763860001000,-2]]"},
		{"ts:value by itself", zset("", s, "1763860000:1.5"), "[[1763860000000,1.5]]"},
		{"json field", zset("json:px", s, `{"ts":5,"px":"1.50"}`, s+1, `{"ts":5}`), "[[1763860000000,1.5],[1763860001000,null]]"},
		{"json field, dotted", zset("json:a.px", s, `{"a":{"px":2}}`), "[[1763860000000,2]]"},
		{"json by itself", zset("", s, `{"ts":1763860000,"price":"1.50"}`), "[[1763860000000,1.5]]"},
		{"bid and ask", zset("", s, `{"bid":1,"ask":2,"ts":1763860000}`), "[[1763860000000,1.5]]"},
		{"only number", zset("", s, `{"ts":1763860000,"px":3}`), "[[1763860000000,3]]"},
		{"nan is a gap", zset(datasource.MemberTSValue, s, "1:1", s+1, "2:NaN", s+2, "3:x", s+3, "4:2"), "[[1763860000000,1],[1763860001000,null],[1763860002000,null],[1763860003000,2]]"},
		{"all nan", zset(datasource.MemberTSValue, s, "1:nan"), "[[1763860000000,null]]"},
		{"no members", zset(""), "[]"},
		{"infinite scores are left out", zset("", math.Inf(-1), "1", s, "2", math.Inf(1), "3"), "[[1763860000000,2]]"},
		{"mixed units are put in order", zset("", s+5, "2", ms, "1"), "[[1763860000500,1],[1763860005000,2]]"},
		{"two at one time stay in order", zset("", s, "2", s, "1"), "[[1763860000000,2],[1763860000000,1]]"},
	} {
		v, stamp, err := Value(c.raw)
		if got := string(JSON(v)); err != nil || got != c.want {
			t.Errorf("%s: got %s %v, want %s", c.name, got, err, c.want)
		}
		if n := len(v.Points); n > 0 && !stamp.Equal(v.Points[n-1].Time()) {
			t.Errorf("%s: stamp %v", c.name, stamp)
		}
	}
	for want, raw := range map[string]*datasource.Raw{
		`unreadable: no member holds a number as {value}: "1763860000:1.5" (set member:)`: zset(datasource.MemberValue, s, "1763860000:1.5"),
		`unreadable: no member holds a number as json:px: "␛[2J" (set member:)`:           zset("json:px", s, "\x1b[2J"),
		"unreadable: no score is a time":                                                  zset("", math.Inf(1), "1"),
	} {
		if _, _, err := Value(raw); err == nil || err.Error() != want || datasource.ClassOf(err) != datasource.ClassDecode {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	big := zset("")
	big.Members = make([]datasource.RawMember, datasource.MaxMembers+1)
	if _, _, err := Value(big); datasource.ClassOf(err) != datasource.ClassTooBig {
		t.Errorf("5,001 members: %v", err)
	}
}

// TestWindow: the window ends at the newest point, but never in the future.
func TestWindow(t *testing.T) {
	at := func(d time.Duration) float64 { return float64(noon.Add(d).Unix()) }
	raw := zset("", at(-3*time.Hour), "1", at(-2*time.Hour), "2", at(-90*time.Minute), "3")
	raw.Ref.Window = time.Hour
	if v, _, _ := Value(raw); len(v.Points) != 2 || v.Points[0].V != 2 {
		t.Errorf("a silent producer: %s", JSON(v))
	}
	raw.Members = append(raw.Members, datasource.RawMember{Score: at(1000 * time.Hour), Member: []byte("9")})
	if v, _, _ := Value(raw); len(v.Points) != 1 {
		t.Errorf("a point from the future: %s", JSON(v))
	}
	raw.Ref.Keep, raw.Ref.Window = 2, 0
	if v, _, _ := Value(raw); len(v.Points) != 2 || v.Points[0].V != 3 {
		t.Errorf("keep 2: %s", JSON(v))
	}
}

func TestListAndStream(t *testing.T) {
	v, _, err := Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindList, Keep: 3}, Items: [][]byte{
		[]byte("[2026-11-23] started"), []byte(`{"level":"info"}`), []byte("3"), []byte("over keep"),
	}})
	if got := string(JSON(v)); err != nil || got != `["[2026-11-23] started",{"level":"info"},3]` {
		t.Errorf("list: %s %v", got, err)
	}
	v, stamp, err := Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindStream}, Entries: []datasource.RawEntry{
		{ID: "1763860002000-1", Fields: []datasource.RawField{{Name: "bid", Value: []byte("1.10")}, {Name: "ask", Value: []byte("1.11")}}},
		{ID: "1763860001000-0", Fields: []datasource.RawField{{Name: "data", Value: []byte(`{"bid":1}`)}}},
		{ID: "7-0", Fields: nil},
	}})
	want := `[{"id":"1763860002000-1","at":1763860002000,"value":{"bid":1.10,"ask":1.11}},{"id":"1763860001000-0","at":1763860001000,"value":{"bid":1}},{"id":"7-0","value":{}}]`
	if got := string(JSON(v)); err != nil || got != want || stamp.UnixMilli() != 1763860002000 {
		t.Errorf("stream: %s %v %v", got, stamp, err)
	}
}

// TestBody: the API's answer has the shape that Redis would have given.
func TestBody(t *testing.T) {
	page := `{"count":2,"next":null,"previous":null,"results":[{"bid":"1.10","ts":"2026-11-23T09:00:00Z"},{"bid":"1.20","ts":"2026-11-23T10:00:00+01:00"}]}`
	for _, c := range []struct {
		name, body string
		kind       datasource.Kind
		end        datasource.Endpoint
		want       string
	}{
		{"object for a hash", `{"equity":"1.10","meta":{"a":1}}`, datasource.KindHash, datasource.Endpoint{}, `{"equity":1.10,"meta":{"a":1}}`},
		{"list of one for a hash", `[{"equity":"1.10"}]`, datasource.KindHash, datasource.Endpoint{}, `{"equity":1.10}`},
		{"page of one for a hash", `{"count":1,"results":[{"a":1}]}`, datasource.KindHash, datasource.Endpoint{}, `{"a":1}`},
		{"number for a string", `"1.10"`, datasource.KindString, datasource.Endpoint{}, `1.10`},
		{"bare array", `[{"a":"1"}]`, datasource.KindString, datasource.Endpoint{}, `[{"a":1}]`},
		{"page", `{"count":1,"next":null,"results":[{"a":"1"}]}`, datasource.KindString, datasource.Endpoint{}, `[{"a":1}]`},
		{"results that are no page", `{"results":[1],"x":2}`, datasource.KindString, datasource.Endpoint{}, `{"results":[1],"x":2}`},
		{"pick results", page, datasource.KindString, datasource.Endpoint{Pick: "results"}, `[{"bid":1.10,"ts":"2026-11-23T09:00:00Z"},{"bid":1.20,"ts":"2026-11-23T10:00:00+01:00"}]`},
		{"pick by number", page, datasource.KindString, datasource.Endpoint{Pick: "results.1.bid"}, `1.20`},
		{"pick from the end", page, datasource.KindString, datasource.Endpoint{Pick: "results.-1.bid"}, `1.20`},
		{"pick a name with a dot", `{"a":{"b.c":5}}`, datasource.KindString, datasource.Endpoint{Pick: "a.b.c"}, `5`},
		{"pick an object for a hash", `{"account":{"equity":"1"}}`, datasource.KindHash, datasource.Endpoint{Pick: "account"}, `{"equity":1}`},
		{"points", `{"points":[{"ts":"2026-11-23T09:00:01Z","equity":"2.5"},{"ts":"2026-11-23T09:00:00Z","equity":null}]}`, datasource.KindZSet,
			datasource.Endpoint{Pick: "points", Time: "ts", Value: "equity"}, `[[1795424400000,null],[1795424401000,2.5]]`},
		{"points without names", `[{"time":1763860000,"price":"2.5"}]`, datasource.KindZSet, datasource.Endpoint{}, `[[1763860000000,2.5]]`},
		{"pairs", `[[1763860000,"2.5"],[1763860001000,3]]`, datasource.KindZSet, datasource.Endpoint{}, `[[1763860000000,2.5],[1763860001000,3]]`},
		{"no points", `[]`, datasource.KindZSet, datasource.Endpoint{}, `[]`},
		{"nested names", `[{"d":{"t":1763860000},"v":{"x":1}}]`, datasource.KindZSet, datasource.Endpoint{Time: "d.t", Value: "v.x"}, `[[1763860000000,1]]`},
		{"messages, newest first", page, datasource.KindList, datasource.Endpoint{}, // 10:00+01:00 is 09:00Z: equal times keep their order
			`[{"at":1795424400000,"value":{"bid":1.10,"ts":"2026-11-23T09:00:00Z"}},{"at":1795424400000,"value":{"bid":1.20,"ts":"2026-11-23T10:00:00+01:00"}}]`},
		{"messages without times", `["b","a"]`, datasource.KindChannel, datasource.Endpoint{}, `["b","a"]`},
		{"messages out of order", `[{"at":1763860000},{"at":1763860009}]`, datasource.KindStream, datasource.Endpoint{},
			`[{"at":1763860009000,"value":{"at":1763860009}},{"at":1763860000000,"value":{"at":1763860000}}]`},
		{"decimals keep their digits", `{"a":1.10,"b":"48911.20","c":9007199254740993}`, datasource.KindHash, datasource.Endpoint{}, `{"a":1.10,"b":48911.20,"c":9007199254740993}`},
	} {
		raw := &datasource.Raw{Ref: &datasource.Ref{Kind: c.kind, Fallback: c.end}, JSON: true, Bytes: []byte(c.body), At: noon}
		v, _, err := Value(raw)
		if got := string(JSON(v)); err != nil || got != c.want {
			t.Errorf("%s: got %s %v, want %s", c.name, got, err, c.want)
		}
	}
}

func TestBodyErrors(t *testing.T) {
	for _, c := range []struct {
		body string
		kind datasource.Kind
		pick string
		want string
	}{
		{``, datasource.KindHash, "", "unreadable: the answer is empty"},
		{`{"a":1`, datasource.KindHash, "", "unreadable: json ends early, at byte 6"},
		{`<html>`, datasource.KindHash, "", "unreadable: bad json at byte 1: invalid character '<' looking for beginning of value"},
		{`{"a":1} x`, datasource.KindHash, "", "unreadable: something follows the json at byte 8"},
		{`5`, datasource.KindHash, "", "unreadable: expected an object for a hash, is a number"},
		{`[{},{}]`, datasource.KindHash, "", "unreadable: expected an object for a hash, is a list of 2"},
		{`[]`, datasource.KindHash, "", "missing: the list is empty"},
		{`{"a":1}`, datasource.KindZSet, "", "unreadable: expected a list of points, is an object"},
		{`[1,2,3]`, datasource.KindZSet, "", "unreadable: no point has a time (set time: and value:)"},
		{`{"a":1}`, datasource.KindList, "", "unreadable: expected a list for a list, is an object"},
		{`{"count":1,"results":[]}`, datasource.KindString, "points", `unreadable: pick points: no "points" in the answer (has count, results)`},
		{`{"results":[]}`, datasource.KindString, "results.0", "unreadable: pick results.0: no item 0 in a list of 0"},
		{`{"results":[]}`, datasource.KindString, "results.x", `unreadable: pick results.x: "x" is no place in a list of 0`},
		{`{"a":5}`, datasource.KindString, "a.b", `unreadable: pick a.b: no "b" in a number`},
		{`{}`, datasource.KindString, "a", `unreadable: pick a: no "a" in the answer (has nothing)`},
	} {
		raw := &datasource.Raw{Ref: &datasource.Ref{Kind: c.kind, Fallback: datasource.Endpoint{Pick: c.pick}}, JSON: true, Bytes: []byte(c.body)}
		_, _, err := Value(raw)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s pick %q: got %v, want %s", c.body, c.pick, err, c.want)
			continue
		}
		if f := datasource.AsFault(err, 0); f.Source != datasource.SourceAPI {
			t.Errorf("%s: source %v", c.body, f.Source)
		}
	}
}

func TestValueOfFaults(t *testing.T) {
	f := &datasource.Fault{Class: datasource.ClassWrongType}
	if _, _, err := Value(&datasource.Raw{Ref: &datasource.Ref{}, Err: f}); !errors.Is(err, f) {
		t.Errorf("got %v", err)
	}
	if _, _, err := Value(&datasource.Raw{Ref: &datasource.Ref{}, Missing: true}); datasource.ClassOf(err) != datasource.ClassMissing {
		t.Errorf("got %v", err)
	}
	if _, _, err := Value(&datasource.Raw{Ref: &datasource.Ref{}}); datasource.ClassOf(err) != datasource.ClassDecode {
		t.Errorf("no kind: %v", err)
	}
}

func TestTime(t *testing.T) {
	want := time.Date(2026, 11, 23, 9, 0, 0, 123000000, time.UTC)
	for _, in := range []string{
		"1795424400.123", "1795424400123", "1795424400123000", "1795424400123000000", `"1795424400123"`,
		`"2026-11-23T09:00:00.123Z"`, `"2026-11-23T10:00:00.123+01:00"`, `"2026-11-23T10:00:00.123+0100"`, `"2026-11-23T09:00:00.123"`,
		`"2026-11-23 09:00:00.123"`, `"2026-11-23 09:00:00.123+00:00"`, `"2026-11-23 09:00:00.123 +00:00"`, `"2026-11-23T09:00:00.123000000Z"`,
	} {
		v, err := document([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := v.Time(); !ok || got.Sub(want).Abs() > time.Microsecond {
			t.Errorf("%s: %v %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{`"2026-11-23"`: "2026-11-23T00:00:00Z", `"2026-11-23T09:30"`: "2026-11-23T09:30:00Z", "0": "1970-01-01T00:00:00Z"} {
		v, _ := document([]byte(in))
		if got, ok := v.Time(); !ok || got.Format(time.RFC3339) != want {
			t.Errorf("%s: %v", in, got)
		}
	}
	for _, in := range []string{"NaN", "1e400", "9.3e18", `"yesterday"`, `"09:00:00"`, `"2026-13-45"`, `"2026-11-23T09:00:00 Berlin"`, "true", "null", `"` + strings.Repeat("2026-11-23", 9) + `"`} {
		v, _ := document([]byte(in))
		if got, ok := v.Time(); ok {
			t.Errorf("%s is the time %v", in, got)
		}
	}
}

func TestStamp(t *testing.T) {
	for in, want := range map[string]int64{
		`{"at":1763860005,"ts":1763860001}`:                             1763860001, // ts tells more
		`{"updated_at":"2025-11-23T01:06:40Z","created_at":1763860001}`: 1763860000,
		`{"time":5,"at":1763860001}`:                                    1763860001, // a counter is no time
		`{"ts":0}`:                                                      0, `{"ts":-1}`: 0, `{"ts":292277026596000}`: 0, `{"ts":"x"}`: 0, `{"total":1763860000}`: 0, `5`: 0, `{"t":1763860000000}`: 1763860000,
		`[{"ts":1763860001},{"ts":1763860003},{"ts":1763860002}]`: 1763860003,
		`[{"time":1763860001,"symbol":"EURUSD"}]`:                 0, // when it was opened
		`{"created_at":1763860001,"equity":5}`:                    0, // the account is old, not its figures
	} {
		v, err := document([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		got := Stamp(&v)
		if got.IsZero() != (want == 0) || want != 0 && got.Unix() != want {
			t.Errorf("%s: %v, want %d", in, got, want)
		}
	}
}

func TestMessage(t *testing.T) {
	for in, want := range map[string]string{
		`{"text":"filled"}`: `{"text":"filled"}`, `{"text":`: `"{\"text\":"`, "plain words": `"plain words"`, "7": "7", "": "null", "  ": `"  "`, "[warn] x": `"[warn] x"`,
	} {
		m := Message([]byte(in), noon)
		if got := string(JSON(m.Value)); got != want || !m.At.Equal(noon) || !m.ID.Empty() {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	if m := Message(make([]byte, datasource.MaxValueBytes+1), noon); m.Value.Type != datasource.TypeText || !strings.HasSuffix(m.Value.Text.String(), "…") {
		t.Errorf("too big: %.40s", fmt.Sprint(m.Value))
	}
}
