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
	NumRoles
)
