package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"ticktop/datasource"
)

// probeEvery is the time between two looks at Redis for /readyz. They are the
// only traffic while nobody looks: a balancer must know before the first trader
// comes, and after the last one has left.
const probeEvery = 2 * time.Second

// redisProbe knows whether Redis answers. It is safe for concurrent use.
type redisProbe struct {
	mu    sync.Mutex
	asked bool
	err   error
}

// run probes until ctx ends. ping may be another client's after a reload.
func (p *redisProbe) run(ctx context.Context, ping func(context.Context) error) {
	t := time.NewTicker(probeEvery)
	defer t.Stop()
	for {
		p.setResult(ping(ctx))
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

func (p *redisProbe) setResult(err error) {
	var f *datasource.Fault
	if errors.As(err, &f) && f.Class == datasource.ClassPermission {
		err = nil // it answers, to others: this user may not PING
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.err = true, err
}

// readyError returns why Redis does not answer, nil when it does.
func (p *redisProbe) readyError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var f *datasource.Fault
	switch {
	case !p.asked:
		return errors.New("redis was not asked yet")
	case errors.As(p.err, &f):
		return fmt.Errorf("redis: %s", f.Class) // its text may name an address
	case p.err != nil:
		return errors.New("redis does not answer")
	}
	return nil
}

// pingRedis asks the Redis of the configuration in force for a sign of life.
func (a *App) pingRedis(ctx context.Context) error {
	a.mu.Lock()
	b := a.backend
	a.mu.Unlock()
	if b == nil || b.ping == nil { // a recording
		return nil
	}
	_, err := b.ping(ctx)
	return err
}
