package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// Subscribed, then read, then what was pushed meanwhile: nothing published in
// the gap between is lost, whatever the read returns.
func TestJoinOrder(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1,"ask":2,"vol":10}`, 0)
		w.redis.slow(ms(50))
		f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
		defer f.Close()
		w.after(ms(10))
		w.sub.push("ticks:EURUSD", `{"bid":3}`) // in the gap: the read is under way
		w.after(ms(20))
		w.is(f, "quote.EURUSD", loading, "-") // a part must not pass for the whole
		w.sub.push("ticks:EURUSD", `{"ask":4}`)
		w.after(ms(100))
		e := w.is(f, "quote.EURUSD", live, "{bid=3 ask=4 vol=10}")
		if e.Origin != datasource.SourcePubSub {
			t.Errorf("origin %v", e.Origin)
		}
	})
}

// Every rejoin reads the keys again and says so; what was published in the gap
// is in them.
func TestRejoin(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1}`, 0)
		w.redis.set("quote:GBPUSD", `{"bid":1}`, 0)
		f := w.e.Watch([]datasource.Ref{quote("EURUSD"), quote("GBPUSD"), flag})
		defer f.Close()
		w.after(ms(200))
		w.sub.push("ticks:EURUSD", `{"bid":2}`)
		w.after(ms(100))
		w.sub.lose()
		w.after(0)
		if s := f.Snapshot().Sources[datasource.SourcePubSub]; s.Light != datasource.LightDown {
			t.Errorf("pubsub %v", s.Light)
		}
		w.redis.set("quote:EURUSD", `{"bid":3}`, 0) // published to nobody
		w.after(ms(400))
		for name, want := range map[string]string{"quote.GBPUSD": "polling · pubsub: connection lost", flag.Name: "key missing"} {
			if why := f.Snapshot().Get(name).Why.String(); why != want {
				t.Errorf("%s: %q, want %q", name, why, want)
			}
		}
		w.sub.join()
		w.after(ms(50))
		if e := w.is(f, "quote.EURUSD", live, "{bid=3}"); !e.Why.Empty() {
			t.Errorf("joined again, but %q", e.Why)
		}
		events := f.Snapshot().Events
		if text := events[len(events)-1].Text.String(); text != "resubscribed after 0.4 s, 2 keys re-read" {
			t.Errorf("event %q", text)
		}
		if n := w.e.Stats().Reconnects; n != 1 {
			t.Errorf("%d reconnects", n)
		}
	})
}

// A change after quiet is published at once, a burst once a frame.
func TestFrame(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1}`, 0)
		f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
		defer f.Close()
		w.after(ms(500))
		w.sub.push("ticks:EURUSD", `{"bid":2}`)
		w.after(0)
		w.is(f, "quote.EURUSD", live, "{bid=2}")
		before := w.e.Stats()
		for i := range 300 {
			w.after(ms(1))
			w.sub.push("ticks:EURUSD", fmt.Sprintf(`{"bid":%d}`, i+3))
		}
		w.is(f, "quote.EURUSD", live, "{bid=301}") // its last frame was 300 ms in
		after := w.e.Stats()
		if n := after.Published - before.Published; n > 4 {
			t.Errorf("%d publishes in three frames", n)
		}
		if n := after.Conflated - before.Conflated; n < 295 || n > 298 {
			t.Errorf("%d of 300 conflated", n)
		}
		w.after(ms(100))
		w.is(f, "quote.EURUSD", live, "{bid=302}")
	})
}

// Fields of partial objects survive conflation.
func TestPartialObjects(t *testing.T) {
	for _, c := range []struct {
		name   string
		pushed []string
		want   string
	}{
		{"equal names", []string{`{"bid":2}`, `{"bid":3}`}, "{bid=3 ask=1}"},
		{"other names", []string{`{"bid":2}`, `{"ask":3}`, `{"bid":4}`}, "{bid=4 ask=3}"},
		{"a part after the whole", []string{`{"bid":2,"ask":3}`, `{"ask":4}`}, "{bid=2 ask=4}"},
		{"other order", []string{`{"bid":2,"ask":3}`, `{"ask":4,"bid":5}`}, "{bid=5 ask=4}"},
		{"nested", []string{`{"d":{"hi":1}}`, `{"d":{"lo":2}}`, `{"d":{"hi":3}}`}, "{bid=1 ask=1 d={lo=2 hi=3}}"},
		{"a number replaces", []string{`{"bid":2}`, `7`}, "7"},
		{"an object after a number", []string{`7`, `{"bid":2}`}, "{bid=2}"},
		{"null changes nothing", []string{`{"bid":2}`, `null`, ``, ` null `}, "{bid=2 ask=1}"},
		{"names inside of text", []string{`{"bid":2,"t":"{\"ask\":9}"}`, `{"bid":3,"t":"x"}`}, "{bid=3 ask=1 t=x}"},
		{"names inside of arrays", []string{`{"bid":2,"t":[{"a":1}]}`, `{"bid":3,"t":[]}`}, "{bid=3 ask=1 t=?}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				w.redis.set("quote:EURUSD", `{"bid":1,"ask":1}`, 0)
				f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
				defer f.Close()
				w.after(ms(200))
				for _, p := range c.pushed {
					w.sub.push("ticks:EURUSD", p)
				}
				w.after(ms(100))
				w.is(f, "quote.EURUSD", live, c.want)
			})
		})
	}
}

// Which value counts when the key and the channel differ.
func TestKeyAgainstPush(t *testing.T) {
	type w2 = func(w *world)
	set := func(v string) w2 { return func(w *world) { w.redis.set("quote:EURUSD", v, 0) } }
	push := func(v string) w2 { return func(w *world) { w.sub.push("ticks:EURUSD", v) } }
	wait := func(n int) w2 { return func(w *world) { w.after(ms(n)) } }
	for _, c := range []struct {
		name  string
		steps []w2
		want  string
	}{
		{"the key does not change: the push stays", []w2{push(`{"bid":2}`), wait(5000)}, "{bid=2 ask=1}"},
		{"the key is written in the same poll: the push is newer", []w2{push(`{"bid":2}`), set(`{"bid":3,"ask":3}`), wait(700)}, "{bid=2 ask=3}"},
		{"a poll later the key counts", []w2{push(`{"bid":2}`), set(`{"bid":3,"ask":3}`), wait(2000)}, "{bid=3 ask=3}"},
		{"the key is written later", []w2{push(`{"bid":2}`), wait(1500), set(`{"bid":3,"ask":3}`), wait(1000)}, "{bid=3 ask=3}"},
		{"the producer's time: push newer", []w2{push(`{"bid":2,"ts":1763860002}`), set(`{"bid":3,"ts":1763860001}`), wait(5000)}, "{bid=2 ts=1763860002}"},
		{"the producer's time: key newer", []w2{push(`{"bid":2,"ts":1763860001}`), set(`{"bid":3,"ts":1763860002}`), wait(700)}, "{bid=3 ts=1763860002}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				w.redis.set("quote:EURUSD", `{"bid":1,"ask":1}`, 0)
				f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
				defer f.Close()
				w.after(ms(1500))
				for _, step := range c.steps {
					step(w)
				}
				w.is(f, "quote.EURUSD", live, c.want)
			})
		})
	}
}

// A quote whose key has expired is live as long as its channel speaks, for one
// more life of the key, and then falls back.
func TestPushWithoutKey(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1}`, 5*time.Second)
		w.api.put("/api/quotes/EURUSD/", `{"bid":9}`)
		f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
		defer f.Close()
		for i := range 20 {
			w.after(time.Second)
			w.sub.push("ticks:EURUSD", fmt.Sprintf(`{"bid":%d}`, i))
		}
		w.after(ms(4900))
		e := w.is(f, "quote.EURUSD", live, "{bid=19}")
		if left, ok := e.TTL(time.Now()); !ok || left != ms(100) || e.Age(time.Now()) != ms(4900) || e.Origin != datasource.SourcePubSub {
			t.Errorf("ttl %v %v, age %v, origin %v", left, ok, e.Age(time.Now()), e.Origin)
		}
		w.after(ms(100))
		w.is(f, "quote.EURUSD", fallback, "{bid=9}")
		if n := w.api.total(); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// A message that cannot be read says so and leaves the value; the key is read
// at once.
func TestUnreadableMessage(t *testing.T) {
	run(t, func(w *world) {
		f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
		defer f.Close()
		w.after(0)
		w.sub.push("ticks:EURUSD", `{"bid":1}`)
		w.after(ms(100))
		w.sub.push("ticks:EURUSD", `{"bid":`)
		w.after(ms(100))
		e := w.is(f, "quote.EURUSD", stale, "{bid=1}")
		if e.Fault == nil || e.Fault.Class != datasource.ClassDecode || e.Fault.Source != datasource.SourcePubSub {
			t.Errorf("fault %v", e.Fault)
		}
		w.redis.set("quote:EURUSD", `{"bid":2}`, 0)
		w.after(time.Second)
		w.is(f, "quote.EURUSD", live, "{bid=2}")
	})
}

// A channel that has spoken regularly and stops is quiet; others are not.
func TestQuiet(t *testing.T) {
	run(t, func(w *world) {
		var refs []datasource.Ref
		for _, s := range []string{"USDCHF", "NEVER", "RARELY"} {
			w.redis.set("quote:"+s, `{"bid":1}`, 0)
			refs = append(refs, quote(s))
		}
		f := w.e.Watch(refs)
		defer f.Close()
		w.after(0)
		for i := range 50 {
			w.after(ms(400))
			w.sub.push("ticks:USDCHF", fmt.Sprint(i))
			if i%25 == 0 {
				w.sub.push("ticks:RARELY", fmt.Sprint(i))
			}
		}
		quiet := func() (out string) {
			f.Snapshot().Each("quote", func(name string, e *datasource.Entry) {
				if e.Quiet {
					out += datasource.Item(name)
				}
			})
			return out
		}
		w.after(ms(4900))
		if q := quiet(); q != "" {
			t.Errorf("quiet too early: %s", q)
		}
		w.after(ms(25000))
		if q := quiet(); q != "USDCHF" {
			t.Errorf("quiet: %q", q)
		}
		events := f.Snapshot().Events
		last := events[len(events)-1]
		if last.Subject.String() != "quote.USDCHF" || !strings.HasPrefix(last.Text.String(), "silent for ") || !strings.HasSuffix(last.Text.String(), " s (usual: 0.4 s)") {
			t.Errorf("event %v", last)
		}
		w.is(f, "quote.USDCHF", live, "49")
		w.redis.set("quote:USDCHF", "51", 0) // the key goes on without it
		w.after(ms(1500))
		if e := w.is(f, "quote.USDCHF", live, "51"); time.Since(e.Heard).Truncate(time.Second) != 31*time.Second {
			t.Errorf("silent for %v, changed %v ago", time.Since(e.Heard), time.Since(e.Changed))
		}
		w.sub.push("ticks:USDCHF", "50")
		w.after(0)
		if q := quiet(); q != "" {
			t.Errorf("still quiet: %s", q)
		}
	})
}

// Silence while the subscription is lost is not the channel's.
func TestQuietAcrossGap(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1}`, 0)
		f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
		defer f.Close()
		w.after(0)
		for range 20 {
			w.after(ms(400))
			w.sub.push("ticks:EURUSD", "1")
		}
		w.sub.lose()
		w.after(20 * time.Second)
		w.sub.join()
		w.after(ms(4500))
		if f.Snapshot().Get("quote.EURUSD").Quiet {
			t.Error("quiet because of our own gap")
		}
	})
}

func TestRhythm(t *testing.T) {
	at := time.Now()
	for _, c := range []struct {
		name string
		gaps []time.Duration // repeated until 60 have been heard
		want time.Duration   // limit; 0: unknown
	}{
		{"fast", []time.Duration{ms(5)}, quietAtLeast},
		{"0.4 s", []time.Duration{ms(400)}, quietAtLeast},
		{"2 s", []time.Duration{2 * time.Second}, 20 * time.Second},
		{"volleys of ten, a minute apart", []time.Duration{ms(1), ms(1), ms(1), ms(1), ms(1), ms(1), ms(1), ms(1), ms(1), time.Minute}, 9 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r cadence
			now := at
			for i := range 120 {
				r.noteMessage(now)
				now = now.Add(c.gaps[i%len(c.gaps)])
			}
			if got := r.maxSilence(); got < c.want || got > c.want+c.want/5 {
				t.Errorf("limit %v, want %v", got, c.want)
			}
		})
	}
	var r cadence
	for range cadenceGaps {
		r.noteMessage(at)
		at = at.Add(time.Second)
	}
	if _, ok := r.quietAt(); ok {
		t.Error("known too early")
	}
}

// A channel that the server refuses costs what it feeds, and nothing else.
func TestDeniedChannel(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1}`, 0)
		f := w.e.Watch([]datasource.Ref{quote("EURUSD"), notices})
		defer f.Close()
		w.after(ms(100))
		w.sub.sink.Joined(1)
		w.sub.sink.Lost(&datasource.Fault{Class: datasource.ClassPermission, Source: datasource.SourcePubSub,
			Text: datasource.Clean("no permission for notifications:A", 0)})
		w.after(ms(100))
		e := w.is(f, "alerts", stale, "<>")
		if e.Fault == nil || e.Fault.Class != datasource.ClassPermission {
			t.Errorf("fault %v", e.Fault)
		}
		if s := f.Snapshot().Sources[datasource.SourcePubSub]; s.Light != datasource.LightDegraded || s.Channels != 1 {
			t.Errorf("pubsub %v, %d channels", s.Light, s.Channels)
		}
		w.sub.push("ticks:EURUSD", `{"bid":2}`)
		w.after(ms(100))
		w.is(f, "quote.EURUSD", live, "{bid=2}")
		w.sub.sink.Joined(2) // granted
		w.after(ms(100))
		w.is(f, "alerts", live, "<>")
	})
}

// Patterns deliver what every matching channel says.
func TestPattern(t *testing.T) {
	ref := datasource.Ref{Name: "all", Kind: datasource.KindChannel, Key: "ticks:*"}
	run(t, func(w *world) {
		f := w.e.Watch([]datasource.Ref{ref})
		defer f.Close()
		w.after(0)
		w.sub.sink.Message("ticks:A", "ticks:*", []byte("1"))
		w.sub.sink.Message("ticks:B", "ticks:*", []byte("2"))
		w.sub.sink.Message("ticks:B", "", []byte("3")) // never asked for
		w.after(ms(100))
		w.is(f, "all", live, "<2 1>")
	})
}

// What is over the bounds of the inbox is counted, and the key is read again.
func TestInboxBounds(t *testing.T) {
	in := newInbox(func() {})
	in.want("c", true, 2)
	for i := range maxShapes + 5 {
		in.receive("c", "", fmt.Appendf(nil, `{"f%d":1}`, i), time.Now())
	}
	got := in.takeDeliveries()[0]
	if len(got.newest) != maxShapes || !got.lost || in.dropped.Load() != 5 {
		t.Errorf("%d wait, lost %v, dropped %d", len(got.newest), got.lost, in.dropped.Load())
	}
	if len(got.each) != 2 || string(got.each[1].bytes) != fmt.Sprintf(`{"f%d":1}`, maxShapes+4) {
		t.Errorf("messages %v", got.each)
	}
	big := strings.Repeat("x", maxPending/2)
	for i := range 4 {
		in.receive("c", "", fmt.Appendf(nil, `{"f%d":%q}`, i, big), time.Now())
	}
	if got = in.takeDeliveries()[0]; len(got.newest) != 1 || !got.lost {
		t.Errorf("%d large payloads wait", len(got.newest))
	}
}

// A viewer that shows more of the same channel loses nothing of the frame.
func TestInboxGrows(t *testing.T) {
	in := newInbox(func() {})
	in.want("c", false, 2)
	for _, p := range []string{"1", "2", "3"} {
		in.receive("c", "", []byte(p), time.Now())
	}
	in.want("c", false, 4)
	in.receive("c", "", []byte("4"), time.Now())
	var got []string
	for _, p := range in.takeDeliveries()[0].each {
		got = append(got, string(p.bytes))
	}
	if s := strings.Join(got, " "); s != "2 3 4" {
		t.Errorf("got %s", s)
	}
}

// Hostile messages cost little, waiting and kept.
func TestLargeMessages(t *testing.T) {
	in := newInbox(func() {})
	in.want("c", false, 5000)
	big := []byte("[" + strings.Repeat("[],", datasource.MaxValueBytes/3-2) + "[]]")
	for range 50 {
		in.receive("c", "", big, time.Now())
	}
	each := in.takeDeliveries()[0].each
	if len(each) > maxPending/len(big) {
		t.Errorf("%d messages of %d bytes wait", len(each), len(big))
	}
	if n := in.conflated.Load(); int(n)+len(each) != 50 {
		t.Errorf("%d conflated, %d left", n, len(each))
	}
	if m, _, _ := decodeMessage(&datasource.Ref{Kind: datasource.KindChannel}, &each[0]); m.Value.Type != datasource.TypeText || len(m.Value.Text.String()) > datasource.MaxCell+8 {
		t.Errorf("kept as %v of %d bytes", m.Value.Type, len(m.Value.Text.String()))
	}
	small := payload{bytes: []byte(`{"level":"info","text":"filled"}`)}
	if m, _, _ := decodeMessage(&datasource.Ref{Kind: datasource.KindChannel}, &small); m.Value.Type != datasource.TypeObject {
		t.Errorf("a small one is %v", m.Value.Type)
	}
}

// The newest messages are kept in order, however often the queue is compacted.
func TestInboxQueue(t *testing.T) {
	in := newInbox(func() {})
	in.want("c", false, 7)
	for n := range 100 {
		in.receive("c", "", fmt.Append(nil, n), time.Now())
		if l := in.subscriptions["c"].whole; len(l.all) > 15 {
			t.Fatalf("the queue holds %d", len(l.all))
		}
	}
	each := in.takeDeliveries()[0].each
	for i, p := range each {
		if string(p.bytes) != fmt.Sprint(93+i) {
			t.Errorf("%d: %s", i, p.bytes)
		}
	}
	if len(each) != 7 || in.conflated.Load() != 93 {
		t.Errorf("%d wait, %d conflated", len(each), in.conflated.Load())
	}
}
