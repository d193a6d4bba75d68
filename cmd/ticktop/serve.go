package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/state"
)

// serveFlags are the flags of `ticktop serve`.
type serveFlags struct {
	app.ServeOptions
	demo bool
	demoFlags
}

func newServe(f *flags) *cobra.Command {
	var s serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Dashboards over SSH: many traders, one subscription",
		Long: `Serves the dashboard over SSH. Who may come in is said by public keys: those of
the configuration's users:, who see what is theirs, and those of authorized_keys
files, who see everything. There is no password, no shell and no forwarding.
Without a terminal, ssh HOST snapshot --format json prints a snapshot.

SIGHUP reads the configuration and the keys again, and opens --log-file again;
SIGTERM gives every terminal back, with a reason.`,
		Example: `  # then: ssh -p 2222 localhost
  ticktop serve --demo
  # who may log in, and where its metrics are
  ticktop serve --authorized-keys ~/.ssh/authorized_keys --metrics :9222`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.runServe(cmd, s) },
	}
	fl := cmd.Flags()
	fl.StringVar(&s.Listen, "listen", "127.0.0.1:2222", "`ADDRESS` to listen on")
	fl.StringVar(&s.HostKey, "host-key", "", "`FILE` of the host key, made if absent (default in the state directory)")
	fl.StringArrayVar(&s.AuthorizedKeys, "authorized-keys", nil, "`FILE` of public keys that may log in (repeatable)")
	fl.StringVar(&s.Metrics, "metrics", "", "`ADDRESS` of /metrics, /healthz and /readyz, such as 127.0.0.1:9222")
	fl.IntVar(&s.MaxSessions, "max-sessions", 0, "sessions at once (default 200)")
	fl.BoolVar(&s.demo, "demo", false, "serve the demo, to anyone on this machine")
	s.bindFlags(cmd)
	return cmd
}

func (f *flags) runServe(cmd *cobra.Command, s serveFlags) (err error) {
	if n := s.MaxSessions; n < 0 || n > 100_000 || n == 0 && cmd.Flags().Changed("max-sessions") {
		return usagef("--max-sessions %d: between 1 and 100,000", n)
	}
	if err := s.checkRate(); err != nil {
		return err
	}
	s.Reload = signalsOf(cmd.Context()).onHangup()
	log, closer, err := f.serverLog()
	if err != nil {
		return err
	}
	defer closer.Close()
	o, stop, err := f.serveSource(cmd.Context(), s, log)
	if err != nil {
		return err
	}
	defer stop()
	o.Hooks, o.Log = true, log
	a, err := app.New(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	s.Anonymous, s.Title = s.demo, "ticktop"
	s.Version = buildVersion()
	s.Commit, _ = buildCommit()
	if r, ok := closer.(interface{ Reopen() error }); ok {
		s.Reopen = r.Reopen
	}
	if !f.noState {
		users := state.OpenUsers(config.FindPaths(o.Load.Env, "").State, func(err error) {
			log.Warn("what users change on screen will not be remembered", "error", err)
		})
		defer users.Close()
		s.Memory = users
	}
	return a.Serve(cmd.Context(), s.ServeOptions, func(addr net.Addr) {
		log.Info("listening", "addr", addr.String(), "version", buildVersion(), "config", o.Config.Name)
		host, port, _ := net.SplitHostPort(addr.String())
		printSafe(cmd.OutOrStdout(), "ticktop: listening on %s (ssh -p %s %s)", addr, port, host)
	})
}

// serveSource is what is served: the demo, or the configured platform.
func (f *flags) serveSource(ctx context.Context, s serveFlags, log *slog.Logger) (app.Options, func(), error) {
	none := func() {}
	if !s.demo {
		chosen, err := f.loadFor(ctx, nil)
		if err != nil {
			return app.Options{}, none, err
		}
		return app.Options{Load: chosen.Load, Config: chosen.Config}, none, nil
	}
	n, err := f.demoSymbols()
	if err != nil {
		return app.Options{}, none, err
	}
	o, err := f.configOptions()
	if err != nil {
		return app.Options{}, none, err
	}
	if _, names, _ := f.symbolCount(); names == nil {
		delete(o.Vars, "symbols")
	}
	env := o.Env // paths of this machine; the demo itself takes nothing from it
	c, err := app.DemoConfig(o, n)
	if err != nil {
		return app.Options{}, none, err
	}
	o.Env = env
	run := app.StartDemo(app.DemoOptions{Seed: s.seed, Rate: s.rate, Symbols: n}, log)
	return app.Options{Load: o, Config: c, Demo: run}, func() { _ = run.Close() }, nil
}

// serverLog is a server's log: structured lines on stderr, for the journal, or
// in --log-file.
func (f *flags) serverLog() (*slog.Logger, io.Closer, error) {
	if f.logFile == "" {
		return app.NewLogger(os.Stderr, slog.LevelInfo), io.NopCloser(nil), nil
	}
	env, err := config.NewEnv(os.LookupEnv, ".")
	if err != nil {
		return nil, nil, err
	}
	return f.openLog(env)
}
