package engine

import (
	"fmt"
	"testing"
	"time"

	"ticktop/datasource"
)

// BenchmarkGrowth is the cost of one unit while there are a hundred times as
// many: of a key in a poll, of a message in a frame, of a viewer of a publish.
// It may not rise.
func BenchmarkGrowth(b *testing.B) {
	refs := func(n int) (out []datasource.Ref) {
		for i := range n {
			out = append(out, quote(fmt.Sprintf("SYM%02d", i)))
		}
		return out
	}
	for _, keys := range []int{50, 5000} {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			e, _ := stopped(refs(keys))
			_, payloads := ticks(2)
			now := time.Now()
			for i := 0; b.Loop(); i++ {
				now = now.Add(time.Second)
				raws := make([]datasource.Raw, len(e.list))
				for j, d := range e.list {
					raws[j] = datasource.Raw{Ref: d.ref, At: now, TTL: time.Minute, Bytes: payloads[i%2]}
				}
				e.readDone(e.list, raws, now, 0, nil)
				e.runDue(now)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*keys), "ns/key")
		})
	}
	for _, frame := range []int{100, 10000} {
		b.Run(fmt.Sprintf("messages=%d", frame), func(b *testing.B) {
			e, _ := stopped(refs(24))
			channels, payloads := ticks(frame)
			now := time.Now()
			for b.Loop() {
				for j := range frame {
					e.inbox.receive(channels[j], "", payloads[j], now)
				}
				now = now.Add(100 * time.Millisecond)
				e.runDue(now)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*frame), "ns/message")
		})
	}
	for _, viewers := range []int{10, 1000} {
		b.Run(fmt.Sprintf("viewers=%d", viewers), func(b *testing.B) {
			all := refs(200)
			e, data := stopped(all)
			var feeds []datasource.Feed
			for range viewers {
				feeds = append(feeds, e.Watch(all))
			}
			_, payloads := ticks(2)
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
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*viewers), "ns/viewer")
		})
	}
}
