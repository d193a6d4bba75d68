package main

import (
	"io"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"ticktop/cmd/internal/app"
	"ticktop/datasource/redisdb"
	"ticktop/widgets/theme"
)

// gradeStyles are the looks of the words that a check's lines begin with. The
// sixteen colours are those that the user has chosen for the terminal.
var gradeStyles = map[redisdb.Grade]lipgloss.Style{
	redisdb.GradeOK:   lipgloss.NewStyle().Width(gradeWidth).Foreground(lipgloss.Green),
	redisdb.GradeNote: lipgloss.NewStyle().Width(gradeWidth).Foreground(lipgloss.Yellow),
	redisdb.GradeFail: lipgloss.NewStyle().Width(gradeWidth).Foreground(lipgloss.Red).Bold(true),
}

const gradeWidth = 4

// colourWriter returns a writer that lowers colours to what out shows: none where it
// is no terminal, or where --color or NO_COLOR says so.
func colourWriter(out io.Writer, mode string) io.Writer {
	f, ok := out.(interface{ Fd() uintptr })
	profile := colorprofile.NoTTY
	if p := app.Profile(os.Environ(), ok && term.IsTerminal(f.Fd()), mode); p != theme.ProfileNone {
		profile = app.TeaProfile(p)
	}
	return &colorprofile.Writer{Forward: out, Profile: profile}
}

// colourMode returns --color of the command line, which the help follows too
// although it is shown before flags are read.
func colourMode(args []string) string {
	mode := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if v, ok := strings.CutPrefix(arg, "--color="); ok {
			mode = v
		} else if arg == "--color" && i+1 < len(args) {
			mode = args[i+1]
		}
	}
	return mode
}
