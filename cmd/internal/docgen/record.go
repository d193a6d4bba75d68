package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/demo"
	"ticktop/datasource"
	"ticktop/datasource/record"
)

// seed is the market's: the one that ticktop demo has by itself.
const seed = 1

// takes are the snapshots of a scene: the moments before it give the marks of
// what just moved, and the inspector its earlier values.
const (
	takes     = 4
	takeEvery = 300 * time.Millisecond
)

// shot is one scene of the script: what is broken, how long until it shows, and
// how long the demo then has to heal.
type shot struct {
	name   string
	faults []string
	wait   time.Duration
	heal   time.Duration
}

// filmScript is the order in which the demo is broken. All of it takes about eight
// minutes.
func filmScript() []shot {
	s := func(name string, wait, heal int, faults ...string) shot {
		return shot{name, faults, time.Duration(wait) * time.Second, time.Duration(heal) * time.Second}
	}
	return []shot{
		s("live", 180, 0), // so long that something has been traded
		s("fallback", 12, 6, demo.FaultExpireAccount, demo.FaultExpireFlags),
		s("redis-stopped", 9, 7, demo.FaultStopRedis),
		s("redis-hung", 14, 8, demo.FaultHangRedis),
		s("pubsub-cut", 8, 8, demo.FaultCutPubSub),
		s("silent", 25, 6, demo.FaultSilence),
		s("wrong-type", 6, 6, demo.FaultWrongType),
		s("hostile", 9, 6, demo.FaultHostile),
		s("storm", 6, 6, demo.FaultStorm),
		s("api-500", 20, 8, demo.FaultAPI500, demo.FaultExpireAccount),
		s("api-429", 9, 16, demo.FaultAPI429, demo.FaultExpireAccount),
		s("last-known", 25, 12, demo.FaultStopRedis, demo.FaultAPIDown),
		s("api-401", 9, 20, demo.FaultAPI401, demo.FaultExpireAccount), // the last: a refused token is not tried again soon
		s("healed", 1, 0),
	}
}

// makeRecording runs the demo through the script and writes what was on the
// screen in every scene.
func makeRecording(ctx context.Context, dir string) error {
	log := slog.New(slog.DiscardHandler)
	c, err := app.DemoConfig(config.Options{}, 0)
	if err != nil {
		return err
	}
	d := app.StartDemo(app.DemoOptions{Seed: seed}, log)
	defer d.Close()
	if err := d.Wait(ctx); err != nil {
		return err
	}
	n := notes{Symbols: c.Vars["symbols"], Faults: d.List()}
	film := &film{ctx: ctx, demo: d, notes: n}
	if err := film.filmOpening(c, log); err != nil {
		return err
	}
	if err := film.filmAll(c, log); err != nil {
		return err
	}
	return film.write(dir)
}

// film collects the snapshots of a recording.
type film struct {
	ctx   context.Context
	demo  *app.Demo
	notes notes
	snaps []*datasource.Snapshot
}

// filmOpening is what a dashboard shows that is started while nothing answers, and
// before it knows that.
func (f *film) filmOpening(c *config.Config, log *slog.Logger) error {
	broken := []string{demo.FaultStopRedis, demo.FaultAPIDown}
	if err := f.setFaults(broken, true); err != nil {
		return err
	}
	err := f.withFeed(c, log, func(feed datasource.Feed) error {
		start := feed.Snapshot()
		if err := f.sleepFor(6 * time.Second); err != nil {
			return err
		}
		last := feed.Snapshot()
		first := *start
		if first.At.IsZero() {
			first.At = last.At.Add(-6 * time.Second)
		}
		f.markScene("starting", nil, &first)
		f.markScene("unavailable", broken, last)
		return nil
	})
	return errors.Join(err, f.setFaults(broken, false))
}

func (f *film) filmAll(c *config.Config, log *slog.Logger) error {
	return f.withFeed(c, log, func(feed datasource.Feed) error {
		for _, s := range filmScript() {
			fmt.Fprintln(os.Stderr, s.name)
			if err := f.filmScene(feed, s); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
		return nil
	})
}

func (f *film) filmScene(feed datasource.Feed, s shot) error {
	if err := f.setFaults(s.faults, true); err != nil {
		return err
	}
	if err := f.sleepFor(s.wait); err != nil {
		return err
	}
	for range takes {
		if err := f.sleepFor(takeEvery); err != nil {
			return err
		}
		f.snaps = append(f.snaps, feed.Snapshot())
	}
	last := f.snaps[len(f.snaps)-1]
	f.snaps = f.snaps[:len(f.snaps)-1]
	f.markScene(s.name, s.faults, last)
	if err := f.setFaults(s.faults, false); err != nil {
		return err
	}
	return f.sleepFor(s.heal)
}

// markScene marks a snapshot as a scene.
func (f *film) markScene(name string, faults []string, s *datasource.Snapshot) {
	f.snaps = append(f.snaps, s)
	f.notes.Scenes = append(f.notes.Scenes, mark{Name: name, At: s.At.Sub(f.snaps[0].At), Faults: faults})
}

// withFeed gives do the feed that a session on the demo has.
func (f *film) withFeed(c *config.Config, log *slog.Logger, do func(datasource.Feed) error) (err error) {
	a, err := app.New(app.Options{Config: c, Demo: f.demo, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	_, feed, err := a.Desk(app.Principal{}).Open(nil)
	if err != nil {
		return err
	}
	defer feed.Close()
	return do(feed)
}

func (f *film) setFaults(faults []string, on bool) error {
	for _, id := range faults {
		if err := f.demo.Set(id, on); err != nil {
			return err
		}
	}
	return nil
}

func (f *film) sleepFor(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-f.ctx.Done():
		return f.ctx.Err()
	}
}

func (f *film) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	o := record.Options{Config: config.BuiltIn, Keyframe: time.Hour}
	if err := record.WriteFixture(filepath.Join(dir, tapeFile), o, f.snaps...); err != nil {
		return err
	}
	data, err := json.MarshalIndent(f.notes, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, notesFile), append(data, '\n'), 0o644)
}
