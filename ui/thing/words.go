package thing

import (
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// panel is what the panels of a thing's page share: they show the selected
// element out of everything there is.
type panel struct{}

func (panel) Kind() string                                    { return "thing" }
func (panel) Data() []string                                  { return nil }
func (panel) Follows() bool                                   { return true }
func (panel) Selects(widgets.Context) (datasource.Safe, bool) { return datasource.Safe{}, false }

func cleanTitle(s string) datasource.Safe { return datasource.Clean(s, 64) }

// of is a title with the symbol that it is about.
func of(s string, f *widgets.Context) datasource.Safe {
	if f.Selected.Empty() {
		return cleanTitle(s)
	}
	return cleanTitle(s + " · " + f.Selected.String())
}

// signRole is the role of a figure by its sign.
func signRole(s string) theme.Role {
	switch {
	case strings.HasPrefix(s, "-"):
		return theme.Down
	case s == "", strings.Trim(s, "0.") == "":
		return theme.Text
	}
	return theme.Up
}

// withSign writes the sign of a positive figure.
func withSign(s string) string {
	if s == "" || s[0] == '-' || s[0] == '+' || strings.Trim(s, "0.") == "" {
		return s
	}
	return "+" + s
}

// sourceNote says where data came from and how old it is, when it is not live.
func sourceNote(f *widgets.Context, entries []*datasource.Entry) (datasource.Safe, theme.Role) {
	return draw.Note(entries, f.Now, f.Stamps)
}

// isHidden reports whether balances are hidden in what positions are read from:
// then nobody can say that there aren't any.
func isHidden(entries []*datasource.Entry) bool {
	return slices.ContainsFunc(entries, func(e *datasource.Entry) bool {
		return e.Known() && e.Value.Type == datasource.TypeText && e.Value.Text.String() == mask.Text
	})
}
