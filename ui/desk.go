package ui

import (
	"ticktop/datasource"
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
}

// Desk is what a session may see and how it gets it. Whatever a user may not
// see is refused here, where data is read, and not only where it is drawn.
// Methods may be called from any goroutine and do not block on I/O.
type Desk interface {
	// Open returns the dashboard for these variables (nil: as configured) and
	// a feed of its data, which the caller closes. An error says what is not
	// allowed or not possible; the old dashboard then stays.
	Open(vars map[string][]string) (*Dashboard, datasource.Feed, error)
	// Changed is closed when Open would give another answer: the config was
	// reloaded. Call Changed again after that.
	Changed() <-chan struct{}
}

// Fault is one thing that the demo can break.
type Fault struct {
	ID    string
	Title string // "stop Redis"
	Text  string // what to look for on the screen
	On    bool
}

// Faults is the demo's fault menu; nil outside the demo. Set may block for a
// moment and is called from a command, never from Update.
type Faults interface {
	List() []Fault
	Set(id string, on bool) error
}
