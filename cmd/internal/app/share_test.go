package app

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// shelf is a cupboard in memory.
type shelf struct {
	mu     sync.Mutex
	values map[string][]byte
	left   time.Duration
	err    error
}

func (s *shelf) Share(_ context.Context, key string, value []byte, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.values[key] = value
	}
	return s.err
}

func (s *shelf) Shared(_ context.Context, keys []string) ([][]byte, []time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	values, left := make([][]byte, len(keys)), make([]time.Duration, len(keys))
	for i, k := range keys {
		values[i], left[i] = s.values[k], s.left
	}
	return values, left, s.err
}

func TestShare(t *testing.T) {
	ask := func(path string) datasource.Request {
		return datasource.Request{Ref: datasource.Ref{Name: "x", Fallback: datasource.Endpoint{Path: path}}}
	}
	answer := func(q datasource.Request) datasource.Raw {
		if strings.Contains(q.Ref.Fallback.Path, "missing") {
			return datasource.Raw{Ref: q.Ref, Missing: true}
		}
		return datasource.Raw{Ref: q.Ref, JSON: true, Bytes: []byte(`{"from":"api"}`)}
	}
	reqs := []datasource.Request{ask("/a/"), ask("/missing/"), ask("/b/")}

	redis := &shelf{values: map[string][]byte{}, left: 40 * time.Second}
	first, second := &reader{answer: answer}, &reader{answer: answer}
	one := &sharedAPI{api: first, redis: redis, base: "http://h", ttl: time.Minute, log: quiet}
	two := &sharedAPI{api: second, redis: redis, base: "http://h/", ttl: time.Minute, log: quiet}
	for _, s := range []*sharedAPI{one, two} {
		raws, err := s.Read(t.Context(), reqs)
		if err != nil || len(raws) != 3 || string(raws[0].Bytes) != `{"from":"api"}` || !raws[1].Missing || !raws[2].JSON {
			t.Fatalf("read %+v, %v", raws, err)
		}
	}
	if len(first.asked) != 3 || len(second.asked) != 1 || second.asked[0] != "/missing/" {
		t.Errorf("asked %v, then %v: the second should find what the first has left", first.asked, second.asked)
	}
	for k := range redis.values {
		if !strings.HasPrefix(k, redisdb.SharePrefix) || strings.Contains(k, "/") {
			t.Errorf("wrote %q", k)
		}
	}

	raws, _ := two.Read(t.Context(), reqs[:1])
	if age := time.Since(raws[0].At).Round(time.Second); age != 20*time.Second {
		t.Errorf("an answer with 40 of 60 s left is %s old, want 20s", age)
	}

	redis.err = errors.New("down")
	raws, err := two.Read(t.Context(), reqs)
	if err != nil || string(raws[2].Bytes) != `{"from":"api"}` {
		t.Errorf("without Redis: %v, %+v", err, raws)
	}
	other := &sharedAPI{base: "http://other", redis: redis}
	if other.key("/a/") == one.key("/a/") {
		t.Error("two APIs share a key")
	}
}
