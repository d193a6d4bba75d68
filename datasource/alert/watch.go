package alert

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ticktop/datasource"
)

// Watch puts rules between a feed and its viewer: every snapshot it hands on
// carries the alerts that are true. Rules that depend on the clock are looked at
// once a second as well, between the snapshots. Where the feed is a
// datasource.Player so is the result, and the clock is the recording's. Closing
// it closes the feed.
func Watch(feed datasource.Feed, rules []*Rule, options ...WatchOption) datasource.Feed {
	w := &watch{
		feed: feed, rules: slices.Clone(rules), changed: make(chan struct{}, 1), done: make(chan struct{}),
		timed: slices.ContainsFunc(rules, func(r *Rule) bool { return r.timed }),
	}
	for _, set := range options {
		set(w)
	}
	w.names = ruleData(rules, feed.Snapshot())
	w.evaluateNewest(time.Now(), true)
	go w.run()
	if p, ok := feed.(datasource.Player); ok {
		return &player{watch: w, Player: p}
	}
	return w
}

// WatchOption changes how a feed is watched.
type WatchOption func(*watch)

// CountInto adds the rules evaluated to n.
func CountInto(n *atomic.Uint64) WatchOption { return func(w *watch) { w.count = n } }

// watch implements datasource.Feed.
type watch struct {
	feed    datasource.Feed
	rules   []*Rule
	timed   bool
	changed chan struct{}
	done    chan struct{}
	once    sync.Once
	count   *atomic.Uint64 // of the rules evaluated; may be nil
	current atomic.Pointer[datasource.Snapshot]

	// Of the goroutine that steps.
	state  *State
	slept  datasource.Sleep // the last that state knows of
	names  []string         // the data that the rules look at
	rev    uint64           // of names, when they were last evaluated
	seen   *datasource.Snapshot
	alerts []datasource.Alert
	seq    uint64
}

func (w *watch) run() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		// Without a rule that looks at the clock only an ended alert that still
		// lingers needs it.
		var tick <-chan time.Time
		if w.timed || len(w.alerts) > 0 {
			tick = ticker.C
		}
		onClock := false
		select {
		case <-w.feed.Changed():
		case <-tick:
			onClock = true
		case <-w.done:
			return
		}
		if w.evaluateNewest(time.Now(), onClock) {
			select {
			case w.changed <- struct{}{}:
			default:
			}
		}
	}
}

// evaluateNewest evaluates the newest snapshot and reports whether there is a new one to
// show: the feed's, or the same with other alerts. Of a live snapshot in which
// nothing moved that a rule looks at, the clock decides once a second; most of
// the frames of a busy screen cost no evaluation.
func (w *watch) evaluateNewest(now time.Time, onClock bool) bool {
	snap, alerts := w.feed.Snapshot(), w.alerts
	rev := snap.Rev(w.names...)
	if snap.Slept != w.slept {
		w.slept, w.state, onClock = snap.Slept, w.state.afterSuspend(snap.Slept), true
	}
	if snap.Replay != nil {
		now, onClock = snap.Replay.At, true
	}
	if onClock || rev != w.rev {
		alerts, w.state = Eval(w.rules, snap, now, w.state)
		w.rev = rev
		if w.count != nil {
			w.count.Add(uint64(len(w.rules)))
		}
	}
	if snap == w.seen && slices.Equal(alerts, w.alerts) {
		return false
	}
	w.seen, w.alerts = snap, alerts
	w.seq = max(w.seq+1, snap.Seq)
	out := *snap
	out.Seq, out.Alerts = w.seq, alerts
	w.current.Store(&out)
	return true
}

// ruleData returns the data, or groups of them, that rules look at.
func ruleData(rules []*Rule, snap *datasource.Snapshot) []string {
	var out []string
	for _, r := range rules {
		for _, p := range r.paths {
			name := p.names[0]
			for _, n := range p.names {
				if snap.Get(n) != nil {
					name = n
				}
			}
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func (w *watch) Snapshot() *datasource.Snapshot        { return w.current.Load() }
func (w *watch) Changed() <-chan struct{}              { return w.changed }
func (w *watch) Refresh(names ...string)               { w.feed.Refresh(names...) }
func (w *watch) History(name string) []datasource.Past { return w.feed.History(name) }

func (w *watch) Close() {
	w.once.Do(func() {
		close(w.done)
		w.feed.Close()
	})
}

// player is a watch over a recording. The embedded Player steers; what both have
// is the watch's.
type player struct {
	*watch
	datasource.Player
}

func (p *player) Snapshot() *datasource.Snapshot        { return p.watch.Snapshot() }
func (p *player) Changed() <-chan struct{}              { return p.watch.Changed() }
func (p *player) Refresh(names ...string)               { p.watch.Refresh(names...) }
func (p *player) History(name string) []datasource.Past { return p.watch.History(name) }
func (p *player) Close()                                { p.watch.Close() }
