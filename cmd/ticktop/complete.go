package main

import (
	"github.com/spf13/cobra"

	"ticktop/cmd/internal/snapshot"
	"ticktop/widgets/theme"
)

// addCompletions tells the shell which values a flag takes, where they are few.
func (f *flags) addCompletions(root *cobra.Command) {
	words := map[string][]string{
		"color":  {"auto", "always", "never"},
		"theme":  append([]string{"auto"}, theme.Names()...),
		"format": snapshot.Formats,
	}
	nothing := []string{"redis", "api", "account", "symbols", "var"}
	for _, cmd := range append(root.Commands(), root) {
		for flag, values := range words {
			if cmd.Flags().Lookup(flag) != nil || cmd.PersistentFlags().Lookup(flag) != nil {
				_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
			}
		}
	}
	for _, flag := range nothing {
		_ = root.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
}
