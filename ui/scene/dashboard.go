// Package scene puts a page together: from everything that a frame depends on,
// except the data and the time, to the lines of the screen.
package scene

import (
	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
)

// Dashboard is what a session shows: pages of widgets, and the variables they
// were made with. It is immutable and shared by sessions.
type Dashboard struct {
	Name    datasource.Safe            // "built-in", or the config's path
	Pages   []layout.Page              //
	Vars    map[string][]string        // account: one element; symbols: many
	Choices map[string][]string        // what each variable may be set to; absent: anything
	Hints   map[string]datasource.Safe // data name → its key and source, for the inspector
	Banner  datasource.Safe            // shown until the next reload: a broken config, with its place
	Private bool                       // balances hidden by policy: 'x' cannot show them
	Markets []chrome.Session           // whose clocks the bar shows
	Demo    bool                       // simulated data: the screen says DEMO
}

// Account returns the first value of the account variable.
func (d *Dashboard) Account() datasource.Safe {
	if d == nil || len(d.Vars["account"]) == 0 {
		return datasource.Safe{}
	}
	return datasource.Clean(d.Vars["account"][0], 64)
}
