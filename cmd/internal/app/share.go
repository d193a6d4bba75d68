package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// shareLimit bounds the time spent on sharing: it must never be what makes a
// fallback slow.
const shareLimit = 300 * time.Millisecond

// answerCache is the part of a Redis client that shared answers need.
type answerCache interface {
	Share(ctx context.Context, key string, value []byte, ttl time.Duration) error
	Shared(ctx context.Context, keys []string) ([][]byte, []time.Duration, error)
}

// sharedAPI asks Redis for an answer of the API that another dashboard has
// left there, before it asks the API, and leaves its own. Without Redis it is
// the API alone. It exists only with api: {share: true}.
type sharedAPI struct {
	api   answerer
	redis answerCache
	ttl   time.Duration
	log   *slog.Logger
}

// answerer is an API that can tell its answers apart.
type answerer interface {
	datasource.Reader
	Identity(*datasource.Request) string
}

// Read implements datasource.Reader.
func (s *sharedAPI) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	out := make([]datasource.Raw, len(reqs))
	keys := make([]string, len(reqs))
	for i := range reqs {
		keys[i] = s.answerKey(&reqs[i])
	}
	var rest []datasource.Request
	var at []int
	found := s.lookupAnswers(ctx, keys, reqs, out)
	for i := range reqs {
		if !found[i] {
			rest, at = append(rest, reqs[i]), append(at, i)
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	raws, err := s.api.Read(ctx, rest)
	if err != nil {
		return nil, err
	}
	for j, raw := range raws {
		out[at[j]] = raw
		if raw.Err == nil && !raw.Missing && raw.JSON && json.Valid(raw.Bytes) { // what was garbled is not handed on
			s.storeAnswer(ctx, keys[at[j]], raw.Bytes, s.ttl-time.Since(raw.At))
		}
	}
	return out, nil
}

// Woke implements datasource.Waker for the API.
func (s *sharedAPI) Woke(slept datasource.Sleep) {
	if w, ok := s.api.(datasource.Waker); ok {
		w.Woke(slept)
	}
}

// answerKey names an answer by where, what and with which token was asked, and by how
// long it is kept, which tells its age; at a fixed length and without what these
// may hold.
func (s *sharedAPI) answerKey(req *datasource.Request) string {
	sum := sha256.Sum256([]byte(s.ttl.String() + " " + s.api.Identity(req)))
	return redisdb.SharePrefix + hex.EncodeToString(sum[:16])
}

// lookupAnswers fills in what others have left. Their answer is as old as it is: its
// time counts from when it was left there.
func (s *sharedAPI) lookupAnswers(ctx context.Context, keys []string, reqs []datasource.Request, out []datasource.Raw) []bool {
	found := make([]bool, len(keys))
	ctx, cancel := context.WithTimeout(ctx, shareLimit)
	defer cancel()
	values, left, err := s.redis.Shared(ctx, keys)
	if err != nil || len(values) != len(keys) || len(left) != len(keys) {
		if err != nil {
			s.log.Debug("shared answers cannot be read", "err", err)
		}
		return found
	}
	now := time.Now()
	for i, v := range values {
		at := now.Add(left[i] - s.ttl) // up to a second too old: redisdb rounds down
		if v == nil || left[i] <= 0 || at.After(now) || at.Before(reqs[i].Newer) {
			continue
		}
		found[i] = true
		out[i] = datasource.Raw{Ref: reqs[i].Ref, At: at, TTL: datasource.NoTTL, Bytes: v, JSON: true, Since: reqs[i].Since}
	}
	return found
}

func (s *sharedAPI) storeAnswer(ctx context.Context, key string, value []byte, ttl time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shareLimit)
	defer cancel()
	if err := s.redis.Share(ctx, key, value, ttl); err != nil {
		s.log.Debug("answer cannot be shared", "err", err)
	}
}
