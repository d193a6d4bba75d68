package draw

import (
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Mark returns the glyph of a state and its role: "" live, ◐ fallback,
// ○ stale, ✕ missing or error, "…" loading.
func Mark(pal *theme.Palette, s datasource.State) (string, theme.Role) {
	ascii := pal.Symbols == theme.ASCII
	pick := func(u, a string) string {
		if ascii {
			return a
		}
		return u
	}
	switch s {
	case datasource.StateLive:
		return "", theme.Text
	case datasource.StateFallback:
		return pick("◐", "~"), theme.Warn
	case datasource.StateStale:
		return pick("○", "o"), theme.Warn
	case datasource.StateLoading:
		return pick("…", "."), theme.Dim
	default:
		return pick("✕", "x"), theme.Bad
	}
}

// Age formats how old something is, in at most 6 cells: "now" under a second,
// "34 s", "12 min", "3 h", "2 d".
func Age(d time.Duration) string {
	switch {
	case d < time.Second:
		return "now"
	case d < 2*time.Minute:
		return itoa(int(d/time.Second)) + " s"
	case d < 2*time.Hour:
		return itoa(int(d/time.Minute)) + " min"
	case d < 48*time.Hour:
		return itoa(int(d/time.Hour)) + " h"
	default:
		return itoa(int(d/(24*time.Hour))) + " d"
	}
}

func itoa(n int) string { return datasource.NumberFromInt(int64(n)).String() }
