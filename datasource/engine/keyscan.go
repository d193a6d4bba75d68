package engine

import (
	"context"
	"maps"
	"sync"
	"time"

	"ticktop/datasource"
)

// Scanner lists the names of keys: SCAN, with TYPE where a kind is given. It
// never returns more than limit, and says whether there are more.
type Scanner interface {
	ScanKeys(ctx context.Context, pattern string, kind datasource.Kind, limit int) (names []string, more bool, err error)
}

// errNoScanner is the fault of variables without Options.Scanner.
var errNoScanner = &datasource.Fault{Class: datasource.ClassConfig, Source: datasource.SourceRedis, Text: datasource.Clean("keys cannot be listed here", 0)}

// listKeys shares one answer among all requests for the same within a second,
// however many sessions there are.
func (k *keyScans) listKeys(ctx context.Context, pattern string, kind datasource.Kind, limit int) ([]string, error) {
	if k.scanner == nil {
		return nil, errNoScanner
	}
	key := scanKey{pattern, kind, limit}
	k.mu.Lock()
	s := k.recent[key]
	if s == nil || s.isExpired() {
		s = &keyScan{done: make(chan struct{})}
		k.remember(key, s)
		go k.run(key, s)
	}
	k.mu.Unlock()
	select {
	case <-s.done:
		return s.names, s.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// scanKey says what is listed.
type scanKey struct {
	pattern string
	kind    datasource.Kind
	limit   int
}

// keyScan is one listing, under way or just over.
type keyScan struct {
	done  chan struct{}
	at    time.Time // when it was over
	names []string
	err   error
}

// isExpired reports whether a listing is too old to be shared.
func (s *keyScan) isExpired() bool {
	select {
	case <-s.done:
		return time.Since(s.at) >= time.Second
	default:
		return false
	}
}

// keyScans are the listings of the last moments.
type keyScans struct {
	scanner Scanner // nil: keys cannot be listed
	slots   chan struct{}

	mu     sync.Mutex
	recent map[scanKey]*keyScan
}

// remember notes a listing, and forgets those that are over. k.mu is held.
func (k *keyScans) remember(key scanKey, s *keyScan) {
	maps.DeleteFunc(k.recent, func(_ scanKey, old *keyScan) bool { return old.isExpired() })
	k.recent[key] = s
}

func (k *keyScans) run(key scanKey, s *keyScan) {
	k.slots <- struct{}{}
	defer func() { <-k.slots }()
	ctx, cancel := context.WithTimeout(context.Background(), scanTimeout)
	defer cancel()
	func() {
		defer recoverDecoder(&s.err)
		s.names, _, s.err = k.scanner.ScanKeys(ctx, key.pattern, key.kind, key.limit)
	}()
	s.at = time.Now()
	close(s.done)
}
