package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/demo"
	"ticktop/datasource"
	"ticktop/datasource/django"
	"ticktop/datasource/redisdb"
	"ticktop/ui"
)

// DemoOptions says what demo is started.
type DemoOptions struct {
	Seed    uint64
	Rate    float64
	Symbols int
}

// Demo is the embedded platform while it comes up and after. The dashboard is
// drawn at once and waits for it like for any other platform.
type Demo struct {
	sources *deferredSource
	log     *slog.Logger

	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	running *demo.Demo
	closers []func() error
}

// StartDemo starts a demo in the background.
func StartDemo(o DemoOptions, log *slog.Logger) *Demo {
	d := &Demo{sources: newDeferredSource(), log: log}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	go d.start(o)
	return d
}

func (d *Demo) start(o DemoOptions) {
	defer func() {
		if p := recover(); p != nil {
			logPanic(d.log, "demo", p)
			d.sources.deliver(nil, nil, nil, errors.New("demo: internal error")) // Close waits for it
		}
	}()
	running, err := demo.Start(d.ctx, demo.Options{Seed: o.Seed, Rate: o.Rate, Symbols: o.Symbols, Logger: d.log})
	if err != nil {
		d.sources.deliver(nil, nil, nil, fmt.Errorf("demo: %w", err))
		return
	}
	d.mu.Lock()
	d.running = running
	d.mu.Unlock()
	redis, err := redisdb.Open(redisdb.Options{URL: running.RedisURL(), Logger: d.log})
	if err != nil {
		d.sources.deliver(nil, nil, nil, err)
		return
	}
	d.onClose(redis.Close)
	api, err := django.New(django.Options{BaseURL: running.APIURL(), Token: running.Token(), Timeout: 2 * time.Second, Logger: d.log})
	if err != nil {
		d.sources.deliver(nil, nil, nil, err)
		return
	}
	d.sources.deliver(redis, redis, api, nil)
}

func (d *Demo) onClose(f func() error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closers = append(d.closers, f)
}

func (d *Demo) connectLinks() *links {
	redis := deferredRedis{d.sources}
	return &links{redis: redis, listener: d.sources, api: deferredAPI{d.sources}, ping: redis.Ping}
}

// Wait returns when the demo is up, or why it is not.
func (d *Demo) Wait(ctx context.Context) error { return d.sources.waitReady(ctx) }

// Close stops the demo.
func (d *Demo) Close() error {
	d.cancel()
	<-d.sources.ready
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := len(d.closers) - 1; i >= 0; i-- {
		_ = d.closers[i]()
	}
	if d.running != nil {
		return d.running.Close()
	}
	return nil
}

func (d *Demo) waitStarted() *demo.Demo {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running
}

// List implements ui.Faults.
func (d *Demo) List() []ui.Fault {
	running := d.waitStarted()
	if running == nil {
		return nil
	}
	var out []ui.Fault
	for _, f := range running.Faults() {
		out = append(out, ui.Fault{ID: f.ID, Title: f.Title, Text: f.Text, On: f.On})
	}
	return out
}

// Set implements ui.Faults.
func (d *Demo) Set(id string, on bool) error {
	running := d.waitStarted()
	if running == nil {
		return fmt.Errorf("the demo is still starting")
	}
	return running.SetFault(id, on)
}

// Tour walks through the faults and returns its captions; the channel is closed
// at the end.
func (d *Demo) Tour() <-chan datasource.Safe {
	captions := make(chan datasource.Safe, 1)
	go func() {
		defer close(captions)
		if d.sources.waitReady(d.ctx) != nil {
			return
		}
		for _, step := range demo.Tour() {
			select {
			case <-time.After(step.After):
			case <-d.ctx.Done():
				return
			}
			if step.Fault != "" {
				if err := d.Set(step.Fault, step.On); err != nil {
					d.log.Warn("tour", "fault", step.Fault, "err", err)
				}
			}
			select {
			case captions <- datasource.Clean(step.Caption, datasource.MaxCell):
			case <-d.ctx.Done():
				return
			}
		}
	}()
	return captions
}

// DemoConfig returns the configuration of a demo: the built-in dashboard, or
// the user's own file, with as many of the simulator's symbols as there are;
// the built-in one offers the simulator's accounts.
// It takes nothing from the environment: a demo must not need, nor reach, the
// real platform.
func DemoConfig(o config.Options, symbols int) (*config.Config, error) {
	o.Env = nil
	vars := map[string]string{}
	for k, v := range o.Vars {
		vars[k] = v
	}
	if vars["symbols"] == "" {
		vars["symbols"] = strings.Join(demo.SymbolNames(symbols), ",")
	}
	o.Vars = vars
	if o.File != "" { // its choices, and so its users' rights, are its own
		return config.Load(o)
	}
	vars["accounts"] = strings.Join(demo.AccountIDs(), ",")
	c, err := config.Parse(config.BuiltIn, demoDashboard(), o)
	if err != nil {
		return nil, err
	}
	c.Choices["account"] = demo.AccountIDs()
	return c, nil
}

// demoDashboard is the built-in dashboard with all accounts of the simulator
// side by side: what its comments say is done.
func demoDashboard() []byte {
	return []byte(strings.NewReplacer("# accounts: [", "accounts: [", "# accounts:  {", "accounts:  {", "{type: accounts, data: account,", "{type: accounts, data: accounts,").
		Replace(string(config.Default())))
}
