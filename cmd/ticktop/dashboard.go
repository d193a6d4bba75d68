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

// isInteractive reports whether there is a terminal that a dashboard can be
// drawn on.
func isInteractive() bool {
	return term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()) && os.Getenv("TERM") != "dumb"
}

// runDashboard is ticktop without a subcommand: the dashboard, or one text
// snapshot where there is no terminal.
func (f *flags) runDashboard(cmd *cobra.Command) error {
	if !isInteractive() {
		return f.runSnapshot(cmd, snapshotFlags{format: "text"})
	}
	f.mayAsk = true
	progress := newProgress(cmd.ErrOrStderr())
	chosen, err := f.loadFor(cmd.Context(), progress.showKeys)
	progress.removeLine()
	if err != nil {
		return err
	}
	s := app.Screen{Notice: chosen.Notice(), Card: chosen.Card(), Found: chosen.Found != nil}
	return f.showDashboard(cmd.Context(), chosen.Config, app.Options{Load: chosen.Load, Config: chosen.Config, Hooks: true, Private: f.private}, s)
}

// showDashboard builds the app and runs one session of it in this terminal.
func (f *flags) showDashboard(ctx context.Context, c *config.Config, o app.Options, s app.Screen) (err error) {
	log, closer, err := f.openLog(o.Load.Env)
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
	if o.Demo == nil && o.Player == nil {
		store := f.openState(o.Load.Env)
		defer rememberSession(&s, store, c, log)()
		rememberPins(&s, store, o.Load, c, log)
	}
	signalsOf(ctx).alsoOnAbort()
	log.Info("started", "version", buildVersion(), "config", c.Name, "redis", c.Redis.URL.String(), "api", c.API.URL.String())
	return a.Run(ctx, c, s)
}
