package main

import (
	"github.com/spf13/cobra"
)

// newRoot builds the tree of commands.
func newRoot() *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:   "ticktop",
		Short: "A terminal dashboard for trading data in Redis",
		Long: `A terminal dashboard for trading data in Redis: account, quotes, positions,
charts and notifications, live. Where a key is missing or expired it asks the
Django API and says so. It only reads.`,
		Example: `  # try it, nothing to install
  ticktop demo
  # the platform's Redis
  ticktop --redis redis://localhost:6379/0
  # for scripts
  ticktop snapshot --format json | jq .data.account.value`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.dashboard(cmd) },
	}
	f.bind(root)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(
		newDemo(f), newSnapshot(f), newDiscover(f), newCheck(f), newSimulate(f), newRecord(f), newReplay(f),
		newAlerts(f), newConfig(f), newPaths(f), newMan(), newVersion(),
	)
	root.AddCommand(extraCommands(f)...)
	return root
}

// noArgs is cobra.NoArgs in our voice.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := cobra.NoArgs(cmd, args)
	if cmd.HasParent() {
		return usagef("%s takes no argument, found %q", cmd.CommandPath(), args[0])
	}
	return err
}

// wrap lets every command report its own error and remember it: only what
// cobra itself finds goes through its error handling.
func wrap(cmd *cobra.Command, out *error) {
	for _, sub := range cmd.Commands() {
		wrap(sub, out)
	}
	if cmd.RunE == nil {
		return
	}
	inner := cmd.RunE
	cmd.RunE = func(c *cobra.Command, args []string) error {
		if *out = inner(c, args); *out != nil {
			report(c.ErrOrStderr(), *out)
		}
		return nil
	}
}
