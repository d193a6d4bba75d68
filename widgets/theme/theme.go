// Package theme holds ticktop's palettes: about twenty semantic roles, and
// what they look like on a terminal with many colours, few or none.
//
// Nothing here is a package variable that a session could change: a Palette is
// compiled once for a theme, a colour profile and a set of graph symbols, and
// shared by all sessions that have the same.
package theme

// Role is what a piece of text means. Widgets name roles, never colours.
type Role uint8

// The roles.
const (
	Text      Role = iota // ordinary values
	Label                 // names of values, column heads
	Strong                // values that matter most, symbols
	Dim                   // old or unimportant
	Title                 // titles of panels
	Border                // quiet borders
	Focus                 // border of the focused panel
	Accent                // ticktop's own name, active tab
	Key                   // key names in hints
	Up                    // rising, buy, profit
	Down                  // falling, sell, loss
	UpFlash               // just risen
	DownFlash             // just fallen
	FromAPI               // the mark and words of a value that came from the API
	Good                  // on, healthy
	Warn                  // fallback, stale, attention
	Bad                   // error, critical
	Axis                  // axes and grid of charts
	Series1               // lines of charts, in order
	Series2
	Series3
	Series4
	Bar       // background of status bar and footer
	Selected  // the row under the cursor
	Banner    // pause, replay, alerts: cannot be missed
	BannerBad // critical alerts
	Alarm     // the ground of what is said of a failed source
	TagUp     // a figure on a ground of the rising colour: the last price of a chart
	TagDown   // the same, falling
	UpDim     // rising, as a quiet area: volume, the body of a curve
	DownDim   // falling, the same
	NumRoles
)

var roleNames = [NumRoles]string{
	"text", "label", "strong", "dim", "title", "border", "focus", "accent", "key", "up", "down", "up flash", "down flash", "from api",
	"good", "warn", "bad", "axis", "series 1", "series 2", "series 3", "series 4", "bar", "selected", "banner", "critical banner", "alarm",
	"rising tag", "falling tag", "rising area", "falling area",
}

// String returns the role's name, for the theme picker and for tests.
func (r Role) String() string {
	if r < NumRoles {
		return roleNames[r]
	}
	return "unknown"
}

// Direction returns the role of a change: Up above zero, Down below, Text at
// zero. fresh picks the flashing ones.
func Direction(dir int, fresh bool) Role {
	switch {
	case dir > 0 && fresh:
		return UpFlash
	case dir > 0:
		return Up
	case dir < 0 && fresh:
		return DownFlash
	case dir < 0:
		return Down
	default:
		return Text
	}
}

// Series returns the role of the i-th line of a chart, from 0; the four repeat.
func Series(i int) Role { return Series1 + Role(i%4) }
