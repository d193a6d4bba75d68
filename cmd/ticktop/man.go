package main

import (
	"fmt"
	"strings"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ticktop/ui/keymap"
)

// environment is the ENVIRONMENT section of the man page.
var environment = [][2]string{
	{"REDIS_URL", "Redis address; default redis://localhost:6379/0"},
	{"REDIS_USERNAME, REDIS_PASSWORD", "credentials that are not in the address"},
	{"CACHE_TTL", "how long an answer of the API counts as fresh: whole seconds or a duration; default 60"},
	{"DJANGO_API_URL", "base address of the Django API"},
	{"DJANGO_API_TOKEN", "its token"},
	{"*_FILE", "each of these may be read from a file: REDIS_PASSWORD_FILE, DJANGO_API_TOKEN_FILE, …"},
	{"TICKTOP_CONFIG", "configuration file"},
	{"NO_COLOR", "any non-empty value: no colour"},
	{"CLICOLOR_FORCE", "colour even where there is no terminal"},
	{"XDG_CONFIG_HOME, XDG_STATE_HOME", "where the configuration is looked for, where logs go"},
}

// statuses is the EXIT STATUS section.
var statuses = [][2]string{
	{"0", "all right; a snapshot: all live"},
	{"1", "anything else"},
	{"2", "usage or configuration"},
	{"3", "a snapshot was printed, but something is fallback, stale, missing or error"},
	{"4", "nothing could be read from any source"},
	{"130, 143", "ended by SIGINT, SIGTERM"},
}

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Print the manual page (roff)",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root := newRoot() // of its own: running one of them gave it the common flags and -h
			root.InitDefaultHelpCmd()
			unwrap(root)
			page, err := mango.NewManPage(1, root)
			if err != nil {
				return fmt.Errorf("man page: %w", err)
			}
			page = page.WithSection("Keys", keySection()).
				WithSection("Environment", pairSection(environment)).
				WithSection("Exit status", pairSection(statuses)).
				WithSection("Files", "./ticktop.yaml, $XDG_CONFIG_HOME/ticktop/config.yaml, /etc/ticktop/config.yaml: the configuration, the first that is there. "+
					"./.env: environment; the real one wins. $XDG_STATE_HOME/ticktop/ticktop.log: the log.")
			_, err = fmt.Fprint(cmd.OutOrStdout(), page.Build(roff.NewDocument()))
			return err
		},
	}
}

// unwrap puts the lines of each description back together: in a manual page
// every line would be a paragraph of its own.
func unwrap(cmd *cobra.Command) {
	paragraphs := strings.Split(cmd.Long, "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.ReplaceAll(p, "\n", " ")
	}
	cmd.Long = strings.Join(paragraphs, "\n\n")
	plain := func(fl *pflag.Flag) { _, fl.Usage = pflag.UnquoteUsage(fl) }
	cmd.Flags().VisitAll(plain)
	cmd.PersistentFlags().VisitAll(plain)
	for _, sub := range cmd.Commands() {
		unwrap(sub)
	}
}

// keySection lists the keys from the table that the program itself uses.
func keySection() string {
	var b strings.Builder
	group := ""
	for _, k := range keymap.Bindings() {
		if k.Group != group {
			if group != "" {
				b.WriteString("\n\n")
			}
			group = k.Group
			b.WriteString(group + ":\n")
		}
		note := ""
		if k.Note != "" {
			note = " (" + k.Note + ")"
		}
		fmt.Fprintf(&b, "\n%-16s %s%s [%s]", k.ShowKeys(), k.Help, note, k.Action)
	}
	return b.String()
}

func pairSection(rows [][2]string) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s\n    %s\n", r[0], r[1])
	}
	return b.String()
}
