package ui

import (
	"ticktop/datasource"
	"ticktop/ui/keymap"
	"ticktop/ui/scene"
)

// Dashboard is what a session shows: pages of widgets, and the variables they
// were made with. It is immutable and shared by sessions.
type Dashboard = scene.Dashboard

// Keys is a checked assignment of keys to actions.
type Keys = keymap.Map

// Cache keeps rendered panels. One is shared by all sessions of a process.
type Cache = scene.Cache

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

// Fault is one fault that the demo can enable.
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
