package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/snapshot"
	"ticktop/datasource"
)

type snapshotFlags struct{ format string }

func newSnapshot(f *flags) *cobra.Command {
	var s snapshotFlags
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Read everything once, print it, exit",
		Long: `Reads everything the dashboard needs once and prints it.

Exit status: 0 all live; 3 printed, but something is fallback, stale, missing or
error; 4 nothing could be read from any source; 2 usage or configuration.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.runSnapshot(cmd, s) },
	}
	cmd.Flags().StringVar(&s.format, "format", "text", "`FORMAT` of the output: text, json or csv")
	return cmd
}

func (f *flags) runSnapshot(cmd *cobra.Command, s snapshotFlags) error {
	if !slices.Contains(snapshot.Formats, s.format) {
		return usagef("--format %q: use %s", s.format, strings.Join(snapshot.Formats, ", "))
	}
	chosen, err := f.loadFor(cmd.Context(), nil)
	if err != nil {
		return err
	}
	c, o := chosen.Config, chosen.Load
	log, closer, err := f.openLog(o.Env)
	if err != nil {
		return err
	}
	defer closer.Close()
	return f.printOnce(cmd, c, app.Options{Load: o, Config: c, Log: log}, s)
}

// printOnce builds the app, reads once and prints; the exit status is the
// snapshot's.
func (f *flags) printOnce(cmd *cobra.Command, c *config.Config, o app.Options, s snapshotFlags) (err error) {
	a, err := app.New(o)
	if err != nil {
		return err
	}
	defer a.Close()
	snap, refs, err := a.Once(cmd.Context(), app.Principal{}, nil)
	if err != nil {
		return err
	}
	if f.record != "" {
		if err := a.RecordOnce(f.record, f.private, snap); err != nil {
			return err
		}
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	so := snapshot.Options{Config: c.Name, Refs: refs, Private: f.private || c.Look.Private, Now: time.Now()}
	if err := snapshot.Write(out, s.format, snap, so); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if st := snapshot.Status(snap); st != snapshot.AllLive {
		if st == exitNothing {
			printSafe(cmd.ErrOrStderr(), "ticktop: %s", nothingRead(snap))
		}
		return statusError{st}
	}
	return nil
}

// nothingRead says why nothing could be read.
func nothingRead(snap *datasource.Snapshot) string {
	for _, id := range []datasource.SourceID{datasource.SourceRedis, datasource.SourceAPI} {
		if f := snap.Sources[id].Fault; f != nil {
			return fmt.Sprintf("nothing could be read: %s: %s", id, errorLine(f))
		}
	}
	return "nothing could be read: no source answered"
}
