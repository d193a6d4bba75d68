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

// commandTurns lets in commands: a few at once, of one key one after the other. It is
// safe for concurrent use.
type commandTurns struct {
	places chan struct{}

	mu   sync.Mutex
	keys map[string]*keyTurn
}

// keyTurn is one key's.
type keyTurn struct {
	free  chan struct{}
	users int // who hold it or wait for it
}

func newCommandTurns() *commandTurns {
	return &commandTurns{places: make(chan struct{}, maxCommands), keys: make(map[string]*keyTurn)}
}

// take waits for key's turn and a place. done gives both back, the turn not
// before the pace allows the next; ok is false when ctx ended first.
func (t *commandTurns) take(ctx context.Context, key string) (done func(), ok bool) {
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

func (t *commandTurns) join(key string) *keyTurn {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.keys[key]
	if own == nil {
		own = &keyTurn{free: make(chan struct{}, 1)}
		t.keys[key] = own
	}
	own.users++
	return own
}

func (t *commandTurns) part(key string, own *keyTurn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(t.keys, key)
	}
}
