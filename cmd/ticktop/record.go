package main

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/datasource/record"
)

func newRecord(f *flags) *cobra.Command {
	var length time.Duration
	var demo bool
	var d demoFlags
	cmd := &cobra.Command{
		Use:   "record FILE",
		Short: "Record every update with its time, without a screen",
		Long: `Records every update of everything the dashboard shows to FILE, until it is
interrupted or --for has passed. ticktop replay FILE plays it back.
With --record FILE the dashboard records what it shows.`,
		Args: oneArg("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.recordTo(cmd, args[0], length, demo, d) },
	}
	cmd.Flags().DurationVar(&length, "for", 0, "stop after this long")
	cmd.Flags().BoolVar(&demo, "demo", false, "record the demo")
	d.bindFlags(cmd)
	return cmd
}

func oneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef("%s takes one argument: %s", cmd.CommandPath(), name)
		}
		return nil
	}
}

func (f *flags) recordTo(cmd *cobra.Command, path string, length time.Duration, demo bool, d demoFlags) (err error) {
	if length < 0 {
		return usagef("--for %s: it must be more than 0", length)
	}
	if err := d.checkRate(); err != nil {
		return err
	}
	c, o, err := f.loadConfig()
	if err == nil && !demo {
		var chosen *app.Choice
		if chosen, err = f.loadFor(cmd.Context(), nil); err == nil {
			c, o = chosen.Config, chosen.Load
		}
	} else {
		var n int
		if n, err = f.demoSymbols(); err == nil {
			c, err = app.DemoConfig(o, n)
		}
	}
	if err != nil {
		return err
	}
	log, closer, err := f.openLog(o.Env)
	if err != nil {
		return err
	}
	defer closer.Close()
	if !demo {
		if err := anythingThere(cmd.Context(), c, log); err != nil {
			reportError(cmd.ErrOrStderr(), err)
			return statusError{exitNothing}
		}
	}
	ao := app.Options{Load: o, Config: c, Log: log}
	if demo {
		n, _ := f.demoSymbols()
		ao.Demo = app.StartDemo(app.DemoOptions{Seed: d.seed, Rate: d.rate, Symbols: n}, log)
		defer ao.Demo.Close()
	}
	a, err := app.New(ao)
	if err != nil {
		return err
	}
	defer a.Close()
	rec, err := a.Record(path, f.private)
	if err != nil {
		return err
	}
	printSafe(cmd.ErrOrStderr(), "recording to %s; interrupt to stop", path)
	ctx := cmd.Context()
	if length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, length)
		defer cancel()
	}
	<-ctx.Done()
	return rec.Stop()
}

// anythingThere returns why there is nothing to record: Redis does not answer,
// and no API is configured.
func anythingThere(ctx context.Context, c *config.Config, log *slog.Logger) error {
	redis, err := app.OpenRedis(c.Redis, log)
	if err != nil {
		return err
	}
	defer redis.Close()
	if _, err := redis.Ping(ctx); err != nil && c.API.URL == "" {
		return fmt.Errorf("nothing to record: redis %s: %w", redis, err)
	}
	return nil
}

func newReplay(f *flags) *cobra.Command {
	var speed float64
	var from string
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Play a recording back",
		Long: `Plays a recording back on the same screens. p pauses, . and , step,
< and > seek, + and _ change the speed.`,
		Args: oneArg("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.runReplay(cmd, args[0], speed, from) },
	}
	cmd.Flags().Float64Var(&speed, "speed", 1, "times as fast as it was")
	cmd.Flags().StringVar(&from, "from", "", "start there: a span (10m), or a time (15:04:05, 2006-01-02T15:04:05Z)")
	return cmd
}

func (f *flags) runReplay(cmd *cobra.Command, path string, speed float64, from string) error {
	if math.IsNaN(speed) || speed < record.MinSpeed || speed > record.MaxSpeed {
		return usagef("--speed %g: between %g and %g", speed, float64(record.MinSpeed), float64(record.MaxSpeed))
	}
	p, err := record.Open(path)
	if err != nil {
		return &app.UsageError{Err: err}
	}
	defer p.Close()
	info := p.Info()
	at, err := startAt(from, info.From)
	if err != nil {
		return err
	}
	if at.Before(info.From.Truncate(time.Second)) || at.After(info.To.Add(time.Second)) {
		return usagef("--from %s is outside the recording, which goes from %s to %s", from, info.From.Local().Format(time.DateTime), info.To.Local().Format(time.DateTime))
	}
	o, err := f.configOptions()
	if err != nil {
		return err
	}
	c, err := replayConfig(o, info)
	if err != nil {
		return err
	}
	if !isInteractive() {
		if from == "" {
			at = info.To
		}
		return f.printRecorded(cmd, c, path, at.Sub(info.From))
	}
	if from != "" {
		p.SeekTo(at)
	}
	p.SetSpeed(speed)
	return f.showDashboard(cmd.Context(), c, app.Options{Load: o, Config: c, Player: p}, app.Screen{})
}

// startAt reads --from: a span after the beginning, or a moment of that day.
func startAt(from string, begin time.Time) (time.Time, error) {
	if from == "" {
		return begin, nil
	}
	if d, err := time.ParseDuration(from); err == nil {
		return begin.Add(d), nil
	}
	if t, err := time.Parse(time.RFC3339, from); err == nil {
		return t, nil
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.Parse(layout, from); err == nil {
			b := begin.Local()
			return time.Date(b.Year(), b.Month(), b.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.Local), nil
		}
	}
	return time.Time{}, usagef("--from %q: use a span (10m) or a time (15:04:05)", from)
}

// replayConfig is the configuration that shows a recording: the one in force
// here with the variables that were recorded.
func replayConfig(o config.Options, info record.Info) (*config.Config, error) {
	for name, values := range info.Vars {
		if _, ok := o.Vars[name]; !ok && len(values) > 0 {
			o.Vars[name] = strings.Join(values, ",")
		}
	}
	return config.Load(o)
}
