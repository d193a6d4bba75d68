package alert

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"ticktop/datasource"
)

// maxOwnRules bounds the rules that one session makes.
const maxOwnRules = 50

// ownRuleBase keeps the Rule of own alerts apart from those of the configuration.
const ownRuleBase = 1 << 20

// OwnRule is a rule that was made on screen.
type OwnRule struct {
	ID   string
	Rule *Rule
}

// Rules are the rules that one session has made on screen. All methods are safe
// for concurrent use.
type Rules struct {
	mu      sync.Mutex
	list    []ownRule
	next    int
	version uint64
}

type ownRule struct {
	id   int
	rule *Rule
}

// Add arms a condition and returns its ID.
func (r *Rules) Add(when string, level datasource.Level) (id string, err error) {
	rule, err := Compile(when, level)
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.list) >= maxOwnRules {
		return "", fmt.Errorf("at most %d alerts of one's own: remove one", maxOwnRules)
	}
	r.next++
	r.version++
	r.list = append(r.list, ownRule{r.next, rule})
	return strconv.Itoa(r.next), nil
}

// Edit replaces the condition of a rule; what it has seen so far is forgotten.
func (r *Rules) Edit(id, when string) error {
	rule, err := Compile(when, datasource.LevelWarning)
	if err != nil {
		return err
	}
	return r.change(id, func(i int) {
		r.next++
		rule.Level = r.list[i].rule.Level
		r.list[i].rule = rule
	})
}

// Remove takes a rule away.
func (r *Rules) Remove(id string) error {
	return r.change(id, func(i int) { r.list = slices.Delete(slices.Clone(r.list), i, i+1) })
}

func (r *Rules) change(id string, f func(i int)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.list {
		if strconv.Itoa(r.list[i].id) == id {
			r.list = slices.Clone(r.list)
			f(i)
			r.version++
			return nil
		}
	}
	return fmt.Errorf("no alert %s", id)
}

// List returns the rules in the order in which they were made.
func (r *Rules) List() []OwnRule {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]OwnRule, len(r.list))
	for i, o := range r.list {
		out[i] = OwnRule{ID: strconv.Itoa(o.id), Rule: o.rule}
	}
	return out
}

func (r *Rules) current() ([]ownRule, uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clip(r.list), r.version
}

// WithRules adds a session's own rules to a feed. It needs no goroutine: they are
// evaluated when the session asks for a snapshot, which a screen does at least
// once a second. Without rules it costs nothing. Closing it closes the feed.
func WithRules(feed datasource.Feed, rules *Rules) datasource.Feed {
	o := &ownFeed{Feed: feed, rules: rules}
	if p, ok := feed.(datasource.Player); ok {
		return &ownPlayer{Player: p, own: o}
	}
	return o
}

// ownFeed implements datasource.Feed.
type ownFeed struct {
	datasource.Feed
	rules *Rules

	mu      sync.Mutex
	seen    *datasource.Snapshot // of the feed
	at      time.Time            // of the last evaluation
	version uint64               // of the rules
	armed   []*Rule
	ids     []int
	state   *State
	slept   datasource.Sleep
	shown   *datasource.Snapshot
}

// Snapshot implements datasource.Feed.
func (o *ownFeed) Snapshot() *datasource.Snapshot {
	snap := o.Feed.Snapshot()
	list, version := o.rules.current()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(list) == 0 && o.state == nil {
		return snap
	}
	now := time.Now()
	if snap.Replay != nil {
		now = snap.Replay.At
	}
	if snap == o.seen && version == o.version && now.Sub(o.at) < time.Second && !now.Before(o.at) {
		return o.shown
	}
	if version != o.version || o.ids == nil {
		o.arm(list)
	}
	if snap.Slept != o.slept {
		o.slept, o.state = snap.Slept, o.state.slept(snap.Slept)
	}
	var alerts []datasource.Alert
	alerts, o.state = Eval(o.armed, snap, now, o.state)
	for i := range alerts {
		alerts[i].Rule = ownRuleBase + o.ids[alerts[i].Rule]
	}
	same := snap == o.seen && o.shown != nil && slices.Equal(o.shown.Alerts, joined(snap.Alerts, alerts))
	if o.seen, o.at, o.version = snap, now, version; same {
		return o.shown
	}
	out := *snap
	out.Alerts = joined(snap.Alerts, alerts)
	o.shown = &out
	if len(list) == 0 && len(alerts) == 0 {
		o.state = nil
	}
	return o.shown
}

// arm takes in another list of rules; what those that stay remember goes on.
func (o *ownFeed) arm(list []ownRule) {
	place := map[int]int{} // in the old list → in the new
	rules, ids := make([]*Rule, len(list)), make([]int, len(list))
	for i, own := range list {
		rules[i], ids[i] = own.rule, own.id
		if j := slices.Index(o.ids, own.id); j >= 0 && o.armed[j] == own.rule {
			place[j] = i
		}
	}
	if o.state != nil {
		next := &State{at: o.state.at, tracks: map[trackKey]*track{}}
		for k, t := range o.state.tracks {
			if i, stays := place[k.rule]; stays {
				next.tracks[trackKey{i, k.item}] = t
			}
		}
		o.state = next
	}
	o.armed, o.ids = rules, ids
}

func joined(a, b []datasource.Alert) []datasource.Alert {
	if len(b) == 0 {
		return a
	}
	out := slices.Concat(a, b)
	datasource.SortAlerts(out)
	return out
}

// ownPlayer is an ownFeed over a recording.
type ownPlayer struct {
	datasource.Player
	own *ownFeed
}

// Snapshot implements datasource.Feed.
func (p *ownPlayer) Snapshot() *datasource.Snapshot { return p.own.Snapshot() }
