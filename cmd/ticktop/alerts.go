package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/datasource"
	"ticktop/datasource/alert"
	"ticktop/datasource/record"
)

func newAlerts(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "Try the configured alerts",
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return usagef("alerts what? use: alerts test RECORDING") },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "test RECORDING",
		Short: "Evaluate the configured alerts on a recording",
		Args:  oneArg("RECORDING"),
		RunE:  func(cmd *cobra.Command, args []string) error { return f.testAlerts(cmd, args[0]) },
	})
	return cmd
}

func (f *flags) testAlerts(cmd *cobra.Command, path string) error {
	c, _, err := f.loadConfig()
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	if len(c.Alerts) == 0 {
		return usagef("%s has no alerts", c.Name)
	}
	t := alertTester{out: out, rules: c.Alerts, fired: make([]int, len(c.Alerts)), open: map[alertKey]datasource.Alert{}}
	if err := record.Each(path, t.testSnapshot); err != nil {
		if t.seen == 0 {
			return &app.UsageError{Err: err}
		}
		printSafe(cmd.ErrOrStderr(), "ticktop: %s", errorLine(err))
	}
	fmt.Fprintln(out)
	for i, r := range c.Alerts {
		printSafe(out, "%6d ×  %-8s  %s", t.fired[i], r.Level, r.When)
	}
	return nil
}

// alertTester prints what begins and ends while a recording goes by.
type alertTester struct {
	out   io.Writer
	rules []*alert.Rule
	state *alert.State
	open  map[alertKey]datasource.Alert
	fired []int
	seen  int
}

type alertKey struct {
	rule int
	name datasource.Safe
}

func (t *alertTester) testSnapshot(snap *datasource.Snapshot) error {
	t.seen++
	now := snap.At
	if snap.Replay != nil {
		now = snap.Replay.At
	}
	var alerts []datasource.Alert
	alerts, t.state = alert.Eval(t.rules, snap, now, t.state)
	for _, a := range alerts {
		key := alertKey{a.Rule, a.Name}
		_, was := t.open[key]
		switch {
		case a.Ended.IsZero() && !was:
			t.open[key] = a
			t.fired[a.Rule]++
			t.printAlert(now, "fires", a)
		case !a.Ended.IsZero() && was:
			delete(t.open, key)
			t.printAlert(now, "ends", a)
		}
	}
	return nil
}

func (t *alertTester) printAlert(at time.Time, what string, a datasource.Alert) {
	printSafe(t.out, "%s  %-5s  %-8s  %s", at.Format("2006-01-02 15:04:05"), what, a.Level, a.Text)
}
