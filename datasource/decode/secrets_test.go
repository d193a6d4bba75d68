package decode

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// TestSecrets_NeverBecomeAValue is case 38.
func TestSecrets_NeverBecomeAValue(t *testing.T) {
	show := datasource.Ref{Kind: datasource.KindString, Shape: datasource.Shape{Show: "session_key"}}
	for _, c := range []struct {
		ref  datasource.Ref
		raw  datasource.Raw
		want string
	}{
		{raw: datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString}, Bytes: []byte(`{"a":1,"api_key":"S3CRET","n":{"password":"S3CRET"},"l":[{"apiSecret":5}],"cookie":null}`)},
			want: `{"a":1,"api_key":"***","n":{"password":"***"},"l":[{"apiSecret":"***"}],"cookie":null}`},
		{raw: datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindHash}, Fields: []datasource.RawField{{Name: "api_key", Value: []byte("S3CRET")}, {Name: "bid", Value: []byte("1")}}},
			want: `{"api_key":"***","bid":1}`},
		{raw: datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString, Key: "user:1:api_secret"}, Bytes: []byte("S3CRET")}, want: `"***"`},
		{raw: datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindList, Key: "l"}, Items: [][]byte{[]byte(`{"password":"S3CRET"}`)}}, want: `[{"password":"***"}]`},
		{raw: datasource.Raw{Ref: &show, Bytes: []byte(`{"session_key":"london"}`)}, want: `{"session_key":"london"}`},
		{raw: datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindHash}, Fields: []datasource.RawField{{Name: "x", Value: []byte(`{"password":"S3CRET`)}}},
			want: `{"x":"{\"password\":\"***"}`},
	} {
		v, _, err := Value(&c.raw)
		if got := string(JSON(v)); err != nil || got != c.want {
			t.Errorf("got %s %v, want %s", got, err, c.want)
		}
	}
	prev, _, _ := Value(stringRaw(`{"bid":1,"api_key":"S3CRET"}`))
	for _, payload := range []string{`{"api_key":"S3CRET2"}`, `{"bid":2,"session_key":"S3CRET2"}`} {
		v, _, err := Merge(&datasource.Ref{Kind: datasource.KindString}, &prev, []byte(payload), time.Now())
		if got := string(JSON(v)); err != nil || strings.Contains(got, "S3CRET") {
			t.Errorf("a push brought %s %v", got, err)
		}
	}
	m := Message([]byte(`{"password":"S3CRET"}`), time.Now())
	if got := string(JSON(m.Value)); strings.Contains(got, "S3CRET") {
		t.Error(got)
	}
}
