package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/discover"
	"ticktop/datasource"
)

func newDiscover(f *flags) *cobra.Command {
	o, interactive := discover.Options{}, false
	cmd := &cobra.Command{
		Use:   "discover",
		Short: "Look at a Redis and print a configuration for it",
		Long: `Scans a live Redis (SCAN, never KEYS), looks into a few keys of each kind,
listens to its channels for a while, and prints a commented configuration for
what it found. It writes nothing to Redis.`,
		Example: "  ticktop discover --redis redis://localhost:6379/0 > ticktop.yaml",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if interactive {
				d := dialog{in: bufio.NewScanner(cmd.InOrStdin()), out: cmd.ErrOrStderr()}
				o.Choose = d.choose
			}
			return f.runDiscover(cmd, o)
		},
	}
	cmd.Flags().DurationVar(&o.Listen, "listen", 3*time.Second, "how long to listen to channels; 0 not at all")
	cmd.Flags().StringVar(&o.Match, "match", "", "only keys that match this pattern")
	cmd.Flags().BoolVar(&interactive, "interactive", false, "choose and name what was found")
	cmd.Flags().IntVar(&o.MaxKeys, "max-keys", 100_000, "how many keys to look at; 0 all")
	return cmd
}

func (f *flags) runDiscover(cmd *cobra.Command, do discover.Options) error {
	if do.Listen < 0 {
		return usagef("--listen %s: a span of time, or 0 not to listen", do.Listen)
	}
	if do.MaxKeys < 0 {
		return usagef("--max-keys %d: a number of keys, or 0 for all", do.MaxKeys)
	}
	o, err := f.configOptions()
	if err != nil {
		return err
	}
	o.Vars = nil // variables belong to the configuration that is being made
	c, err := config.Load(o)
	if err != nil {
		return err
	}
	log, closer, err := f.openLog(o.Env)
	if err != nil {
		return err
	}
	defer closer.Close()
	redis, err := app.OpenRedis(c.Redis, log)
	if err != nil {
		return err
	}
	defer redis.Close()
	if _, err := redis.Ping(cmd.Context()); err != nil {
		return fmt.Errorf("redis %s: %w", redis, err)
	}
	progress := newProgress(cmd.ErrOrStderr())
	do.Progress = progress.showKeys
	do.API, do.APIName = app.DiscoverAPI(c, log)
	found, err := discover.Run(cmd.Context(), redis, do)
	progress.removeLine()
	if err != nil {
		return fmt.Errorf("redis %s: %w", redis, err)
	}
	for _, note := range found.Notes { // also where the configuration goes into a file
		fmt.Fprintln(cmd.ErrOrStderr(), "ticktop: "+datasource.Clean(note, 400).String())
	}
	for _, line := range found.Summary {
		fmt.Fprintln(cmd.ErrOrStderr(), "ticktop: "+datasource.Clean(line, 400).String())
	}
	text := found.Config
	if _, err := config.Parse("discovered.yaml", text, config.Options{Env: nil}); err != nil {
		return fmt.Errorf("what was found makes no valid configuration: %w", err)
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

// progress is one line on a terminal that says how far a discovery is.
type progress struct {
	out   io.Writer
	shown bool
	last  time.Time
}

// newProgress draws on standard error when that is a terminal, else nowhere.
func newProgress(w io.Writer) *progress {
	if !term.IsTerminal(os.Stderr.Fd()) || os.Getenv("TERM") == "dumb" {
		w = io.Discard
	}
	return &progress{out: w}
}

func (p *progress) showKeys(n int) {
	if now := time.Now(); now.Sub(p.last) >= 100*time.Millisecond {
		p.last, p.shown = now, true
		fmt.Fprintf(p.out, "\r%d keys seen, listening …", n)
	}
}

// removeLine removes the line.
func (p *progress) removeLine() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
