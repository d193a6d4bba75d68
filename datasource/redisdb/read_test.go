package redisdb

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// open makes a client of a URL and closes it with the test.
func open(t testing.TB, o Options) *Client {
	t.Helper()
	c, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// whole window of one ref.
func all(ref datasource.Ref) datasource.Request {
	return datasource.Request{Ref: &ref, Since: math.Inf(-1)}
}

func read(t testing.TB, c *Client, reqs ...datasource.Request) []datasource.Raw {
	t.Helper()
	raws, err := c.Read(context.Background(), reqs)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	if len(raws) != len(reqs) {
		t.Fatalf("%d raws for %d requests", len(raws), len(reqs))
	}
	return raws
}

// readPatiently reads again where a busy machine had no answer in time.
func readPatiently(t testing.TB, c *Client, reqs ...datasource.Request) []datasource.Raw {
	t.Helper()
	for range 5 {
		if raws, err := c.Read(context.Background(), reqs); err == nil && len(raws) == len(reqs) {
			return raws
		}
	}
	return read(t, c, reqs...)
}

// text writes a Raw in one line, for comparing.
func text(raw *datasource.Raw) string {
	var b strings.Builder
	switch {
	case raw.Err != nil:
		return "error: " + raw.Err.Error()
	case raw.Missing:
		return "missing"
	}
	if raw.Bytes != nil {
		fmt.Fprintf(&b, "%q ", raw.Bytes)
	}
	writeFields := func(fields []datasource.RawField) {
		for _, f := range fields {
			fmt.Fprintf(&b, "%s=%s ", f.Name, f.Value)
		}
	}
	writeFields(raw.Fields)
	for _, m := range raw.Members {
		fmt.Fprintf(&b, "%v:%s ", m.Score, m.Member)
	}
	for _, it := range raw.Items {
		fmt.Fprintf(&b, "%s ", it)
	}
	for _, e := range raw.Entries {
		fmt.Fprintf(&b, "%s{", e.ID)
		writeFields(e.Fields)
		b.WriteString("} ")
	}
	return strings.TrimSpace(b.String())
}

func ref(kind datasource.Kind, key string) datasource.Ref {
	return datasource.Ref{Name: key, Kind: kind, Key: key}
}

func TestReadKinds(t *testing.T) {
	for _, protocol := range []string{"", "?protocol=2"} {
		t.Run("protocol"+protocol, func(t *testing.T) {
			s := servertest.Redis(t)
			s.Do("SET", "s", "48911.20")
			s.Do("SET", "empty", "")
			s.Do("PSETEX", "short", 60000, "x")
			s.Do("HSET", "h", "equity", "1.10", "n", "3")
			s.Do("ZADD", "z", 1000, "a", 2000, "b", "+inf", "c", "-inf", "d", 1.5, "e")
			s.Do("RPUSH", "l", "new", "old", "older")
			s.Do("XADD", "x", "1-1", "p", "1")
			s.Do("XADD", "x", "2-1", "p", "2", "q", "3")
			c := open(t, Options{URL: s.URL() + protocol})
			kept := ref(datasource.KindList, "l")
			kept.Keep = 2
			last := ref(datasource.KindZSet, "z")
			last.Keep = 2
			cases := []struct {
				ref  datasource.Ref
				want string
			}{
				{ref(datasource.KindString, "s"), `"48911.20"`},
				{ref(datasource.KindString, "empty"), `""`},
				{ref(datasource.KindString, "gone"), "missing"},
				{ref(datasource.KindHash, "h"), "equity=1.10 n=3"},
				{ref(datasource.KindHash, "gone"), "missing"},
				{ref(datasource.KindZSet, "z"), "-Inf:d 1.5:e 1000:a 2000:b +Inf:c"},
				{last, "2000:b +Inf:c"},
				{ref(datasource.KindZSet, "gone"), "missing"},
				{kept, "new old"},
				{ref(datasource.KindStream, "x"), "2-1{p=2 q=3 } 1-1{p=1 }"},
				{ref(datasource.KindHash, "s"), "error: wrong type: expected hash, is string"},
				{ref(datasource.KindString, "z"), "error: wrong type: expected string, is zset"},
				{ref(datasource.KindStream, "l"), "error: wrong type: expected stream, is list"},
				{ref(datasource.KindChannel, "ticks"), "missing"},
			}
			var reqs []datasource.Request
			for _, tc := range cases {
				reqs = append(reqs, all(tc.ref))
			}
			raws := read(t, c, reqs...)
			for i, tc := range cases {
				if got := text(&raws[i]); got != tc.want {
					t.Errorf("%s %s = %s, want %s", tc.ref.Kind, tc.ref.Key, got, tc.want)
				}
				if raws[i].Err == nil && !raws[i].Missing && raws[i].TTL != datasource.NoTTL {
					t.Errorf("%s: ttl %v, want none", tc.ref.Key, raws[i].TTL)
				}
			}
			short := read(t, c, all(ref(datasource.KindString, "short")))[0]
			if short.TTL <= 0 || short.TTL > time.Minute || short.At.IsZero() {
				t.Errorf("ttl %v at %v", short.TTL, short.At)
			}
		})
	}
}

func TestReadSeriesIncrementally(t *testing.T) {
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	now := time.Now().UnixMilli()
	z := ref(datasource.KindZSet, "z")
	z.Window = time.Minute
	s.Do("ZADD", "z", now-120000, "old", now-30000, "a", now-20000, "b")
	next := func(since float64) (datasource.Raw, float64) {
		t.Helper()
		raw := read(t, c, datasource.Request{Ref: &z, Since: since})[0]
		for _, m := range raw.Members {
			since = max(since, m.Score)
		}
		return raw, since
	}
	members := func(raw datasource.Raw) (out string) {
		for _, m := range raw.Members {
			out += string(m.Member) + " "
		}
		return strings.TrimSpace(out)
	}
	steps := []struct {
		name  string
		do    func()
		want  string
		whole bool
	}{
		{"first", func() {}, "a b", true},
		{"nothing new", func() {}, "", false},
		{"one newer", func() { s.Do("ZADD", "z", now-10000, "c") }, "c", false},
		{"same score", func() { s.Do("ZADD", "z", now-10000, "c2") }, "a b c c2", true},
		{"nothing new again", func() {}, "", false},
		{"last replaced", func() { s.Do("ZREM", "z", "c2"); s.Do("ZADD", "z", now-10000, "c3") }, "a b c c3", true},
		{"rewritten shorter", func() { s.Do("DEL", "z"); s.Do("ZADD", "z", now-50000, "n") }, "n", true},
	}
	since := math.Inf(-1)
	for _, st := range steps {
		st.do()
		raw, last := next(since)
		if got := members(raw); got != st.want || math.IsInf(raw.Since, -1) != st.whole {
			t.Fatalf("%s: %q since %v, want %q whole=%v", st.name, got, raw.Since, st.want, st.whole)
		}
		if st.whole && len(raw.Members) > 0 {
			last = raw.Members[len(raw.Members)-1].Score
		}
		since = last
	}
}
