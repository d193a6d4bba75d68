package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/alert"
	"ticktop/datasource/mask"
	"ticktop/ui"
)

// Options says what is built.
type Options struct {
	Load    config.Options // where the configuration comes from, also on a reload
	Config  *config.Config // the one in force at the start
	Demo    *Demo          // read the demo instead of what Config names
	Player  datasource.Player
	Log     *slog.Logger
	Private bool // the hooks get market data only, as a private configuration does
	Hooks   bool // run the configured hooks: once a process, on the server side
}

// App is a running ticktop without a screen.
type App struct {
	log        *slog.Logger
	load       config.Options
	demo       *Demo
	dashboards *dashboards
	stack      stack
	Cache      *ui.Cache // of rendered panels, shared by all sessions
	keys       keyTables
	probe      redisProbe
	evaluated  atomic.Uint64 // evaluations of the configured alerts

	reloading sync.Mutex // held while the configuration is read

	mu        sync.Mutex
	backend   *backend  // nil for a recording
	loaded    time.Time // when the configuration in force was read
	configErr error     // why a newer one does not count
}

// New builds everything and starts it. Nothing is waited for: sources connect
// while the first picture is drawn.
func New(o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{log: o.Log, load: o.Load, demo: o.Demo, stack: stack{log: o.Log}, Cache: ui.NewCache(0), loaded: time.Now()}
	source, err := a.openSource(o)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.dashboards = newDashboards(o.Config, source, o.Log, a.withAlerts)
	a.dashboards.demo = o.Demo != nil
	if o.Config.Path != "" && o.Player == nil {
		a.stack.run("config watch", func(ctx context.Context) error {
			return watchFile(ctx, o.Config.Path, a.log, a.reloadConfig, a.configRemoved)
		})
	}
	if h := o.Config.Hooks; o.Hooks && (len(h.Exec) > 0 || h.Webhook != "") {
		_, feed, err := a.Desk(Principal{}).Open(nil)
		if err != nil {
			return nil, errors.Join(err, a.Close())
		}
		if o.Private {
			feed = mask.Feed(feed)
		}
		a.stack.run("hooks", func(ctx context.Context) error { return runHooks(ctx, h, feed, a.log) })
	}
	return a, nil
}

// openSource makes what desks open: the recording, the demo's engine, or the
// engine on the real sources.
func (a *App) openSource(o Options) (opener, error) {
	if o.Player != nil {
		return playback{o.Player}, nil
	}
	l, err := a.connectLinks(o.Config)
	if err != nil {
		return nil, err
	}
	a.backend = newBackend(o.Config, l, a.log)
	a.stack.push("backend", func() error {
		a.mu.Lock()
		b := a.backend
		a.mu.Unlock()
		return b.stack.close()
	})
	a.backend.start()
	return a.backend, nil
}

func (a *App) connectLinks(c *config.Config) (*links, error) {
	if a.demo != nil {
		return a.demo.connectLinks(), nil
	}
	return connectSources(c, a.log)
}

// Close stops everything, the last started first.
func (a *App) Close() error { return a.stack.close() }

// Desk returns a principal's way to the data.
func (a *App) Desk(p Principal) *Desk { return &Desk{dashboards: a.dashboards, principal: p} }

// Config returns the configuration in force.
func (a *App) Config() *config.Config {
	c, _ := a.dashboards.current()
	return c
}

// Once reads everything a principal's dashboard needs, one time. Data whose
// variable cannot be looked up are one error each, by the name of the group; the
// reason is among the snapshot's events too.
func (a *App) Once(ctx context.Context, p Principal, vars map[string][]string) (*datasource.Snapshot, []datasource.Ref, error) {
	v, _, err := a.Desk(p).view(a.Config(), vars)
	if err != nil {
		return nil, nil, &UsageError{err}
	}
	a.mu.Lock()
	b := a.backend
	a.mu.Unlock()
	if b == nil {
		return nil, nil, errors.New("a recording has no snapshot")
	}
	values, faults, err := resolveOnce(ctx, b.engine, v)
	if err != nil {
		return nil, nil, err
	}
	refs, err := v.readRefs(values, time.Now())
	if err != nil {
		return nil, nil, &UsageError{err}
	}
	snap, err := b.engine.Once(ctx, slices.Concat(refs, v.unresolved(values, faults)))
	return b.withRoundTrip(ctx, snap), refs, err
}

// configRemoved says that the configuration's file is gone: what it said stays in
// force, and another one that may now be found is not taken instead.
func (a *App) configRemoved() {
	name := a.Config().Name
	a.setConfigErr(errors.New("the file is gone"))
	a.log.Warn("configuration gone", "file", name)
	a.dashboards.showWarning("config " + name + " is gone: what it said stays in force")
}

// reloadConfig reads the configuration again. A broken one leaves everything as it
// is and says so on every screen.
func (a *App) reloadConfig() {
	a.reloading.Lock()
	gone, err := a.replaceConfig()
	a.reloading.Unlock()
	if err != nil {
		a.setConfigErr(err)
		a.log.Warn("configuration not reloaded", "err", err)
		a.dashboards.showWarning("config not reloaded: " + err.Error())
		return
	}
	a.log.Info("configuration reloaded", "file", a.Config().Path)
	if gone != nil { // sessions move over within a moment; their last values stay meanwhile
		go func() { _ = gone.stack.close() }()
	}
}

// replaceConfig puts the configuration of the file in force and returns the
// backend that it no longer uses.
func (a *App) replaceConfig() (gone *backend, err error) {
	old := a.Config()
	c, err := config.Load(a.load)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.demo == nil && !sameLinks(old, c) {
		l, err := connectSources(c, a.log)
		if err != nil {
			return nil, err
		}
		gone, a.backend = a.backend, newBackend(c, l, a.log)
		a.backend.start()
	}
	a.loaded, a.configErr = time.Now(), nil
	a.dashboards.replaceConfig(c, a.backend)
	return gone, nil
}

func (a *App) setConfigErr(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.configErr = err
}

// configState returns when the configuration in force was read, and why a newer
// one does not count.
func (a *App) configState() (loaded time.Time, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.loaded, a.configErr
}

// withAlerts adds the configured conditions to a feed: those that only look at
// data that the feed has.
func (a *App) withAlerts(feed datasource.Feed, c *config.Config, names []string) datasource.Feed {
	rules := make([]*alert.Rule, 0, len(c.Alerts))
	for _, r := range c.Alerts {
		if _, err := r.Data(names); err == nil {
			rules = append(rules, r)
		}
	}
	if len(rules) == 0 {
		return feed
	}
	return alert.Watch(feed, rules, alert.CountInto(&a.evaluated))
}

// playback is a recording as a source: every session sees the one player,
// which a session's end does not close.
type playback struct{ player datasource.Player }

func (p playback) Watch([]datasource.Ref) datasource.Feed { return leasedFeed{p.player} }

type leasedFeed struct{ datasource.Player }

// Close implements datasource.Feed: the player belongs to the command.
func (leasedFeed) Close() {}
