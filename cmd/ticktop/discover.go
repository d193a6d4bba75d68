package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/discover"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

func newDiscover(f *flags) *cobra.Command {
	var o redisdb.DiscoverOptions
	cmd := &cobra.Command{
		Use:   "discover",
		Short: "Look at a Redis and print a configuration for it",
		Long: `Scans a live Redis (SCAN, never KEYS), listens to its channels for a while, and
prints a commented configuration for what it found. It writes nothing.`,
		Example: "  ticktop discover --redis redis://localhost:6379/0 > ticktop.yaml",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.discover(cmd, o) },
	}
	cmd.Flags().DurationVar(&o.Listen, "listen", 3*time.Second, "how long to listen to channels; 0 not at all")
	cmd.Flags().StringVar(&o.Match, "match", "", "only keys that match this pattern")
	cmd.Flags().IntVar(&o.MaxKeys, "max-keys", 10_000, "how many keys to look at")
	return cmd
}

func (f *flags) discover(cmd *cobra.Command, do redisdb.DiscoverOptions) error {
	if do.Listen < 0 {
		return usagef("--listen %s: a span of time, or 0 not to listen", do.Listen)
	}
	if do.MaxKeys < 1 {
		return usagef("--max-keys %d: at least one is needed", do.MaxKeys)
	}
	o, err := f.options()
	if err != nil {
		return err
	}
	o.Vars = nil // variables belong to the configuration that is being made
	c, err := config.Load(o)
	if err != nil {
		return err
	}
	log, closer, err := f.logger(o.Env)
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
	found, err := redis.Discover(cmd.Context(), do)
	if err != nil {
		return fmt.Errorf("redis %s: %w", redis, err)
	}
	for _, note := range found.Notes { // also where the configuration goes into a file
		fmt.Fprintln(cmd.ErrOrStderr(), "ticktop: not looked at: "+datasource.Clean(note, 400).String())
	}
	text := discover.Config(found, redis.String())
	if _, err := config.Parse("discovered.yaml", text, config.Options{Env: nil}); err != nil {
		return fmt.Errorf("what was found makes no valid configuration: %w", err)
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}
