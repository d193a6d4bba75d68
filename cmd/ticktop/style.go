package main

import (
	"image/color"
	"io"
	"os"
	"strings"

	"charm.land/fang/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"ticktop/cmd/internal/app"
	"ticktop/datasource/redisdb"
	"ticktop/widgets/theme"
)

// helpColours gives the help of the commands the colours of the dashboard.
func helpColours(pick lipgloss.LightDarkFunc) fang.ColorScheme {
	of := func(r theme.Role) color.Color {
		return pick(colourOf(theme.For(false), r), colourOf(theme.For(true), r))
	}
	text, label := of(theme.Text), of(theme.Label)
	return fang.ColorScheme{
		Base: text, Title: of(theme.Title), Description: text, Help: text, Argument: text,
		Codeblock: of(theme.Bar), Program: of(theme.Accent), Command: of(theme.Key), Flag: of(theme.Key),
		FlagDefault: label, DimmedArgument: label, Comment: label, Dash: label, QuotedString: of(theme.Warn),
		ErrorHeader: [2]color.Color{of(theme.Strong), of(theme.Bad)}, ErrorDetails: text,
	}
}

// colourOf is a role's colour in a theme: its background where it has one.
func colourOf(t *theme.Theme, r theme.Role) color.Color {
	fg, bg := t.Colours(r)
	if r == theme.Bar && bg != nil {
		return bg
	}
	if fg == nil {
		return lipgloss.NoColor{}
	}
	return fg
}

// gradeStyles are the looks of the words that a check's lines begin with. The
// sixteen colours are those that the user has chosen for the terminal.
var gradeStyles = map[redisdb.Grade]lipgloss.Style{
	redisdb.GradeOK:   lipgloss.NewStyle().Width(gradeWidth).Foreground(lipgloss.Green),
	redisdb.GradeNote: lipgloss.NewStyle().Width(gradeWidth).Foreground(lipgloss.Yellow),
	redisdb.GradeFail: lipgloss.NewStyle().Width(gradeWidth).Foreground(lipgloss.Red).Bold(true),
}

const gradeWidth = 4

// painted returns a writer that lowers colours to what out shows: none where it
// is no terminal, or where --color or NO_COLOR says so.
func painted(out io.Writer, mode string) io.Writer {
	f, ok := out.(*os.File)
	profile := colorprofile.NoTTY
	if p := app.Profile(os.Environ(), ok && term.IsTerminal(f.Fd()), mode); p != theme.ProfileNone {
		profile = app.TeaProfile(p)
	}
	return &colorprofile.Writer{Forward: out, Profile: profile}
}

// agreeOnColour makes the environment say what app.Profile reads in it, for the
// library that paints the help: it takes "NO_COLOR=0" for a no and
// "CLICOLOR_FORCE=yes" for nothing, lets CLICOLOR_FORCE win over NO_COLOR, and
// knows no --color. args are those of the command line.
func agreeOnColour(args []string) {
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
	force := os.Getenv("CLICOLOR_FORCE")
	switch {
	case mode == "never" || mode != "always" && os.Getenv("NO_COLOR") != "":
		os.Setenv("NO_COLOR", "1")
		os.Unsetenv("CLICOLOR_FORCE")
	case mode == "always" || force != "" && force != "0":
		os.Unsetenv("NO_COLOR")
		os.Setenv("CLICOLOR_FORCE", "1")
	}
}
