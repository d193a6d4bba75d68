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

// dashboards is what all desks of a process share: the configuration that holds
// now, where data comes from, and the dashboards made so far. Dashboards are
// shared by everyone that sees the same thing: their widgets' addresses are the
// keys of the picture cache.
type dashboards struct {
	log    *slog.Logger
	alerts alerter

	feeds *sharedFeeds
	demo  bool // simulated data: the screen says DEMO

	mu      sync.Mutex
	config  *config.Config
	source  opener
	banner  datasource.Safe
	changed chan struct{}
	made    map[string]*ui.Dashboard
}

// maxMade bounds the dashboards kept; what is beyond is made again.
const maxMade = 512

func newDashboards(c *config.Config, source opener, log *slog.Logger, alerts alerter) *dashboards {
	return &dashboards{log: log, alerts: alerts, config: c, source: source, feeds: newSharedFeeds(), changed: make(chan struct{}), made: map[string]*ui.Dashboard{}}
}

// replaceConfig puts another configuration in force and tells the sessions.
func (o *dashboards) replaceConfig(c *config.Config, source opener) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.config, o.source, o.banner = c, source, datasource.Safe{}
	o.notifySessions()
}

// showWarning shows a text on every session until the next change: the configuration
// in force stays.
func (o *dashboards) showWarning(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.banner = datasource.Clean(text, 400)
	o.notifySessions()
}

func (o *dashboards) notifySessions() {
	o.made = map[string]*ui.Dashboard{}
	close(o.changed)
	o.changed = make(chan struct{})
}

func (o *dashboards) current() (*config.Config, opener) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.config, o.source
}

// Desk is one principal's way to the data: it implements ui.Desk. What the
// principal may not see is never read for it.
type Desk struct {
	dashboards *dashboards
	principal  Principal
	pins       *Pins // nil for none
}

var _ ui.Desk = (*Desk)(nil)

// Changed implements ui.Desk.
func (d *Desk) Changed() <-chan struct{} {
	d.dashboards.mu.Lock()
	defer d.dashboards.mu.Unlock()
	return d.dashboards.changed
}

// Open implements ui.Desk. Principals with the same rights share one feed.
func (d *Desk) Open(wanted map[string][]string) (*ui.Dashboard, datasource.Feed, error) {
	c, source := d.dashboards.current()
	c = d.pins.Apply(c)
	v, board, err := d.view(c, wanted)
	if err != nil {
		return nil, nil, err
	}
	refs, err := v.readRefs(v.resolveVars(nil), time.Now())
	if err != nil {
		return nil, nil, err
	}
	key := feedKey{config: c, source: source, view: d.sharingKey(v.vars) + fmt.Sprint(v.fixed), private: board.Private}
	feed := d.dashboards.feeds.open(key, func() datasource.Feed { return d.newFeed(source, v, refs, board.Private) })
	return board, feed, nil
}

// feedKey tells apart what two sessions may see.
type feedKey struct {
	config  *config.Config
	source  opener
	view    string
	private bool
}

// newFeed opens the feed of a view: its variables followed, its alerts
// evaluated, and hidden what is private.
func (d *Desk) newFeed(source opener, v *sessionView, refs []datasource.Ref, private bool) datasource.Feed {
	feed := source.Watch(refs)
	setter, canSet := feed.(refSetter)
	follower, canFollow := source.(variableFollower)
	if canSet && canFollow && v.changesByItself(time.Now()) {
		feed = followVariables(setter, v, follower, d.dashboards.log)
	}
	if d.dashboards.alerts != nil {
		names := make([]string, len(refs))
		for i, r := range refs {
			names[i] = r.Name
		}
		for _, group := range v.config.DataNames() { // those of variables yet to be looked up
			if v.shown == nil || v.shown(datasource.Ref{Name: group}) {
				names = append(names, group)
			}
		}
		feed = d.dashboards.alerts(feed, v.config, names)
	}
	if private {
		feed = mask.Feed(feed)
	}
	return feed
}

// view returns what a session with these variables sees, and its dashboard.
func (d *Desk) view(c *config.Config, wanted map[string][]string) (*sessionView, *ui.Dashboard, error) {
	vars, err := d.principal.allowedVars(c, wanted)
	if err != nil {
		return nil, nil, err
	}
	board, err := d.sharedDashboard(c, vars)
	if err != nil {
		return nil, nil, err
	}
	return &sessionView{config: c, vars: vars, fixed: wanted, shown: d.shownRefs(board)}, board, nil
}

// Refs returns what a session with these variables reads, before anything is
// looked up.
func (d *Desk) Refs(wanted map[string][]string) ([]datasource.Ref, error) {
	c, _ := d.dashboards.current()
	v, _, err := d.view(c, wanted)
	if err != nil {
		return nil, err
	}
	return v.readRefs(v.resolveVars(nil), time.Now())
}

// sharedDashboard returns the dashboard for these variables, shared with everyone who
// may see the same.
func (d *Desk) sharedDashboard(c *config.Config, vars map[string][]string) (*ui.Dashboard, error) {
	key := d.sharingKey(vars)
	o := d.dashboards
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
	board.Hints = originHints(refs)
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

// sharingKey tells apart whatever makes two dashboards different.
func (d *Desk) sharingKey(vars map[string][]string) string {
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

// shownRefs tells which data a session reads: nil for everything configured, else
// what the pages that it may see show, and nothing else.
func (d *Desk) shownRefs(board *ui.Dashboard) func(datasource.Ref) bool {
	if !d.principal.Bound || len(d.principal.Pages) == 0 {
		return nil
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
	return func(r datasource.Ref) bool { return shown[r.Name] || shown[datasource.Group(r.Name)] }
}

// originHints says for each datum where it is read, for the inspector.
func originHints(refs []datasource.Ref) map[string]datasource.Safe {
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
