package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ticktop/datasource/suggest"
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
		RunE: func(cmd *cobra.Command, _ []string) error { return f.runDashboard(cmd) },
	}
	f.bindFlags(root)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(
		newDemo(f), newSnapshot(f), newDiscover(f), newCheck(f), newSimulate(f), newRecord(f), newReplay(f),
		newAlerts(f), newConfig(f), newPaths(f), newHealthcheck(), newMan(), newVersion(),
	)
	root.AddCommand(extraCommands(f)...)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	root.InitDefaultCompletionCmd()
	for _, sub := range root.Commands() {
		if sub.Name() == "completion" {
			sub.Args, sub.RunE = noArgs, func(*cobra.Command, []string) error {
				return usagef("completion for which shell? use: %s", subcommandNames(sub, "completion "))
			}
		}
	}
	f.addCompletions(root)
	return root
}

// newHelp is cobra's help command, which shows the help of the whole program
// for a topic that does not exist, and calls that a success.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			at, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return subcommands(at), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			at, rest, err := cmd.Root().Find(args)
			if err != nil {
				return usagef("%w", err)
			}
			if len(rest) > 0 {
				return unknownCommand(at, rest[0])
			}
			at.InitDefaultHelpFlag()
			return at.Help()
		},
	}
}

// noArgs is cobra.NoArgs in our voice.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.HasSubCommands():
		return unknownCommand(cmd, args[0])
	}
	return usagef("%s takes no argument, found %q", cmd.CommandPath(), args[0])
}

func unknownCommand(parent *cobra.Command, word string) error {
	hint := ""
	if best := suggest.Nearest(word, subcommands(parent)); best != "" {
		hint = fmt.Sprintf(" (did you mean %q?)", best)
	}
	return usagef("unknown command %q for %q%s; %s --help lists the commands", word, parent.CommandPath(), hint, parent.CommandPath())
}

// flagError adds to what pflag says which flag may have been meant.
func flagError(cmd *cobra.Command, err error) error {
	text := err.Error()
	word, unknown := strings.CutPrefix(text, "unknown flag: --")
	if unknown {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if best := suggest.Nearest(word, known); best != "" {
			text += fmt.Sprintf(" (did you mean \"--%s\"?)", best)
		}
	}
	if unknown || strings.HasPrefix(text, "unknown shorthand flag") || strings.HasPrefix(text, "flag needs an argument") {
		text += "; " + cmd.CommandPath() + " --help lists the flags"
	}
	return usagef("%s", text)
}

// subcommands are the names of what can be run under a command.
func subcommands(cmd *cobra.Command) []string {
	var out []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			out = append(out, sub.Name())
		}
	}
	slices.Sort(out)
	return out
}

// subcommandNames lists a command's subcommands as they are typed.
func subcommandNames(cmd *cobra.Command, before string) string {
	all := subcommands(cmd)
	for i := range all {
		all[i] = before + all[i]
	}
	return strings.Join(all, ", ")
}

// reportErrors lets every command report its own error and remember it: only what
// cobra itself finds goes through its error handling.
func reportErrors(cmd *cobra.Command, out *error) {
	for _, sub := range cmd.Commands() {
		reportErrors(sub, out)
	}
	if cmd.RunE == nil {
		return
	}
	inner := cmd.RunE
	cmd.RunE = func(c *cobra.Command, args []string) error {
		err := refuseFlags(c)
		if err == nil {
			err = inner(c, args)
		}
		if *out = err; *out != nil {
			reportError(c.ErrOrStderr(), *out)
		}
		return nil
	}
}
