//go:build bench

package peers

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/engine"
	"ticktop/datasource/redisdb"
	"ticktop/datasource/testkit/servertest"
)

// TestPollGrowth is the CPU a key of a poll of 50, 500 and 5,000 keys: read,
// decoded, judged and published. Half are strings and half hashes of 8 fields,
// none of which changes.
func TestPollGrowth(t *testing.T) {
	srv := servertest.Redis(t)
	costs := map[int]float64{}
	sizes := []int{50, 500, 5000}
	all := map[int][]float64{}
	for round := range 3 {
		for _, n := range sizes {
			all[n] = append(all[n], pollGrowth(t, srv, n, round))
		}
	}
	for _, n := range sizes {
		costs[n] = middle(all[n])
		fmt.Printf("poll of %d keys: %.2f µs CPU a key\n", n, costs[n])
	}
	fmt.Printf("a key of 5,000 costs %.2f of a key of 50\n", costs[5000]/costs[50])
}

// pollGrowth returns the CPU a key of polls of n keys, in microseconds.
func pollGrowth(t *testing.T, srv *servertest.Server, n, round int) float64 {
	c, err := redisdb.Open(redisdb.Options{URL: srv.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var refs []datasource.Ref
	var fill [][]any
	for i := range n {
		key := fmt.Sprintf("quote:%05d", i)
		if i%2 == 0 {
			fill = append(fill, []any{"set", key, 1 + i, "ex", 3600})
			refs = append(refs, datasource.Ref{Name: key, Kind: datasource.KindString, Key: key})
			continue
		}
		key = fmt.Sprintf("account:%05d", i)
		fill = append(fill, []any{"hset", key, "symbol", "EURUSD", "side", "BUY", "qty", "100000", "entry", "1.08005", "mark", "1.1", "pnl", "100.00", "sl", "1.07", "tp", "1.09"})
		refs = append(refs, datasource.Ref{Name: key, Kind: datasource.KindHash, Key: key})
	}
	if err := c.Pipeline(t.Context(), fill); err != nil {
		t.Fatal(err)
	}
	polls := &countingReader{Reader: c}
	e := engine.New(engine.Options{Redis: polls, Poll: 200 * time.Millisecond})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = e.Run(ctx) }()
	f := e.Watch(refs)
	defer f.Close()
	time.Sleep(time.Second)
	runtime.GC()
	if path := os.Getenv("TICKTOP_PROFILE"); path != "" && n == 5000 {
		w, _ := os.Create(fmt.Sprintf("%s.%d", path, round))
		defer w.Close()
		_ = pprof.StartCPUProfile(w)
		defer pprof.StopCPUProfile()
	}
	polls.n.Store(0)
	before := selfTime()
	for range 20 {
		time.Sleep(200 * time.Millisecond)
	}
	return float64(selfTime()-before) / float64(polls.n.Load()) / float64(n) / 1e3
}

// countingReader counts the polls.
type countingReader struct {
	datasource.Reader
	n atomic.Int64
}

// Read implements datasource.Reader.
func (r *countingReader) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	r.n.Add(1)
	return r.Reader.Read(ctx, reqs)
}
