package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/alert"
)

// BuiltIn is the name of the configuration that is used without a file.
const BuiltIn = "built-in"

// Config is a checked configuration. It is immutable.
type Config struct {
	Name string // BuiltIn, or the path it was read from
	Path string // "" when built in
	// Warnings are things that work but are likely not meant, one line each.
	Warnings []string

	Redis    Redis
	API      API
	CacheTTL time.Duration

	Vars    map[string][]string // values as configured; a plain variable has one
	Lists   map[string]bool     // which variables are lists
	Lookups map[string]bool     // which variables are looked up, see VarSources; they begin empty
	Choices map[string][]string // what a variable may be switched to; absent: anything

	Alerts []*alert.Rule // in the order of the file
	Hooks  Hooks
	Users  []User
	Serve  Serve
	Look   Look

	Zone       *time.Location // what times are shown in; nil for the terminal's
	SourceZone *time.Location // what times without a zone mean; nil for found out

	unknown []string        // variables of the command line that nothing here has
	dates   []moment        // every date in a key
	prices  map[string]bool // data that quotes and depth show
	drawn   map[string]bool // data that are drawn over time
	file    *file
	dec     *decoder          // the file's places, for widgets made later
	origin  map[string]string // where a value came from that is not the file's: "--redis", "REDIS_URL"
}

// Redis is how to reach the platform's Redis.
type Redis struct {
	URL          URL
	Username     string
	Password     Secret
	PasswordFile string
	CA           string
	Cert         string
	Key          string
	Insecure     bool
	Sharded      bool
	Poll         time.Duration
}

// API is how to reach the Django API; an empty URL means that there isn't one.
type API struct {
	URL       URL
	Token     Secret
	TokenFile string
	Scheme    string // "Token" or "Bearer"
	Timeout   time.Duration
	Share     bool

	CA, Cert, Key string            // files for https://
	Insecure      bool              // do not verify the server
	Headers       map[string]Secret // sent with every request
}

// Hooks is what happens when an alert fires, on the side of the server.
type Hooks struct {
	Exec    []string
	Webhook URL
	Level   datasource.Level
	Timeout time.Duration
}

// User is someone that may log in over SSH.
type User struct {
	Name    string
	Keys    []string            // authorized_keys lines
	Vars    map[string][]string // values allowed, the first is where a session starts
	Pages   []string            // pages allowed; none: all
	Private bool
}

// Serve holds the limits of the SSH server; 0 is the server's default.
type Serve struct {
	MaxSessions, PerUser, PerAddress int
	Idle, MaxAge                     time.Duration
}

// Look is how the dashboard looks and what its keys are, until a session says
// otherwise.
type Look struct {
	Theme   string // "" or "auto": by the terminal's background
	Symbols string // braille, block, ascii
	Color   string // auto, always, never
	Notify  string // how the terminal tells of an alert: off, bell, osc9, osc777, osc99
	Keys    map[string][]string
	Private bool
	Mouse   bool
}

// DataNames returns the names of the data section in order, groups once.
func (c *Config) DataNames() []string { return c.file.Data.Keys() }

// PageNames returns the names of the pages in order.
func (c *Config) PageNames() []string {
	out := make([]string, len(c.file.Pages))
	for i, p := range c.file.Pages {
		out[i] = p.Name
	}
	return out
}

// UnknownVars is the mistake of a variable on the command line that the
// configuration does not have; nil without one.
func (c *Config) UnknownVars() error {
	var out Errors
	slices.Sort(c.unknown)
	text := strings.Join(c.dec.lines, "\n")
	for _, name := range c.unknown {
		if strings.Contains(text, "{"+name+"}") || strings.Contains(text, "{"+name+".") {
			continue // named, and set nowhere else
		}
		out = append(out, &Error{Msg: fmt.Sprintf("%s: %s has no variable %q", flagOf(name), c.Name, name), Hint: didYouMean(name, slices.Sorted(maps.Keys(c.file.varNames())))})
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// varNames are the variables that the file has.
func (f *file) varNames() map[string]bool {
	out := map[string]bool{}
	for _, it := range f.Vars {
		out[it.Key] = true
	}
	return out
}
