package app

import (
	"context"
	"sync"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/engine"
)

// deferredSource is a source that is still coming up: the demo's Redis and API, while
// the screen is drawn already. Readers wait for it as long as their context
// allows; who subscribes is remembered.
type deferredSource struct {
	ready chan struct{}

	mu       sync.Mutex
	err      error
	redis    datasource.Reader
	listener datasource.Listener
	api      datasource.Reader
	wanted   []string
	asked    bool
}

func newDeferredSource() *deferredSource { return &deferredSource{ready: make(chan struct{})} }

// deliver delivers the sources, or why there aren't any. It is called once.
func (l *deferredSource) deliver(redis datasource.Reader, listener datasource.Listener, api datasource.Reader, err error) {
	l.mu.Lock()
	l.redis, l.listener, l.api, l.err = redis, listener, api, err
	if l.asked && listener != nil {
		listener.SetChannels(l.wanted)
	}
	l.mu.Unlock()
	close(l.ready)
}

func (l *deferredSource) waitReady(ctx context.Context) error {
	select {
	case <-l.ready:
		return l.err
	case <-ctx.Done():
		return &datasource.Fault{Class: datasource.ClassLoading, Text: datasource.Clean("still starting", 0), Err: ctx.Err()}
	}
}

// readyReader is the Redis, nil while it is still coming up.
func (d deferredRedis) readyReader() datasource.Reader {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.redis
}

// SetChannels implements datasource.Listener.
func (l *deferredSource) SetChannels(channels []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wanted, l.asked = channels, true
	if l.listener != nil {
		l.listener.SetChannels(channels)
	}
}

// Listen implements datasource.Listener.
func (l *deferredSource) Listen(ctx context.Context, sink datasource.Sink) error {
	if err := l.waitReady(ctx); err != nil {
		if ctx.Err() == nil {
			sink.Lost(datasource.AsFault(err, datasource.SourcePubSub))
			<-ctx.Done()
		}
		return ctx.Err()
	}
	return l.listener.Listen(ctx, sink)
}

// deferredRedis and deferredAPI are the two readers.
type (
	deferredRedis struct{ *deferredSource }
	deferredAPI   struct{ *deferredSource }
)

// Read implements datasource.Reader.
func (d deferredRedis) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	if err := d.waitReady(ctx); err != nil {
		return nil, datasource.AsFault(err, datasource.SourceRedis)
	}
	return d.redis.Read(ctx, reqs)
}

// Read implements datasource.Reader.
func (l deferredAPI) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	if err := l.waitReady(ctx); err != nil {
		return nil, datasource.AsFault(err, datasource.SourceAPI)
	}
	return l.api.Read(ctx, reqs)
}

// ScanKeys implements engine.Scanner.
func (d deferredRedis) ScanKeys(ctx context.Context, pattern string, kind datasource.Kind, limit int) ([]string, bool, error) {
	if err := d.waitReady(ctx); err != nil {
		return nil, false, datasource.AsFault(err, datasource.SourceRedis)
	}
	s, ok := d.redis.(engine.Scanner)
	if !ok {
		return nil, false, nil
	}
	return s.ScanKeys(ctx, pattern, kind, limit)
}

// Ping asks the Redis behind for a sign of life.
func (d deferredRedis) Ping(ctx context.Context) (time.Duration, error) {
	if err := d.waitReady(ctx); err != nil {
		return 0, datasource.AsFault(err, datasource.SourceRedis)
	}
	p, ok := d.redis.(interface {
		Ping(ctx context.Context) (time.Duration, error)
	})
	if !ok {
		return 0, nil
	}
	return p.Ping(ctx)
}
