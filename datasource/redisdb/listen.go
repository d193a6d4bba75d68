package redisdb

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"ticktop/datasource"
)

// Times of the receive loop.
const (
	probeAfter  = time.Second            // silence before a PING
	giveUpAfter = 3 * time.Second        // silence, or no confirmation, before the connection is given up
	retryDenied = 2 * time.Second        // between tries of a refused channel
	backoffMin  = 100 * time.Millisecond // before the first reconnect
	backoffMax  = 2 * time.Second        // before any later one
	steadyAfter = 5 * time.Second        // a connection this old starts the back-off afresh
)

// wantedChannels is the set of channels that SetChannels replaces.
type wantedChannels struct {
	mu       sync.Mutex
	channels []string // sorted, without doubles
	version  uint64
	changed  chan struct{} // capacity 1
	wake     func()        // interrupts the reader, if there is one
}

func (w *wantedChannels) get() (channels []string, version uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.channels, w.version
}

// onChange registers what interrupts the reader; nil removes it.
func (w *wantedChannels) onChange(wake func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wake = wake
}

// SetChannels implements datasource.Listener. Setting the same set again does
// nothing.
func (c *Client) SetChannels(channels []string) {
	set := slices.Clone(channels)
	slices.Sort(set)
	set = slices.Compact(set)
	w := &c.wanted
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Equal(set, w.channels) {
		return
	}
	w.channels = set
	w.version++
	select {
	case w.changed <- struct{}{}:
	default:
	}
	if w.wake != nil {
		w.wake()
	}
}

// isPattern reports whether a name is for PSUBSCRIBE.
func isPattern(name string) bool { return strings.ContainsAny(name, "*?[") }

// Listen implements datasource.Listener. One Listen per Client at a time.
//
// It holds one connection while any channel is wanted. A silent one is asked
// with PING after a second and given up after three; a lost one is dialed again
// after 0.1 s, later ones after up to 2 s. A channel that the server refuses is
// reported once with Lost(ClassPermission), naming it, and tried again every
// 2 s, while the others go on. A payload over MaxValueBytes is delivered cut to
// one byte more, so that the decoder sees that it is too big.
func (c *Client) Listen(ctx context.Context, sink datasource.Sink) error {
	once := func(ctx context.Context) error { return c.runSession(ctx, &c.wanted, false, sink) }
	if c.sharded && c.cluster != nil {
		once = func(ctx context.Context) error { return c.runShards(ctx, sink) }
	}
	backoff := backoffMin
	for ctx.Err() == nil {
		if channels, _ := c.wanted.get(); len(channels) == 0 {
			c.waitForChannels(ctx)
			continue
		}
		begun := time.Now()
		awake, end := context.WithCancelCause(ctx)
		c.interrupt.Store(&end)
		err := c.guard(func() error { return once(awake) })
		if ctx.Err() != nil {
			end(nil)
			break
		}
		if awake.Err() != nil {
			err, backoff = context.Cause(awake), backoffMin
		}
		if err == nil { // nothing is wanted any more, or the shards are to be subscribed anew
			if channels, _ := c.wanted.get(); len(channels) == 0 {
				sink.Joined(0)
			}
			end(nil)
			continue
		}
		if time.Since(begun) > steadyAfter {
			backoff = backoffMin
		}
		pause := min(time.Duration(float64(backoff)*(0.5+rand.Float64())), backoffMax) //nolint:gosec // jitter
		backoff = min(2*backoff, backoffMax)
		sink.Lost(c.lostFault(err, pause))
		if errors.Is(err, errSuspended) {
			sleepContext(ctx, pause)
		} else {
			sleepContext(awake, pause)
		}
		end(nil)
	}
	return ctx.Err()
}

// errSuspended ends a connection from before a system suspend.
var errSuspended = &datasource.Fault{Class: datasource.ClassClosed, Source: datasource.SourcePubSub,
	Text: datasource.Clean("the system was suspended", 0)}

// Woke implements datasource.Waker: what a connection from before the suspend has not
// delivered is lost, so the channels are subscribed anew.
func (c *Client) Woke(datasource.Sleep) {
	if cut := c.interrupt.Load(); cut != nil {
		(*cut)(errSuspended)
	}
}

// withOwnSubscription returns a client of the same connections with a separate subscription.
func (c *Client) withOwnSubscription() *Client {
	t := &Client{rdb: c.rdb, masters: c.masters, cluster: c.cluster, user: c.user, shown: c.shown, log: c.log}
	t.wanted.changed = make(chan struct{}, 1)
	return t
}

// waitForChannels waits until a channel is wanted.
func (c *Client) waitForChannels(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-c.wanted.changed:
	}
}

func sleepContext(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// lostFault makes the fault of an ended session.
func (c *Client) lostFault(err error, pause time.Duration) *datasource.Fault {
	if c.cluster != nil && isMoved(err) {
		err = newFault(datasource.SourcePubSub, datasource.ClassCluster, "slot is moving", "wait", err)
	}
	f := *c.asSwitching(classify(err, datasource.SourcePubSub, "subscribe", "", c.user))
	f.RetryAt = time.Now().Add(pause)
	return &f
}
