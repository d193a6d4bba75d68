package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpWidth is the widest line of the help.
const helpWidth = 80

// The looks of the help: of the sixteen colours that the user has chosen for
// the terminal. Nothing asks the terminal for its background: one that does not
// answer would delay the help by seconds.
var (
	helpTitle = lipgloss.NewStyle().Bold(true)
	helpName  = lipgloss.NewStyle().Foreground(lipgloss.Cyan)
	helpNote  = lipgloss.NewStyle().Faint(true)
)

// stdout is standard output that remembers what went wrong: a full disk under
// help, paths or check is an error like any other.
type stdout struct {
	file *os.File
	err  error
}

// Fd says which terminal it is.
func (s *stdout) Fd() uintptr { return s.file.Fd() }

// Write implements io.Writer.
func (s *stdout) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	if err != nil && s.err == nil {
		s.err = err
	}
	return n, err
}

// showHelp writes the help of a command.
func showHelp(cmd *cobra.Command, mode string) {
	out := colourWriter(cmd.OutOrStdout(), mode)
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	fmt.Fprintln(out, text)
	writeSection(out, "Usage")
	fmt.Fprintln(out, "  "+usageLine(cmd))
	if cmd.Example != "" {
		writeSection(out, "Examples")
		for line := range strings.SplitSeq(strings.Trim(cmd.Example, "\n"), "\n") {
			line = "  " + strings.TrimPrefix(line, "  ")
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				line = helpNote.Render(line)
			}
			fmt.Fprintln(out, line)
		}
	}
	if cmd.HasAvailableSubCommands() {
		writeSection(out, "Commands")
		var rows [][2]string
		for _, name := range subcommands(cmd) {
			sub, _, _ := cmd.Find([]string{name})
			rows = append(rows, [2]string{name, sub.Short})
		}
		writeTable(out, rows)
	}
	var own, common [][2]string
	cmd.Flags().VisitAll(func(fl *pflag.Flag) {
		switch {
		case fl.Hidden || !meansSomething(cmd, fl.Name):
		case cmd.Root().PersistentFlags().Lookup(fl.Name) != nil && cmd.HasParent():
			common = append(common, flagRow(fl))
		default:
			own = append(own, flagRow(fl))
		}
	})
	if len(own) > 0 {
		writeSection(out, "Flags")
		writeTable(out, own)
	}
	if len(common) > 0 {
		writeSection(out, "Common flags")
		writeTable(out, common)
	}
}

func writeSection(out io.Writer, title string) { fmt.Fprintln(out, "\n"+helpTitle.Render(title+":")) }

// usageLine says how a command is typed.
func usageLine(cmd *cobra.Command) string {
	line := cmd.CommandPath()
	if _, args, ok := strings.Cut(cmd.Use, " "); ok {
		line += " " + args
	}
	if cmd.HasAvailableSubCommands() {
		line += " [command]"
	}
	return line + " [flags]"
}

// flagRow returns a flag with the name of its value, and what it does.
func flagRow(fl *pflag.Flag) [2]string {
	value, usage := pflag.UnquoteUsage(fl)
	name := "    --" + fl.Name
	if fl.Shorthand != "" {
		name = "-" + fl.Shorthand + ", --" + fl.Name
	}
	if value == "string" || value == "strings" || value == "stringArray" {
		value = "value"
	}
	if value != "" {
		name += " " + strings.ToUpper(value)
	}
	switch fl.DefValue {
	case "", "0", "false", "[]", "0s":
	default:
		if !strings.Contains(usage, "default") {
			usage += " (default " + fl.DefValue + ")"
		}
	}
	return [2]string{name, usage}
}

// writeTable writes names and what they mean in two columns, wrapped.
func writeTable(out io.Writer, rows [][2]string) {
	wide := 0
	for _, r := range rows {
		wide = max(wide, ansi.StringWidth(r[0]))
	}
	wide = min(wide, 28)
	for _, r := range rows {
		lines := strings.Split(ansi.Wordwrap(r[1], helpWidth-wide-4, ""), "\n")
		pad := wide - ansi.StringWidth(r[0])
		if pad < 0 {
			fmt.Fprintln(out, "  "+helpName.Render(r[0]))
			fmt.Fprintln(out, strings.Repeat(" ", wide+4)+lines[0])
		} else {
			fmt.Fprintln(out, "  "+helpName.Render(r[0])+strings.Repeat(" ", pad+2)+lines[0])
		}
		for _, l := range lines[1:] {
			fmt.Fprintln(out, strings.Repeat(" ", wide+4)+l)
		}
	}
}

// flagsOf lists the common flags that mean something to a command. Every
// command has help.
var flagsOf = map[string]string{
	"ticktop":     "config preset redis api account symbols var theme color private timezone no-state log-file record",
	"snapshot":    "config preset redis api account symbols var color private timezone no-state log-file record",
	"serve":       "config preset redis api account symbols var theme color private timezone no-state log-file",
	"demo":        "config account symbols var theme color private timezone no-state log-file record",
	"discover":    "config redis api color no-state log-file",
	"check":       "config preset redis api account symbols var theme color private timezone no-state log-file",
	"simulate":    "config redis symbols no-state log-file",
	"record":      "config preset redis api account symbols var private no-state log-file",
	"replay":      "config preset account symbols var theme color private timezone no-state log-file",
	"test":        "config preset account symbols var no-state",
	"trust":       "redis api account symbols var no-state",
	"paths":       "config no-state log-file",
	"healthcheck": "", "completion": "", "man": "", "version": "", "default": "", "schema": "", "presets": "", "help": "color",
}

// meansSomething reports whether a flag belongs to a command.
func meansSomething(cmd *cobra.Command, flag string) bool {
	if cmd.Root().PersistentFlags().Lookup(flag) == nil {
		return true // its own
	}
	known, ok := flagsOf[cmd.Name()]
	if !ok {
		return !cmd.HasParent() || !cmd.HasAvailableSubCommands()
	}
	for name := range strings.FieldsSeq(known) {
		if name == flag {
			return true
		}
	}
	return false
}

// refuseFlags is the mistake of a common flag that means nothing to a command.
func refuseFlags(cmd *cobra.Command) error {
	var err error
	cmd.Flags().Visit(func(fl *pflag.Flag) {
		if err == nil && fl.Name != "color" && !meansSomething(cmd, fl.Name) {
			err = usagef("--%s means nothing to %q; %s --help lists the flags", fl.Name, cmd.CommandPath(), cmd.CommandPath())
		}
	})
	return err
}
