package main

import (
	"image/color"
	"io"
	"os"

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
