package main

import (
	"fmt"
	"strings"
	"time"

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
	{"129, 130, 131, 134, 143", "ended by SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGTERM; serve reads its configuration again on SIGHUP"},
}

// files is the FILES section.
var files = [][2]string{
	{"./ticktop.yaml, $XDG_CONFIG_HOME/ticktop/config.yaml, /etc/ticktop/config.yaml", "the configuration: the first that is there"},
	{"./.env", "environment; the real one wins"},
	{"$XDG_STATE_HOME/ticktop/ticktop.log", "the log"},
}

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Print the manual page (roff)",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root := newRoot() // a second one: running one of them gave it the common flags and -h
			root.InitDefaultHelpCmd()
			unwrapTexts(root)
			page, err := mango.NewManPage(1, root)
			if err != nil {
				return fmt.Errorf("man page: %w", err)
			}
			doc := manPage{Document: roff.NewDocument(), built: buildDate()}
			page.Build(doc)
			doc.writeKeys()
			doc.writePairs("Environment", environment)
			doc.writePairs("Exit status", statuses)
			doc.writePairs("Files", files)
			_, err = fmt.Fprint(cmd.OutOrStdout(), tidyRoff(doc.String()))
			return err
		},
	}
}

// unwrapTexts puts the lines of each description back together: in a manual page
// every line would be its own paragraph.
func unwrapTexts(cmd *cobra.Command) {
	paragraphs := strings.Split(cmd.Long, "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.ReplaceAll(p, "\n", " ")
	}
	cmd.Long = strings.Join(paragraphs, "\n\n")
	plain := func(fl *pflag.Flag) { _, fl.Usage = pflag.UnquoteUsage(fl) }
	cmd.Flags().VisitAll(plain)
	cmd.PersistentFlags().VisitAll(plain)
	for _, sub := range cmd.Commands() {
		unwrapTexts(sub)
	}
}

// manPage writes sections that the library has no form for, and the date of the
// commit instead of today's: the same commit gives the same page.
type manPage struct {
	*roff.Document
	built time.Time
}

func (p manPage) Heading(section uint, title, description string, _ time.Time) {
	p.Document.Heading(section, title, description, p.built)
}

// writeKeys lists the keys from the table that the program itself uses.
func (p manPage) writeKeys() {
	p.Section("Keys")
	group := ""
	for _, k := range keymap.Bindings() {
		if k.Group != group {
			group = k.Group
			p.Paragraph()
			p.TextBold(group)
			p.EndSection()
		}
		help := k.Help
		if k.Note != "" {
			help += " (" + k.Note + ")"
		}
		p.writeTagged(k.ShowKeys(), help+" ["+string(k.Action)+"]")
	}
}

func (p manPage) writePairs(title string, rows [][2]string) {
	p.Section(title)
	for _, r := range rows {
		p.writeTagged(r[0], r[1])
	}
}

func (p manPage) writeTagged(name, text string) {
	p.TaggedParagraph(-1)
	p.TextBold(name)
	p.EndSection()
	p.Text(text)
}

// tidyRoff leaves out empty paragraphs and breaks long lines of text at blanks,
// which changes nothing in how the page looks.
func tidyRoff(page string) string {
	lines := strings.Split(strings.TrimRight(page, "\n"), "\n")
	var b strings.Builder
	for i, line := range lines {
		last := i == len(lines)-1
		if line == "" || line == ".PP" && (last || lines[i+1] == "" || lines[i+1][0] == '.' || strings.HasPrefix(lines[i-1], ".SH")) {
			continue
		}
		for len(line) > roffWidth && line[0] != '.' {
			at := strings.LastIndexByte(line[:roffWidth], ' ')
			if at <= 0 || strings.ContainsAny(line[at+1:at+2], " .'") {
				break // a line that begins with a dot or a quote would be a command
			}
			b.WriteString(line[:at] + "\n")
			line = line[at+1:]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

const roffWidth = 78
