package app

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/ui"
	"ticktop/ui/chrome"
)

// opener gives a feed of the data that a dashboard reads; the engine, a
// recording.
type opener interface {
	Watch(refs []datasource.Ref) datasource.Feed
}

// alerter adds alerts to a feed, for the variables it was opened with.
type alerter func(feed datasource.Feed, c *config.Config, names []string) datasource.Feed

// office is what all desks of a process share: the configuration that holds
// now, where data comes from, and the dashboards made so far. Dashboards are
// shared by everyone who sees the same thing: their widgets' addresses are the
// keys of the picture cache.
type office struct {
	log    *slog.Logger
	alerts alerter

	commons *commons
	demo    bool // simulated data: the screen says DEMO

	mu      sync.Mutex
	config  *config.Config
	source  opener
	banner  datasource.Safe
	changed chan struct{}
	made    map[string]*ui.Dashboard
}

// maxMade bounds the dashboards kept; what is beyond is made again.
const maxMade = 512

func newOffice(c *config.Config, source opener, log *slog.Logger, alerts alerter) *office {
	return &office{log: log, alerts: alerts, config: c, source: source, commons: newCommons(), changed: make(chan struct{}), made: map[string]*ui.Dashboard{}}
}

// replace puts another configuration in force and tells the sessions.
func (o *office) replace(c *config.Config, source opener) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.config, o.source, o.banner = c, source, datasource.Safe{}
	o.tell()
}

// warn shows a text on every session until the next change: the configuration
// in force stays.
func (o *office) warn(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.banner = datasource.Clean(text, 400)
	o.tell()
}

func (o *office) tell() {
	o.made = map[string]*ui.Dashboard{}
	close(o.changed)
	o.changed = make(chan struct{})
}

func (o *office) current() (*config.Config, opener) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.config, o.source
}

// Desk is one principal's way to the data: it implements ui.Desk. What the
// principal may not see is never read for it.
type Desk struct {
	office    *office
	principal Principal
}

var _ ui.Desk = (*Desk)(nil)

// Changed implements ui.Desk.
func (d *Desk) Changed() <-chan struct{} {
	d.office.mu.Lock()
	defer d.office.mu.Unlock()
	return d.office.changed
}

// Open implements ui.Desk.
func (d *Desk) Open(wanted map[string][]string) (*ui.Dashboard, datasource.Feed, error) {
	c, source := d.office.current()
	vars, err := d.principal.vars(c, wanted)
	if err != nil {
		return nil, nil, err
	}
	board, err := d.board(c, vars)
	if err != nil {
		return nil, nil, err
	}
	refs, err := d.refs(c, vars, board)
	if err != nil {
		return nil, nil, err
	}
	feed := source.Watch(refs)
	if d.office.alerts != nil {
		names := make([]string, len(refs))
		for i, r := range refs {
			names[i] = r.Name
		}
		feed = d.office.alerts(feed, c, names)
	}
	if board.Private {
		feed = mask.Feed(feed)
	}
	return board, feed, nil
}

// Refs returns what a session with these variables reads.
func (d *Desk) Refs(wanted map[string][]string) ([]datasource.Ref, error) {
	c, _ := d.office.current()
	vars, err := d.principal.vars(c, wanted)
	if err != nil {
		return nil, err
	}
	board, err := d.board(c, vars)
	if err != nil {
		return nil, err
	}
	return d.refs(c, vars, board)
}

// board returns the dashboard for these variables, shared with everyone who
// may see the same.
func (d *Desk) board(c *config.Config, vars map[string][]string) (*ui.Dashboard, error) {
	key := d.key(vars)
	o := d.office
	o.mu.Lock()
	board, ok := o.made[key]
	banner := o.banner
	if d.principal.Bound && !banner.Empty() { // it quotes the file, which names other users
		banner = datasource.Clean("config not reloaded: the last good one stays", 0)
	}
	same := o.config == c
	o.mu.Unlock()
	if ok && same {
		return board, nil
	}
	var allowed []string
	if d.principal.Bound && len(d.principal.Pages) > 0 {
		allowed = d.principal.Pages
	}
	pages, err := c.Pages(vars, allowed)
	if err != nil {
		return nil, err
	}
	board = &ui.Dashboard{
		Name: datasource.Clean(c.Name, 200), Pages: pages, Vars: vars, Choices: d.principal.allChoices(c),
		Banner: banner, Private: d.principal.Private || c.Look.Private,
		Demo: o.demo, Markets: chrome.DefaultSessions(),
	}
	refs, err := c.Refs(vars, time.Now())
	if err != nil {
		return nil, err
	}
	board.Hints = hints(refs)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.config == c {
		if len(o.made) >= maxMade {
			clear(o.made)
		}
		o.made[key] = board
	}
	return board, nil
}

// key tells apart whatever makes two dashboards different.
func (d *Desk) key(vars map[string][]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		fmt.Fprintf(&b, "%q=%q;", name, vars[name])
	}
	p := d.principal
	fmt.Fprintf(&b, "%v%v%q", p.Bound, p.Private, p.Pages)
	for _, name := range slices.Sorted(maps.Keys(p.Vars)) {
		fmt.Fprintf(&b, "%q:%q;", name, p.Vars[name])
	}
	return b.String()
}

// refs returns what the dashboard reads: everything configured, but for
// someone with only some of the pages what these show and nothing else.
func (d *Desk) refs(c *config.Config, vars map[string][]string, board *ui.Dashboard) ([]datasource.Ref, error) {
	refs, err := c.Refs(vars, time.Now())
	if err != nil || !d.principal.Bound || len(d.principal.Pages) == 0 {
		return refs, err
	}
	shown := map[string]bool{}
	for _, p := range board.Pages {
		for _, r := range p.Rows {
			for _, cell := range r.Cells {
				for _, name := range cell.Widget.Data() {
					shown[name] = true
				}
			}
		}
	}
	return slices.DeleteFunc(refs, func(r datasource.Ref) bool {
		return !shown[r.Name] && !shown[datasource.Group(r.Name)]
	}), nil
}

// hints says for each datum where it is read, for the inspector.
func hints(refs []datasource.Ref) map[string]datasource.Safe {
	out := make(map[string]datasource.Safe, len(refs))
	for _, r := range refs {
		text := r.Kind.String() + " " + r.Key
		if r.Live != "" {
			text += ", live " + r.Live
		}
		if r.Fallback.Defined() {
			text += ", else " + r.Fallback.Path
		}
		out[r.Name] = datasource.Clean(text, 400)
	}
	return out
}
