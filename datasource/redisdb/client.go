package redisdb

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// Client reads and hears one Redis: a server, a sentinel set or a cluster. It
// implements datasource.Reader and datasource.Listener and is safe for
// concurrent use.
//
// Listen runs in its caller's goroutine, and starts one a node for sharded
// channels, for which it waits. Questions to sentinels run in the background;
// Close waits for them.
type Client struct {
	rdb     redis.UniversalClient
	cluster *redis.ClusterClient // rdb, if it is one
	masters *sentinels           // nil without sentinels
	sharded bool
	user    string
	shown   string
	log     *slog.Logger

	polls  polls
	names  interner
	memory memory

	wanted    wantedChannels
	interrupt atomic.Pointer[context.CancelCauseFunc] // ends the session or the pause that Listen is in
}

var (
	_ datasource.Reader   = (*Client)(nil)
	_ datasource.Listener = (*Client)(nil)
	_ datasource.Waker    = (*Client)(nil)
)

// Open parses the options and never dials. Errors are configuration mistakes and
// contain no secrets.
func Open(o Options) (*Client, error) {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	t, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	logTo(log)
	rdb, masters, err := t.open(&o)
	if err != nil {
		return nil, err
	}
	c := &Client{rdb: rdb, masters: masters, sharded: o.Sharded, user: or(o.Username, t.user), shown: t.shown, log: log}
	c.cluster, _ = rdb.(*redis.ClusterClient)
	c.wanted.changed = make(chan struct{}, 1)
	return c, nil
}

// Ping asks for a sign of life and returns the round trip. The error is a
// *datasource.Fault.
func (c *Client) Ping(ctx context.Context) (rtt time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	start := time.Now()
	if err := c.guard(func() error { return c.rdb.Ping(ctx).Err() }); err != nil {
		return 0, c.fault(err, "ping", "")
	}
	return time.Since(start), nil
}

// guard runs f and turns a panic of the library over a malformed reply into an
// error: a wrong port must not end the process.
func (c *Client) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			c.log.Warn("redis client panicked", "panic", datasource.Clean(toString(r), datasource.MaxCell).String())
			err = resp.ErrBad
		}
	}()
	return f()
}

// Close closes every connection. Listen ends by its context, not by Close.
func (c *Client) Close() error { return errors.Join(c.rdb.Close(), c.masters.close()) }

// String returns the URL without its secrets.
func (c *Client) String() string { return c.shown }
