package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
)

// buildVersion is the release's version, or what the Go tool knows of the
// checkout.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return "devel"
}

// buildCommit returns the commit and its date, as far as they are known.
func buildCommit() (rev, when string) {
	if commit != "" {
		return commit, date
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			rev = s.Value[:min(12, len(s.Value))]
		case "vcs.time":
			when = s.Value
		}
	}
	return rev, when
}

// buildDate is the day of the commit; where it is not known, the first day of
// the calendar that packages use.
func buildDate() time.Time {
	_, when := buildCommit()
	day, err := time.Parse(time.RFC3339, when)
	if err != nil {
		return time.Unix(0, 0).UTC()
	}
	return day.UTC()
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "ticktop %s\n", buildVersion())
			if rev, when := buildCommit(); rev != "" {
				fmt.Fprintf(out, "commit  %s %s\n", rev, when)
			}
			_, err := fmt.Fprintf(out, "go      %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
