package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// Writer is a producer's connection and its clock.
type Writer struct {
	Round int // from 1

	t    *testing.T
	conn *servertest.Conn
	now  time.Time
}

// Do sends one command.
func (w *Writer) Do(args ...any) {
	w.t.Helper()
	if _, err := w.conn.Do(args...); err != nil {
		w.t.Fatalf("%v: %v", args[:min(len(args), 2)], err)
	}
}

// Hash writes fields and values.
func (w *Writer) Hash(key string, pairs ...any) { w.Do(append([]any{"HSET", key}, pairs...)...) }

// Stream appends an entry with an ID of the producer's clock.
func (w *Writer) Stream(key string, pairs ...any) {
	w.Do(append([]any{"XADD", key, "*"}, pairs...)...)
}

// Seconds is the producer's clock as Python's time.time() has it.
func (w *Writer) Seconds() float64 { return float64(w.now.UnixMicro()) / 1e6 }

// Price moves around base a little, and differently each round.
func (w *Writer) Price(base float64, digits int) float64 {
	v := base * (1 + math.Sin(float64(w.Round)*1.7+base)*2e-4)
	scale := math.Pow10(digits)
	return math.Round(v*scale) / scale
}

// pair is one key of an object.
type pair struct {
	name  string
	value any
}

// object is JSON as Python's json.dumps writes it: in the order given.
type object []pair

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	b := []byte("{")
	for i, p := range o {
		if i > 0 {
			b = append(b, ", "...)
		}
		v, err := json.Marshal(p.value)
		if err != nil {
			return nil, err
		}
		b = append(append(strconv.AppendQuote(b, p.name), ": "...), v...)
	}
	return append(b, '}'), nil
}

// flat are the pairs of o as arguments of HSET and XADD.
func (o object) flat() []any {
	var out []any
	for _, p := range o {
		out = append(out, p.name, p.value)
	}
	return out
}

// dumps is JSON as text.
func dumps(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Reader reads Redis as the model's Want do: by commands of redis-cli and
// encoding/json, nothing of ticktop.
type Reader struct {
	t    *testing.T
	conn *servertest.Conn
	used map[string]bool // keys that were read
}

func (r *Reader) do(args ...any) any {
	r.t.Helper()
	if len(args) > 1 {
		if r.used == nil {
			r.used = map[string]bool{}
		}
		r.used[fmt.Sprint(args[1])] = true
	}
	v, err := r.conn.Do(args...)
	if err != nil {
		r.t.Errorf("%v: %v", args, err)
	}
	return v
}

// Keys are all keys there are.
func (r *Reader) Keys() []string {
	v, err := r.conn.Do("KEYS", "*")
	if err != nil {
		r.t.Fatal(err)
	}
	keys := texts(v)
	slices.Sort(keys)
	return keys
}

func texts(v any) []string {
	all, _ := v.([]any)
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = fmt.Sprint(x)
	}
	return out
}

// Get is the text of a string.
func (r *Reader) Get(key string) string { s, _ := r.do("GET", key).(string); return s }

// Hash is a hash as an object.
func (r *Reader) Hash(key string) map[string]any { return pairsOf(texts(r.do("HGETALL", key))) }

// List is a list from its newest item on: of one that is written with RPUSH the
// last one.
func (r *Reader) List(key string, rpush bool) []any {
	items := r.do("LRANGE", key, 0, -1).([]any)
	if rpush {
		slices.Reverse(items)
	}
	return items
}

// Entry is an entry of a stream or a member of a sorted set.
type Entry struct {
	ID    string // of a stream
	MS    int64  // the time in the ID
	Score string // of a sorted set
	Value any
}

// Stream is a stream from its oldest entry on.
func (r *Reader) Stream(key string) []Entry {
	var out []Entry
	for _, x := range r.do("XRANGE", key, "-", "+").([]any) {
		e := x.([]any)
		id := e[0].(string)
		ms, _ := strconv.ParseInt(id[:strings.IndexByte(id, '-')], 10, 64)
		out = append(out, Entry{ID: id, MS: ms, Value: pairsOf(texts(e[1]))})
	}
	return out
}

// Sorted is a sorted set from its lowest score on.
func (r *Reader) Sorted(key string) []Entry {
	var out []Entry
	flat := texts(r.do("ZRANGE", key, 0, -1, "WITHSCORES"))
	for i := 0; i+1 < len(flat); i += 2 {
		out = append(out, Entry{Score: flat[i+1], Value: flat[i]})
	}
	return out
}

func pairsOf(flat []string) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(flat); i += 2 {
		out[flat[i]] = flat[i+1]
	}
	return out
}

// parse is what a text holds: JSON, else itself.
func parse(s string) any {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return s
	}
	return v
}

// opened has JSON and numbers inside texts read, at every depth.
func (r *Reader) opened(v any) any {
	switch v := v.(type) {
	case string:
		if p := parse(v); p != any(v) {
			if _, ok := p.(string); !ok {
				return r.opened(p)
			}
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = r.opened(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = r.opened(x)
		}
		return out
	}
	return v
}

// The Wants that most data need.

// value is a string: a number, a text, JSON.
func value(r *Reader, key string) any { return r.Get(key) }

// hash is a hash, its fields' JSON read.
func hash(r *Reader, key string) any { return r.Hash(key) }

// list is a list, the newest first, at most keep of them.
func list(keep int, rpush bool) Want {
	return func(r *Reader, key string) any { return first(r.List(key, rpush), keep) }
}

// stream is a stream as messages, the newest first.
func stream(keep int) Want {
	return func(r *Reader, key string) any {
		var out []any
		for _, e := range slices.Backward(r.Stream(key)) {
			out = append(out, map[string]any{"id": e.ID, "at": e.MS, "value": e.Value})
		}
		return first(out, keep)
	}
}

// at goes into what a datum's key holds.
func at(w Want, path ...string) Want {
	return func(r *Reader, key string) any {
		v := r.opened(w(r, key))
		for _, p := range path {
			m, _ := v.(map[string]any)
			v = m[p]
		}
		return v
	}
}

// points are [time, value] of rows that are objects, sorted by time.
func points(rows Want, time, value string) Want {
	return func(r *Reader, key string) any {
		var out []any
		for _, x := range r.opened(rows(r, key)).([]any) {
			m := x.(map[string]any)
			out = append(out, []any{epochMS(r.t, m[time]), m[value]})
		}
		return byTime(out, func(v any) moment { return v.([]any)[0].(moment) })
	}
}

// bars are objects of time, open, high, low, close and volume; fields are the
// names of these in the rows.
func bars(rows Want, fields ...string) Want {
	return func(r *Reader, key string) any {
		var out []any
		for _, x := range r.opened(rows(r, key)).([]any) {
			m, bar := x.(map[string]any), map[string]any{}
			for i, name := range []string{"time", "open", "high", "low", "close", "volume"} {
				if i < len(fields) && m[fields[i]] != nil {
					bar[name] = m[fields[i]]
				}
			}
			bar["time"] = epochMS(r.t, bar["time"])
			out = append(out, bar)
		}
		return byTime(out, func(v any) moment { return v.(map[string]any)["time"].(moment) })
	}
}

func first(rows []any, keep int) any {
	if rows == nil {
		rows = []any{}
	}
	return rows[:min(len(rows), keep)]
}

func byTime(rows []any, at func(any) moment) []any {
	slices.SortStableFunc(rows, func(a, b any) int { return int(at(a) - at(b)) })
	return rows
}

// epochMS is a time as the producers of these models write it, naive ones in
// the zone of this process.
func epochMS(t *testing.T, v any) moment {
	s := fmt.Sprint(v)
	if f, err := strconv.ParseFloat(s, 64); err == nil && !compactDate(s) {
		switch {
		case f < 1e11:
			return moment(f * 1000)
		case f < 1e14:
			return moment(f)
		default:
			return moment(f / 1000)
		}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05", "2006-01-02", "200601021504"} {
		if at, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return moment(at.UnixMilli())
		}
	}
	t.Errorf("the test cannot read the time %q", s)
	return 0
}

func compactDate(s string) bool { return len(s) == len("200601021504") && strings.HasPrefix(s, "20") }
