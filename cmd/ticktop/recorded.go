package main

import (
	"bufio"
	"time"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/snapshot"
	"ticktop/datasource/record"
)

// printRecorded prints one moment of a recording as text, where there is no
// terminal to play it on.
func (f *flags) printRecorded(cmd *cobra.Command, c *config.Config, path string, after time.Duration) error {
	snap, err := record.At(path, after)
	if err != nil {
		return &app.UsageError{Err: err}
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	if err := snapshot.Write(out, "text", snap, snapshot.Options{Config: c.Name, Private: f.private, Now: snap.At}); err != nil {
		return err
	}
	return out.Flush()
}
