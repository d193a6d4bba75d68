package main

import (
	"context"
	"errors"
	"os"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
)

// interactive reports whether there is a terminal that a dashboard can be
// drawn on.
func interactive() bool {
	return term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()) && os.Getenv("TERM") != "dumb"
}

// dashboard is ticktop without a subcommand: the dashboard, or one text
// snapshot where there is no terminal.
func (f *flags) dashboard(cmd *cobra.Command) error {
	if !interactive() {
		return f.snapshot(cmd, snapshotFlags{format: "text"})
	}
	c, o, err := f.load()
	if err != nil {
		return err
	}
	return f.show(cmd.Context(), c, app.Options{Load: o, Config: c, Hooks: true, Private: f.private}, app.Screen{})
}

// show builds the app and runs one session of it in this terminal.
func (f *flags) show(ctx context.Context, c *config.Config, o app.Options, s app.Screen) (err error) {
	log, closer, err := f.logger(o.Load.Env)
	if err != nil {
		return err
	}
	defer closer.Close()
	o.Log = log
	a, err := app.New(o)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := a.Close(); cerr != nil {
			log.Warn("stopping", "err", cerr)
		}
	}()
	if f.record != "" {
		r, err := a.Record(f.record, f.private)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.Stop()) }()
		s.Hide = r.Hide
	}
	s.Private = f.private
	log.Info("started", "version", buildVersion(), "config", c.Name, "redis", c.Redis.URL.String(), "api", c.API.URL.String())
	return a.Run(ctx, c, s)
}
