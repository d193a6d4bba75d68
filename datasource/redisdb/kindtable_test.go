package redisdb

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

func TestKindReaders_EachStoredKindHasOne(t *testing.T) {
	for _, k := range datasource.Kinds() {
		if k == datasource.KindChannel {
			continue
		}
		if int(k) >= len(kindReaders) || readerOf(k).read == nil || readerOf(k).size == nil || readerOf(k).parse == nil {
			t.Errorf("%s cannot be read", k)
		}
	}
}

// Case 37: a server or proxy without some of the commands: no countdown, and the
// plain commands, instead of failing reads.
func TestRead_CommandsThatTheServerDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, gone := range [][]string{{"PTTL"}, {"GETRANGE"}, {"HSCAN"}, {"SSCAN"}, {"PTTL", "GETRANGE", "HSCAN", "SSCAN"}} {
		t.Run("case 37: "+strings.Join(gone, ","), func(t *testing.T) {
			t.Parallel()
			var opts []servertest.Option
			for _, name := range gone {
				opts = append(opts, servertest.Config("rename-command", name, ""))
			}
			s := servertest.Redis(t, opts...)
			s.Do("SET", "s", "v", "EX", 100)
			s.Do("HSET", "h", "a", "1")
			s.Do("SADD", "m", "x")
			s.Do("RPUSH", "l", "1", "2")
			s.Do("ZADD", "z", "1795424400", "1")
			c := open(t, Options{URL: s.URL()})
			for range 3 {
				raws := read(t, c, all(ref(datasource.KindString, "s")), all(ref(datasource.KindHash, "h")), all(ref(datasource.KindSet, "m")),
					all(ref(datasource.KindList, "l")), all(ref(datasource.KindZSet, "z")), all(ref(datasource.KindString, "none")))
				for i := range raws[:5] {
					if raws[i].Err != nil || raws[i].Missing {
						t.Errorf("%s: %s", raws[i].Ref.Key, text(&raws[i]))
					}
				}
				if ttl := raws[0].TTL > 0; ttl == (gone[0] == "PTTL") {
					t.Errorf("a countdown: %v", ttl)
				}
				if !raws[5].Missing {
					t.Errorf("a missing key is %s", text(&raws[5]))
				}
			}
		})
	}
}

func TestRead_Set(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	for n, want := range map[int]string{3: "", 600: "", 4999: "", 5001: "too big (5,001 members)", 40000: "too big (40,000 members)"} {
		key := fmt.Sprint("set", n)
		s.Do("EVAL", "for i=1,tonumber(ARGV[1]) do redis.call('SADD', KEYS[1], 'm'..i) end", 1, key, n)
		for range 2 {
			raws := read(t, c, all(ref(datasource.KindSet, key)))
			got := ""
			if raws[0].Err != nil {
				got = raws[0].Err.Error()
			}
			if got != want || want == "" && len(raws[0].Items) != n {
				t.Errorf("%d members: %d, %q", n, len(raws[0].Items), got)
			}
		}
	}
	s.Do("SET", "str", "x")
	if f := failed(t, c, ref(datasource.KindSet, "str")); f == nil || f.Class != datasource.ClassWrongType {
		t.Errorf("a string read as a set: %v", f)
	}
}

// Both ends of a list, and its length while the newest end is unknown.
func TestRead_ListEnds(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("EVAL", "for i=1,450 do redis.call('RPUSH', KEYS[1], i) end", 1, "l")
	c := open(t, Options{URL: s.URL()})
	r := ref(datasource.KindList, "l")
	r.Keep = 200
	for _, q := range []struct {
		newest      datasource.End
		first, last string
		count       int
	}{{datasource.EndUnknown, "1", "200", 450}, {datasource.EndLast, "251", "450", 0}, {datasource.EndFirst, "1", "200", 0}} {
		req := all(r)
		req.Newest = q.newest
		raw := read(t, c, req)[0]
		if raw.Newest != q.newest || raw.Count != q.count || len(raw.Items) != 200 || string(raw.Items[0]) != q.first || string(raw.Items[199]) != q.last {
			t.Errorf("%d: %d of %d from %s to %s", q.newest, len(raw.Items), raw.Count, raw.Items[0], raw.Items[len(raw.Items)-1])
		}
	}
}

func TestRead_ModulesThatAreNotThere(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("SET", "k", "v")
	c := open(t, Options{URL: s.URL()})
	for kind, want := range map[datasource.Kind]string{
		datasource.KindJSON: "the server has no RedisJSON (for json:)", datasource.KindTimeSeries: "the server has no RedisTimeSeries (for timeseries:)",
	} {
		if f := failed(t, c, ref(kind, "k")); f == nil || f.Error() != want || f.Class != datasource.ClassConfig {
			t.Errorf("%s: %v", kind, f)
		}
	}
}

// The replies of the modules, in both protocols.
func TestDecoder_Modules(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  datasource.Kind
		shape datasource.Shape
		reply string
		want  string
	}{
		{"json", datasource.KindJSON, datasource.Shape{}, "$7\r\n{\"a\":1}\r\n", `"{\"a\":1}"`},
		{"json, missing", datasource.KindJSON, datasource.Shape{}, "_\r\n", "missing"},
		{"json, a path", datasource.KindJSON, datasource.Shape{Pick: "a.0"}, "$3\r\n[7]\r\n", `"{\"a\":{\"0\":7}}"`},
		{"json, a path to nothing", datasource.KindJSON, datasource.Shape{Pick: "a"}, "$2\r\n[]\r\n", `"{}"`},
		{"json, a module that ignores paths", datasource.KindJSON, datasource.Shape{Pick: "a"}, "$7\r\n{\"a\":1}\r\n", `"{\"a\":1}"`},
		{"samples, RESP3", datasource.KindTimeSeries, datasource.Shape{}, "*2\r\n*2\r\n:2000\r\n,1.5\r\n*2\r\n:1000\r\n,1\r\n", "1000:1 2000:1.5 "},
		{"samples, RESP2", datasource.KindTimeSeries, datasource.Shape{}, "*1\r\n*2\r\n:2000\r\n+1.5\r\n", "2000:1.5 "},
		{"the last", datasource.KindTimeSeries, datasource.Shape{Latest: true}, "*2\r\n:2000\r\n,1.5\r\n", "2000:1.5 "},
		{"no samples", datasource.KindTimeSeries, datasource.Shape{}, "*0\r\n", ""},
		{"nonsense", datasource.KindTimeSeries, datasource.Shape{}, "*1\r\n*3\r\n:1\r\n:2\r\n:3\r\n", "error: bad reply"},
		{"nonsense", datasource.KindTimeSeries, datasource.Shape{}, "*1\r\n:1\r\n", "error: bad reply"},
	} {
		cl := &Client{}
		it := &item{mode: modeRead, end: &seriesTail{}}
		it.req.Ref = new(ref(c.kind, "k"))
		it.req.Ref.Shape = c.shape
		a := &buffer{bytes: []byte(c.reply)}
		it.value = slot{buf: a, begun: true, end: len(a.bytes)}
		raw := datasource.Raw{Ref: it.req.Ref}
		d := decoder{c: cl, name: func(b []byte) string { return string(b) }, at: time.Now()}
		raw.Err = d.decodeValue(it, &raw)
		got := ""
		if c.kind == datasource.KindTimeSeries && raw.Err == nil {
			for _, m := range raw.Members {
				got += fmt.Sprintf("%v:%s ", m.Score, m.Member)
			}
		} else {
			got = text(&raw)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestJSONPath(t *testing.T) {
	for pick, want := range map[string]string{"": "", "a": `$["a"]`, "a.b.0": `$["a"]["b"][0]`, "'a.b'.c": `$["a.b"]["c"]`, `x"]y`: `$["x\"]y"]`} {
		if got := jsonPath(pick); got != want {
			t.Errorf("%s: %s, want %s", pick, got, want)
		}
	}
}

// step: reads only the newest fields of a hash of time → value.
func TestRead_HashByStep(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	now := time.Now().Truncate(time.Minute)
	for _, q := range []struct {
		name, format string
		field        func(time.Time) string
		want         int
	}{
		{"seconds", "", func(t time.Time) string { return fmt.Sprint(t.Unix()) }, 50},
		{"milliseconds", "", func(t time.Time) string { return fmt.Sprint(t.UnixMilli()) }, 50},
		{"iso", "", func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }, 50},
		{"own format", "%d.%m.%y %H:%M", func(t time.Time) string { return t.UTC().Format("02.01.06 15:04") }, 50},
		{"no times", "", func(t time.Time) string { return "x" + fmt.Sprint(t.Unix()) }, 0},
	} {
		args := []any{"HSET", "h" + q.name}
		for i := range 3000 {
			args = append(args, q.field(now.Add(-time.Duration(i)*time.Minute)), i)
		}
		s.Do(args...)
		r := ref(datasource.KindHash, "h"+q.name)
		r.Keep, r.Shape = 50, datasource.Shape{TimeFormat: q.format, Series: datasource.SeriesFields{Time: "@field", Value: "@value", Step: time.Minute}}
		for range 2 {
			raws, err := c.Read(context.Background(), []datasource.Request{all(r)})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(raws[0].Fields); n < q.want-1 || n > q.want { // the minute may have ended
				t.Errorf("%s: %d fields, %v", q.name, n, raws[0].Err)
			}
			if n := len(raws[0].Fields); n > 1 && !bytes.Equal(raws[0].Fields[n-2].Value, []byte("1")) && !bytes.Equal(raws[0].Fields[n-1].Value, []byte("0")) {
				t.Errorf("%s: the last field is %s=%s", q.name, raws[0].Fields[n-1].Name, raws[0].Fields[n-1].Value)
			}
		}
	}
}

// join: makes one object of several keys: the state of the worst, the TTL of the
// shortest.
func TestRead_Join(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("SET", "EURUSD:bid", "1.08", "PX", 90_000)
	s.Do("SET", "EURUSD:ask", `{"p":1.09}`, "PX", 30_000)
	s.Do("SET", "GBPUSD:bid", "1.2")
	s.Do("RPUSH", "XAU:bid", "1")
	c := open(t, Options{URL: s.URL()})
	join := func(kind datasource.Kind, symbol string) datasource.Request {
		r := ref(kind, "")
		r.Join = datasource.PairsOf([]datasource.Pair{{Name: "bid", Values: []string{symbol + ":bid"}}, {Name: "ask", Values: []string{symbol + ":ask"}}})
		return all(r)
	}
	single := all(ref(datasource.KindString, "GBPUSD:bid"))
	raws := read(t, c, single, join(datasource.KindHash, "EURUSD"), single, join(datasource.KindString, "EURUSD"), join(datasource.KindHash, "GBPUSD"), join(datasource.KindHash, "XAU"), single)
	for i, want := range []string{`"1.2"`, `bid=1.08 ask={"p":1.09}`, `"1.2"`, `"{\"bid\":1.08,\"ask\":{\"p\":1.09}}"`, "missing", "error: wrong type: expected string, is list", `"1.2"`} {
		if got := strings.TrimSpace(text(&raws[i])); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
	if ttl := raws[1].TTL; ttl > 30*time.Second || ttl < 25*time.Second {
		t.Errorf("TTL %v", ttl)
	}
}

// Case 16: scores half in seconds, half in milliseconds: no window cuts them, and
// what is added below the highest score is seen.
func TestRead_MixedUnits(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	now := time.Now()
	add := func(from, to int) {
		for i := from; i < to; i++ {
			at := now.Add(time.Duration(i-100) * time.Second)
			if i%2 == 0 {
				s.Do("ZADD", "z", at.Unix(), fmt.Sprint(i))
			} else {
				s.Do("ZADD", "z", at.UnixMilli(), fmt.Sprint(i))
			}
		}
	}
	r := ref(datasource.KindZSet, "z")
	r.Window = time.Hour
	add(0, 10)
	raws := read(t, c, all(r))
	if n := len(raws[0].Members); n != 10 {
		t.Errorf("case 16: %d of 10 members", n)
	}
	add(10, 11) // in seconds: far below the last score
	req := all(r)
	req.Since = raws[0].Members[9].Score
	if raws = read(t, c, req); len(raws[0].Members) != 11 {
		t.Errorf("case 16: %d of 11 members after another", len(raws[0].Members))
	}
}
