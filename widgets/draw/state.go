package draw

import (
	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Mark returns the glyph of a state and its role: "" live, ◐ fallback,
// ○ stale, ✕ missing or error, "…" loading.
func Mark(pal *theme.Palette, s datasource.State) (string, theme.Role) {
	pick := func(u, a string) string {
		if pal.Symbols == theme.ASCII {
			return a
		}
		return u
	}
	switch s {
	case datasource.StateLive:
		return "", theme.Text
	case datasource.StateFallback:
		return pick("◐", "~"), theme.FromAPI
	case datasource.StateStale:
		return pick("○", "o"), theme.Warn
	case datasource.StateLoading:
		return pick("…", "."), theme.Dim
	default:
		return pick("✕", "x"), theme.Bad
	}
}

// Mark puts the glyph of an entry's state on the line, a blank when it is
// live, so that it always takes one cell. No entry is one that still loads.
func (p *Panel) Mark(e *datasource.Entry) *Panel {
	glyph, role := Mark(p.pal, StateOf(e))
	if glyph == "" {
		return p.Skip(1)
	}
	return p.Lit(role, glyph)
}

// StateOf returns an entry's state; no entry is one that still loads.
func StateOf(e *datasource.Entry) datasource.State {
	if e == nil {
		return datasource.StateLoading
	}
	return e.State
}

// Faded returns the role to show an entry's value in: r, or Dim when the value
// is only the last one known.
func Faded(e *datasource.Entry, r theme.Role) theme.Role {
	if StateOf(e) == datasource.StateStale {
		return theme.Dim
	}
	return r
}
