package app

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
)

var quiet = slog.New(slog.DiscardHandler)

func parse(t *testing.T, yaml string) *config.Config {
	t.Helper()
	c, err := config.Parse("test.yaml", []byte(yaml), config.Options{Env: nil})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// source is an opener that remembers what was asked for.
type source struct {
	mu   sync.Mutex
	refs [][]datasource.Ref
}

func (s *source) Watch(refs []datasource.Ref) datasource.Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refs = append(s.refs, refs)
	return newFeed()
}

func (s *source) last() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.refs[len(s.refs)-1] {
		out = append(out, r.Name+"="+r.Key)
	}
	return out
}

// feed is a Feed whose snapshots a test sets.
type feed struct {
	mu      sync.Mutex
	snap    *datasource.Snapshot
	changed chan struct{}
}

func newFeed() *feed {
	return &feed{snap: datasource.NewSnapshot(time.Unix(0, 0), 0, nil, nil, nil), changed: make(chan struct{}, 1)}
}

func (f *feed) set(alerts ...datasource.Alert) {
	f.mu.Lock()
	s := datasource.NewSnapshot(time.Unix(1, 0), f.snap.Seq+1, nil, nil, nil)
	s.Alerts = alerts
	f.snap = s
	f.mu.Unlock()
	f.changed <- struct{}{}
}

func (f *feed) Snapshot() *datasource.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snap
}
func (f *feed) Changed() <-chan struct{}         { return f.changed }
func (f *feed) Refresh(...string)                {}
func (f *feed) History(string) []datasource.Past { return nil }
func (f *feed) Close()                           {}

// reader answers every request in the same way and counts them.
type reader struct {
	mu     sync.Mutex
	asked  []string
	answer func(r datasource.Request) datasource.Raw
}

func (r *reader) Read(_ context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]datasource.Raw, len(reqs))
	for i, q := range reqs {
		r.asked = append(r.asked, q.Ref.Fallback.Path)
		out[i] = r.answer(q)
	}
	return out, nil
}
