package engine

import (
	"fmt"
	"testing"
	"time"

	"ticktop/datasource"
)

// Case 4: the same push again and again is as old as its last arrival; so is a
// key that is renewed with the same value.
func TestAge_SamePushAgain(t *testing.T) {
	for _, c := range []struct {
		name  string
		ref   func() datasource.Ref
		again func(w *world)
	}{
		{"case 4: a shared channel", func() datasource.Ref {
			ref := quote("EURUSD")
			ref.Live, ref.Element, ref.Push.Shared = "prices", "EURUSD", true
			return ref
		}, func(w *world) { w.sub.push("prices", `{"symbol":"EURUSD","bid":1.5,"ask":2.5}`) }},
		{"its own channel", func() datasource.Ref { return quote("EURUSD") }, func(w *world) { w.sub.push("ticks:EURUSD", `{"bid":1.5,"ask":2.5}`) }},
		{"a key that is renewed", func() datasource.Ref { return quote("EURUSD") }, func(w *world) { w.redis.set("quote:EURUSD", `{"bid":1.5,"ask":2.5}`, time.Minute) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				ref := c.ref()
				w.redis.set("quote:EURUSD", `{"bid":1.5,"ask":2.5}`, time.Minute)
				f := w.e.Watch([]datasource.Ref{ref})
				defer f.Close()
				w.after(ms(200))
				for range 25 {
					c.again(w)
					w.after(ms(400))
				}
				w.after(ms(1100))
				e := f.Snapshot().Get(ref.Name)
				if age, ok := e.ValueAge(time.Now()); !ok || age > 2*time.Second || age < time.Second {
					t.Errorf("%v old, %v", age, ok)
				}
				w.after(10 * time.Second)
				if age, _ := f.Snapshot().Get(ref.Name).ValueAge(time.Now()); age < 11*time.Second {
					t.Errorf("%v old, 11 s after the last", age)
				}
			})
		})
	}
}

// A value that is not simply what its producer wrote is marked.
func TestMarks_OfTheKeyAndOfPushes(t *testing.T) {
	s, binary := 1795424400.0, "\x80\x04\x95\xff\xfe"
	for _, c := range []struct {
		name string
		kind datasource.Kind
		key  fakeKey
		push string
		want datasource.Marks
	}{
		{"case 16: units that mix", datasource.KindZSet, fakeKey{members: []datasource.RawMember{{Score: s, Member: []byte("1")}, {Score: (s + 60) * 1000, Member: []byte("2")}}}, "", datasource.MarkMixedUnits},
		{"one unit", datasource.KindZSet, fakeKey{members: []datasource.RawMember{{Score: s, Member: []byte("1")}, {Score: s + 60, Member: []byte("2")}}}, "", 0},
		{"case 38: a secret", datasource.KindString, fakeKey{bytes: `{"bid":1,"api_key":"S3CRET"}`}, "", datasource.MarkSecretsMasked},
		{"a secret in a push", datasource.KindString, fakeKey{bytes: `{"bid":1}`}, `{"bid":2,"password":"S3CRET"}`, datasource.MarkSecretsMasked},
		{"case 10: a part that is binary", datasource.KindHash, fakeKey{fields: []datasource.RawField{{Name: "a", Value: []byte("1")}, {Name: "b", Value: []byte(binary)}}}, "", datasource.MarkPartsUnread},
		{"a binary item of a list", datasource.KindList, fakeKey{items: []string{`{"ts":1795424401,"a":1}`, binary, `{"ts":1795424400,"a":1}`}}, "", datasource.MarkPartsUnread},
		{"plain", datasource.KindString, fakeKey{bytes: `{"bid":1}`}, `{"bid":2}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				ref := datasource.Ref{Name: "d", Kind: c.kind, Key: "k", Live: "c"}
				w.redis.put("k", &c.key)
				f := w.e.Watch([]datasource.Ref{ref})
				defer f.Close()
				w.after(ms(500))
				if c.push != "" {
					w.sub.push("c", c.push)
					w.after(ms(200))
				}
				if e := f.Snapshot().Get("d"); e.Marks != c.want || e.State != live {
					t.Errorf("%v, marks %v, want %v", e.State, e.Marks.Names(), c.want.Names())
				}
			})
		})
	}
}

// Case 5: the points of a series whose times have no zone stand where they
// belong once the zone is found, those read and those pushed.
func TestSeries_TimesInTheZoneThatWasFound(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip(err)
	}
	before := time.Local
	time.Local = newYork
	defer func() { time.Local = before }()
	point := func(v int) string {
		return fmt.Sprintf(`{"ts":%q,"v":%d}`, time.Now().In(newYork).Format("2006-01-02T15:04:05"), v)
	}
	for _, c := range []struct {
		name   string
		series datasource.SeriesFields
	}{{"points", datasource.SeriesFields{Time: "ts", Value: "v"}}, {"bars", datasource.SeriesFields{Time: "ts", Open: "v", High: "v", Low: "v", Close: "v"}}} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				ref := datasource.Ref{Name: "d", Kind: datasource.KindList, Key: "k", Live: "c", Shape: datasource.Shape{Newest: datasource.EndFirst, Series: c.series}}
				items := []string{point(1)}
				w.redis.put("k", &fakeKey{items: items})
				f := w.e.Watch([]datasource.Ref{ref})
				defer f.Close()
				w.after(ms(1500))
				if e := f.Snapshot().Get("d"); !e.Marks.Has(datasource.MarkStampUnknown) {
					t.Errorf("before it is known: marks %v", e.Marks.Names())
				}
				w.after(2 * time.Second)
				items = append([]string{point(2)}, items...)
				w.redis.put("k", &fakeKey{items: items})
				w.after(3 * time.Second)
				w.sub.push("c", point(3))
				w.after(ms(300))
				e := f.Snapshot().Get("d")
				newest := int64(0)
				if n := len(e.Value.Points); n > 0 {
					newest = e.Value.Points[n-1].MS
				} else if n := len(e.Value.Items); n > 0 {
					at, _ := e.Value.Items[n-1].Field("time")
					newest = int64(at.Num.Float())
				}
				if d := time.Since(time.UnixMilli(newest)); d < 0 || d > 2*time.Second || e.Marks != 0 {
					t.Errorf("the newest is %v old; marks %v; %v", d, e.Marks.Names(), e.Value.Points)
				}
			})
		})
	}
}

// An answer of the API whose time has no zone: until one is found, it is as old
// as its arrival, and never hours.
func TestAPI_TimeWithoutAZone(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip(err)
	}
	for _, c := range []struct {
		name string
		zone string
		want datasource.State
	}{{"unknown", "", fallback}, {"known", "America/New_York", fallback}, {"known, and old by it", "Asia/Tokyo", stale}} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				ref := quote("EURUSD")
				ref.Shape.MaxAge, ref.Shape.Zone = time.Minute, c.zone
				w.api.put(ref.Fallback.Path, fmt.Sprintf(`{"bid":1,"ts":%q}`, time.Now().In(newYork).Format("2006-01-02T15:04:05")))
				f := w.e.Watch([]datasource.Ref{ref})
				defer f.Close()
				w.after(ms(500))
				if e := f.Snapshot().Get(ref.Name); e.State != c.want {
					t.Errorf("%v, want %v: %s", e.State, c.want, e.Why)
				}
			})
		})
	}
}
