package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
)

// ticks are payloads as the platform publishes them, 106 bytes each, of 24
// symbols.
func ticks(n int) (channels []string, payloads [][]byte) {
	for i := range n {
		s := fmt.Sprintf("SYM%02d", i%24)
		channels = append(channels, "ticks:"+s)
		payloads = append(payloads, fmt.Appendf(nil, `{"symbol":"%s","bid":"1.%05d","ask":"1.%05d","spread":"0.00010","volume":%d,"ts":%d}`, s, i%100000, (i+10)%100000, 1000000+i, 1763860000000+i))
	}
	return channels, payloads
}

// stopped is an engine that the benchmark steps by hand, with all data read.
func stopped(refs []datasource.Ref) (*Engine, []*datum) {
	e := New(Options{})
	e.Watch(refs)
	e.ctx = context.Background()
	e.pubsub.subscribed, e.pubsub.wanted = true, []string{"x"}
	for _, d := range e.list {
		d.channel.confirm(true, false)
		raw := datasource.Raw{Ref: d.ref, At: time.Now(), TTL: time.Minute, Bytes: []byte(`{"bid":"1.0","ask":"1.1","volume":1}`)}
		d.applyKey(&raw, time.Now())
	}
	e.runDue(time.Now())
	return e, e.list
}

// BenchmarkIngest is one message from the listener to the published snapshot,
// at 10,000 messages a second: a frame for each 1,000 messages. The baselines
// decode each message with encoding/json and put it into a map, and merge each
// without conflation.
func BenchmarkIngest(b *testing.B) {
	const frame = 1000
	channels, payloads := ticks(frame)
	var refs []datasource.Ref
	for i := range 24 {
		refs = append(refs, quote(fmt.Sprintf("SYM%02d", i)))
	}
	b.Run("conflated", func(b *testing.B) {
		e, _ := stopped(refs)
		b.ReportAllocs()
		now := time.Now()
		for i := 0; b.Loop(); i++ {
			e.inbox.receive(channels[i%frame], "", payloads[i%frame], now)
			if i%frame == frame-1 {
				now = now.Add(100 * time.Millisecond)
				e.runDue(now)
			}
		}
	})
	b.Run("each", func(b *testing.B) {
		e, data := stopped(refs)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			p := payload{at: time.Now(), shape: shapeOf(payloads[i%frame]), bytes: payloads[i%frame]}
			d := data[i%24]
			d.applyPush(&delivery{newest: []payload{p}})
			if e.markDirty(d); i%frame == frame-1 {
				e.runDue(time.Now())
			}
		}
	})
	b.Run("baseline=encoding/json+map", func(b *testing.B) {
		var mu sync.Mutex
		latest := map[string]map[string]any{}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			var v map[string]any
			if err := json.Unmarshal(payloads[i%frame], &v); err != nil {
				b.Fatal(err)
			}
			mu.Lock()
			latest[channels[i%frame]] = v
			mu.Unlock()
		}
	})
}

// BenchmarkFeed is one message of a channel whose messages are shown.
func BenchmarkFeed(b *testing.B) {
	e, _ := stopped([]datasource.Ref{{Name: "n", Kind: datasource.KindChannel, Key: "n"}})
	_, payloads := ticks(1000)
	b.ReportAllocs()
	now := time.Now()
	for i := 0; b.Loop(); i++ {
		e.inbox.receive("n", "", payloads[i%1000], now)
		if i%1000 == 999 {
			now = now.Add(100 * time.Millisecond)
			e.runDue(now)
		}
	}
}

// BenchmarkPoll is a poll's answer of 200 keys, from the Raws to the published
// snapshot: nothing changed, and everything. The baseline decodes each with
// encoding/json.
func BenchmarkPoll(b *testing.B) {
	var refs []datasource.Ref
	for i := range 200 {
		r := quote(fmt.Sprint(i))
		r.Live = ""
		refs = append(refs, r)
	}
	answer := func(e *Engine, bytes []byte, now time.Time) {
		raws := make([]datasource.Raw, len(e.list))
		for i, d := range e.list {
			raws[i] = datasource.Raw{Ref: d.ref, At: now, TTL: time.Minute, Bytes: bytes}
		}
		e.readDone(e.list, raws, now, 0, nil)
		e.runDue(now)
	}
	for _, c := range []struct {
		name string
		keys int
	}{{"same", 1}, {"changed", 2}} {
		b.Run(c.name, func(b *testing.B) {
			e, _ := stopped(refs)
			_, payloads := ticks(2)
			b.ReportAllocs()
			now := time.Now()
			for i := 0; b.Loop(); i++ {
				now = now.Add(time.Second)
				answer(e, payloads[i%c.keys], now)
			}
		})
	}
	b.Run("baseline=encoding/json", func(b *testing.B) {
		_, payloads := ticks(1)
		b.ReportAllocs()
		for b.Loop() {
			for range refs {
				var v map[string]any
				if err := json.Unmarshal(payloads[0], &v); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkPublish is one changed datum of 200 for many viewers.
func BenchmarkPublish(b *testing.B) {
	for _, viewers := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("viewers=%d", viewers), func(b *testing.B) {
			var refs []datasource.Ref
			for i := range 200 {
				refs = append(refs, quote(fmt.Sprint(i)))
			}
			e, data := stopped(refs)
			var feeds []datasource.Feed
			for range viewers {
				feeds = append(feeds, e.Watch(refs))
			}
			_, payloads := ticks(2)
			b.ReportAllocs()
			now := time.Now()
			for i := 0; b.Loop(); i++ {
				now = now.Add(100 * time.Millisecond)
				e.inbox.receive(data[0].ref.Live, "", payloads[i%2], now)
				e.runDue(now)
				for _, f := range feeds {
					<-f.Changed()
					f.Snapshot()
				}
			}
		})
	}
}
