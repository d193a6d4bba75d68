package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/demo"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

func newSimulate(f *flags) *cobra.Command {
	var d demoFlags
	var force bool
	var prefix string
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Fill a real Redis with a simulated market",
		Long: `Writes a simulated market to the Redis of --redis, with the key names that the
built-in dashboard reads, until it is interrupted. It refuses a Redis that
holds keys of anyone else, unless --force.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.runSimulate(cmd, d, force, prefix) },
	}
	d.bindFlags(cmd)
	cmd.Flags().StringVar(&prefix, "channel-prefix", "", "`TEXT` before the name of every channel, so that no other dashboard hears it")
	cmd.Flags().BoolVar(&force, "force", false, "write although there are foreign keys")
	return cmd
}

func (f *flags) runSimulate(cmd *cobra.Command, d demoFlags, force bool, prefix string) error {
	if err := d.checkRate(); err != nil {
		return err
	}
	n, err := f.demoSymbols()
	if err != nil {
		return err
	}
	if f.redis == "" {
		return usagef("simulate writes: name the Redis with --redis redis://host:6379/1")
	}
	f.symbols = "" // how many, not which
	c, o, err := f.loadConfig()
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
	market := demo.NewMarket(demo.MarketOptions{Seed: d.seed, Rate: d.rate, Symbols: n, Mark: true,
		Failed: func(err error) { log.Warn("write failed", "err", err) }})
	if err := refuseForeign(cmd.Context(), redis, market, force, prefix != ""); err != nil {
		return err
	}
	printSafe(cmd.ErrOrStderr(), "simulating %d symbols at %g ticks a second on %s; interrupt to stop", len(market.Symbols()), market.Rate(), redis)
	if err := market.Run(cmd.Context(), demo.WithChannelPrefix(redis, prefix)); err != nil && cmd.Context().Err() == nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return nil
}

// refuseForeign returns an error when the Redis holds keys that no simulator
// wrote.
func refuseForeign(ctx context.Context, redis *redisdb.Client, market *demo.Market, force, ownChannels bool) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := redis.Ping(ctx); err != nil {
		return fmt.Errorf("redis %s: %w", redis, err)
	}
	if force {
		return nil
	}
	found, err := redis.Discover(ctx, redisdb.DiscoverOptions{MaxKeys: foreignSample})
	if err != nil {
		return fmt.Errorf("redis %s: %w", redis, err)
	}
	keys := make([]string, len(found.Keys))
	for i, k := range found.Keys {
		keys[i] = k.Name
	}
	foreign := market.Foreign(keys)
	if len(foreign) == 0 && ownChannels {
		return nil
	}
	if len(foreign) == 0 {
		return refuseOtherUsers(ctx, redis, slices.Contains(keys, demo.MarkerKey))
	}
	shown := make([]string, 0, 3)
	for _, k := range foreign[:min(3, len(foreign))] {
		shown = append(shown, datasource.Clean(k, 60).String())
	}
	if len(foreign) > len(shown) {
		shown = append(shown, "…")
	}
	noun := "keys"
	if len(foreign) == 1 {
		noun = "key"
	}
	return usagef("redis %s holds %d %s of others (%s): nothing was written; use an empty database, or --force",
		redis, len(foreign), noun, strings.Join(shown, ", "))
}

// refuseOtherUsers returns an error when ticks would reach others: channels know
// no database. Listeners beside a simulator's own keys are its own dashboards.
func refuseOtherUsers(ctx context.Context, redis *redisdb.Client, ours bool) error {
	found, err := redis.OtherUsers(ctx)
	if err != nil {
		return fmt.Errorf("redis %s: whether others listen cannot be told: %w (--force skips this)", redis, err)
	}
	if len(found.Databases) > 0 {
		return usagef("redis %s has other databases with keys (%s), and channels know no database: nothing was written; use a separate server, --channel-prefix sim:, or --force",
			redis, datasource.Clean(strings.Join(found.Databases, ", "), 80))
	}
	for _, ch := range found.Listened {
		family, _, _ := strings.Cut(ch, ":")
		if !ours && (family == "ticks" || family == "candles" || family == "notifications") {
			return usagef("redis %s: somebody listens to %s, who would take simulated prices for real ones: nothing was written; use a separate server, --channel-prefix sim:, or --force",
				redis, datasource.Clean(ch, 60))
		}
	}
	return nil
}

// foreignSample is how many keys are looked at: one foreign key is enough.
const foreignSample = 10_000
