package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/demo"
)

// demoFlags are the flags of the demo's market.
type demoFlags struct {
	seed uint64
	rate float64
	tour bool
}

func newDemo(f *flags) *cobra.Command {
	var d demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The dashboard on a simulated platform; nothing to install",
		Long: `The dashboard on an embedded Redis, a market simulator and a stand-in for the
Django API, all inside this process. F opens a menu of faults to try;
--tour walks through them.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.runDemo(cmd, d) },
	}
	d.bindFlags(cmd)
	cmd.Flags().BoolVar(&d.tour, "tour", false, "walk through the degraded states, with captions")
	return cmd
}

func (d *demoFlags) bindFlags(cmd *cobra.Command) {
	cmd.Flags().Uint64Var(&d.seed, "seed", 1, "the same seed gives the same market")
	cmd.Flags().Float64Var(&d.rate, "rate", demo.DefaultRate, "ticks a second")
}

// checkRate refuses a rate that no market has: nothing at all, not a number, or
// more than a step of it can be written in.
func (d *demoFlags) checkRate() error {
	if d.rate > 0 && d.rate <= maxRate {
		return nil
	}
	return usagef("--rate %g: more than 0, at most 1,000,000 ticks a second", d.rate)
}

const maxRate = 1_000_000

// demoSymbols turns --symbols into how many the simulator needs: a number, or as
// many of its catalogue as the names reach.
func (f *flags) demoSymbols() (n int, err error) {
	n, names, err := f.symbolCount()
	if err != nil {
		return 0, err
	}
	all := demo.SymbolNames(1 << 20)
	if n > len(all) {
		return 0, usagef("--symbols %d: the simulator has %d", n, len(all))
	}
	for _, name := range names {
		i := slices.Index(all, name)
		if i < 0 {
			return 0, usagef("the simulator has no symbol %q; it has %s, … (%d in all)", name, all[0], len(all))
		}
		n = max(n, i+1)
	}
	return n, nil
}

func (f *flags) runDemo(cmd *cobra.Command, d demoFlags) error {
	if err := d.checkRate(); err != nil {
		return err
	}
	n, err := f.demoSymbols()
	if err != nil {
		return err
	}
	o, err := f.configOptions()
	if err != nil {
		return err
	}
	if _, names, _ := f.symbolCount(); names == nil {
		delete(o.Vars, "symbols")
	}
	c, err := app.DemoConfig(o, n)
	if err != nil {
		return err
	}
	log, closer, err := f.openLog(o.Env)
	if err != nil {
		return err
	}
	defer closer.Close()
	run := app.StartDemo(app.DemoOptions{Seed: d.seed, Rate: d.rate, Symbols: n}, log)
	defer func() {
		if err := run.Close(); err != nil {
			log.Warn("stopping the demo", "err", err)
		}
	}()
	ao := app.Options{Load: o, Config: c, Demo: run, Log: log}
	if !isInteractive() {
		if err := run.Wait(cmd.Context()); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		return f.printOnce(cmd, c, ao, snapshotFlags{format: "text"})
	}
	s := app.Screen{Faults: run, Title: "ticktop demo"}
	if d.tour {
		s.Captions = run.Tour()
	}
	return f.showDashboard(cmd.Context(), c, ao, s)
}
