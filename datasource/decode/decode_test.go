package decode

import (
	"testing"
	"time"

	"ticktop/datasource"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestString(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"1.10", `1.10`},
		{" 48911.20\n", `48911.20`},
		{"9007199254740993", `9007199254740993`},
		{"1e400", `1e400`},
		{"+5", `5`},
		{"NaN", `null`},
		{"nan", `null`},
		{"-0", `-0`},
		{"1,234.5", `"1,234.5"`},
		{"0x10", `"0x10"`},
		{"１２", `"１２"`},
		{"INF", `"INF"`},
		{"hello", `"hello"`},
		{"", `null`},
		{"null", `null`},
		{"true", `true`},
		{"True", `"True"`},
		{`"1.10"`, `1.10`},
		{`"on"`, `"on"`},
		{`{"bid":"1.0830","ask":1.0832}`, `{"bid":1.0830,"ask":1.0832}`},
		{`[{"symbol":"EURUSD","qty":"1000"}]`, `[{"symbol":"EURUSD","qty":1000}]`},
		{`{"a":NaN,"b":-Infinity,"c":"NaN or Infinity"}`, `{"a":null,"b":null,"c":"NaN or Infinity"}`},
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{`{"a":1,"A":2}`, `{"a":1,"A":2}`},
		{"\xef\xbb\xbf{\"a\":1}", `{"a":1}`},
		{`{"s":"\u001b[2J\u00e9"}`, `{"s":"␛[2Jé"}`},
	} {
		raw := &datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString}, Bytes: []byte(c.in)}
		v, _, err := Value(raw)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if got := string(JSON(v)); got != c.want {
			t.Errorf("%q: got %s, want %s", c.in, got, c.want)
		}
		back, err := FromJSON(Encode(nil, &v))
		if err != nil || !back.Equal(&v) {
			t.Errorf("%q: does not come back from %s: %v", c.in, Encode(nil, &v), err)
		}
	}
}
