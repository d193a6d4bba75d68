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

// shelf is a answerCache in memory.
type shelf struct {
	mu     sync.Mutex
	values map[string][]byte
	left   time.Duration
	ttl    time.Duration // of the last one
	err    error
}

// identified is an API with a name for its answers.
type identified struct {
	reader
	who string
}

func (i *identified) Identity(q *datasource.Request) string {
	return i.who + " " + q.Ref.Fallback.Path
}

func (s *shelf) Share(_ context.Context, key string, value []byte, ttl time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ttl = ttl; s.err == nil {
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
		return datasource.Request{Ref: &datasource.Ref{Name: "x", Fallback: datasource.Endpoint{Path: path}}}
	}
	answer := func(q datasource.Request) datasource.Raw {
		if strings.Contains(q.Ref.Fallback.Path, "missing") {
			return datasource.Raw{Ref: q.Ref, Missing: true}
		}
		if strings.Contains(q.Ref.Fallback.Path, "cut") {
			return datasource.Raw{Ref: q.Ref, At: time.Now(), JSON: true, Bytes: []byte(`{"from":"a`)}
		}
		return datasource.Raw{Ref: q.Ref, At: time.Now().Add(-5 * time.Second), JSON: true, Bytes: []byte(`{"from":"api"}`)}
	}
	reqs := []datasource.Request{ask("/a/"), ask("/missing/"), ask("/b/")}

	redis := &shelf{values: map[string][]byte{}, left: 40 * time.Second}
	first, second := &identified{reader{answer: answer}, "ana"}, &identified{reader{answer: answer}, "ana"}
	one := &sharedAPI{api: first, redis: redis, ttl: time.Minute, log: quiet}
	two := &sharedAPI{api: second, redis: redis, ttl: time.Minute, log: quiet}
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

	if left := redis.ttl.Round(time.Second); left != 55*time.Second {
		t.Errorf("an answer of 5 s ago is left for %v, want 55s", left)
	}
	reqs[0].Newer = time.Now().Add(-10 * time.Second)
	if raws, _ = two.Read(t.Context(), reqs[:1]); raws[0].At.Before(reqs[0].Newer) || len(second.asked) != 2 {
		t.Errorf("an answer from before the key was seen was taken: %v, asked %v", raws[0].At, second.asked)
	}
	reqs[0].Newer = time.Time{}
	if _, err := one.Read(t.Context(), []datasource.Request{ask("/cut/")}); err != nil || redis.values[one.answerKey(&datasource.Request{Ref: ask("/cut/").Ref})] != nil {
		t.Errorf("what is no json was left: %v", err)
	}

	redis.err = errors.New("down")
	raws, err := two.Read(t.Context(), reqs)
	if err != nil || string(raws[2].Bytes) != `{"from":"api"}` {
		t.Errorf("without Redis: %v, %+v", err, raws)
	}
	for _, other := range []*sharedAPI{{api: &identified{who: "bob"}, ttl: time.Minute}, {api: first, ttl: time.Hour}} {
		if other.answerKey(&reqs[0]) == one.answerKey(&reqs[0]) {
			t.Errorf("%+v: two that differ share a key", other)
		}
	}
}
