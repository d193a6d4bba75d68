package sshd

import (
	"context"
	"sync"
	"time"
)

// Bounds of commands: a client that asks for snapshots in a loop waits for
// itself, and not the traders for it.
const (
	maxCommands  = 4                      // at once, together
	commandEvery = 500 * time.Millisecond // the next of one key, at the earliest
	commandQueue = 10 * time.Second       // longest wait for a turn
	commandLimit = 60 * time.Second       // until its connection is cut
)

// turns lets in commands: a few at once, of one key one after the other. It is
// safe for concurrent use.
type turns struct {
	places chan struct{}

	mu   sync.Mutex
	keys map[string]*turn
}

// turn is one key's.
type turn struct {
	free  chan struct{}
	users int // who hold it or wait for it
}

func newTurns() *turns {
	return &turns{places: make(chan struct{}, maxCommands), keys: make(map[string]*turn)}
}

// take waits for key's turn and a place. done gives both back, the turn not
// before the pace allows the next; ok is false when ctx ended first.
func (t *turns) take(ctx context.Context, key string) (done func(), ok bool) {
	own := t.join(key)
	select {
	case own.free <- struct{}{}:
	case <-ctx.Done():
		t.part(key, own)
		return nil, false
	}
	next := func() { <-own.free; t.part(key, own) }
	select {
	case t.places <- struct{}{}:
	case <-ctx.Done():
		next()
		return nil, false
	}
	begun := time.Now()
	return func() {
		<-t.places
		time.AfterFunc(commandEvery-time.Since(begun), next)
	}, true
}

func (t *turns) join(key string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.keys[key]
	if own == nil {
		own = &turn{free: make(chan struct{}, 1)}
		t.keys[key] = own
	}
	own.users++
	return own
}

func (t *turns) part(key string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(t.keys, key)
	}
}
