package ui

import (
	"log/slog"
	"time"

	"ticktop/datasource"
	"ticktop/ui/framecache"
	"ticktop/ui/keymap"
	"ticktop/ui/scene"
	"ticktop/widgets/theme"
)

// Options is what a session is made with. Desk is required; the zero value of
// everything else is a sensible local session.
type Options struct {
	Desk Desk

	Theme   string              // a theme's name; "" or "auto": by the terminal's background
	Profile theme.Profile       // colours of this session's own terminal
	Symbols theme.Symbols       //
	Pixels  bool                // charts in pixels where the terminal says that it shows them
	Cell    [2]int              // pixels of a cell where they are known before; the terminal's answer goes before
	Keys    *Keys               // nil: the defaults
	Cache   *Cache              // shared by all sessions; nil: a new one
	Vars    map[string][]string // handed to the first Desk.Open; nil: as configured

	Width, Height int    // the terminal's size when it is known before the first frame
	Page          string // the page to start on, by name or number; "": the first
	Title         string // our name in the window title; "": ticktop
	Stamps        bool   // start with times of day
	Private       bool   // start with balances hidden
	NoMouse       bool   // start with the mouse released
	FPS           int    // frames a second under load, 1 to 60; 0: 12

	Grouped bool // a server draws the shared frame: data wakes the session once a second while it shows nothing private

	Local  bool   // this process owns the terminal: ctrl+z suspends
	Term   string // TERM, and the multiplexer's name in it, for copy and notifications; "": from the session's environment
	Notify string // how a terminal is notified of alerts: "" or "off": not at all, "bell", "osc9", "osc777", "osc99"

	Hide     func(bool)             // called when balances are hidden or shown, for what is written elsewhere; may be nil. Never waits
	Faults   Faults                 // the demo's fault menu
	Alerts   Alerts                 // rules made on screen; nil: none can be made
	Browser  Browser                // the keys of this Redis; nil: no browsing
	Write    func() (string, error) // writes what is shown as a config and returns where; nil: not here. From a command
	State    State                  // what was remembered of an earlier session
	Remember func(State)            // called with what to remember, after a change and at the end; nil: nothing is. Never waits
	Captions <-chan datasource.Safe // the tour's captions; an empty one takes the banner away
	Rate     func() float64         // bytes a second of this session, for the top bar; nil: not shown. Cheap, any goroutine
	Log      *slog.Logger           // nil: nothing is logged
	Clock    func() time.Time       // nil: time.Now
}

const (
	defaultFPS = 12
	maxWidth   = 500 // a PTY can claim any size: beyond this it is clamped
	maxHeight  = 200
)

// NewCache makes a cache of at most about maxBytes; 0 for the default.
func NewCache(maxBytes int) *Cache { return framecache.New[scene.PanelKey](maxBytes) }

func (o *Options) fillDefaults() {
	if o.Keys == nil {
		o.Keys, _ = keymap.New(nil) // the defaults do not conflict: a test holds that
	}
	if o.Cache == nil {
		o.Cache = NewCache(4 << 20)
	}
	if o.Title == "" {
		o.Title = "ticktop"
	}
	if o.FPS <= 0 {
		o.FPS = defaultFPS
	}
	o.FPS = min(o.FPS, 60)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Width <= 0 || o.Height <= 0 {
		o.Width, o.Height = 80, 24
	}
}
