package broadcast

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"ticktop/datasource"
)

// Picture is what a session wants to show and shares with every session whose
// Key is equal.
type Picture struct {
	// Key is comparable; equal keys promise equal pictures of equal data.
	Key  any
	W, H int
	// Open returns a feed for the group, which closes it. It is called once a
	// group, whatever its size.
	Open func() (datasource.Feed, error)
	// Render draws the whole picture: H lines of W cells. It is called from the
	// group's goroutine and must depend on nothing that a session can change.
	Render func(s *datasource.Snapshot, now time.Time) string
}

var errClosing = errors.New("server is closing")

// Options of a Hub. Zero values mean the defaults.
type Options struct {
	Interval    time.Duration // between two frames of a group while data keep changing; 100 ms
	MaxInterval time.Duration // when there is more to draw than the processors can; 250 ms
	StuckAfter  time.Duration // a member whose one write would take longer is cut before that; 5 s
	Logger      *slog.Logger
}

// Hub keeps the groups of one process. It is safe for concurrent use.
type Hub struct {
	o      Options
	began  time.Time // what a member's writing is counted from: the wall clock may be set
	styles *Styles
	work   *workQueue // turns of drawing

	mu      sync.Mutex
	groups  map[any]*group
	members map[*Member]struct{}
	closed  bool
	stop    chan struct{}
	wg      sync.WaitGroup

	frames, shared, bytes, cut atomic.Uint64
	load                       atomic.Int64 // smoothed wait for a processor, ns
}

// Stats are a hub's counters since its start.
type Stats struct {
	Groups, Members int
	Frames          uint64 // pictures drawn
	Shared          uint64 // frames delivered to members
	Bytes           uint64 // bytes written to members
	Cut             uint64 // members cut because they stopped reading
}

// NewHub returns a running hub.
func NewHub(o Options) *Hub {
	if o.Interval <= 0 {
		o.Interval = 100 * time.Millisecond
	}
	if o.MaxInterval < o.Interval {
		o.MaxInterval = max(250*time.Millisecond, o.Interval)
	}
	if o.StuckAfter <= 0 {
		o.StuckAfter = 5 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	h := &Hub{
		o: o, began: time.Now(), styles: NewStyles(),
		work:    newWorkQueue(max(1, runtime.GOMAXPROCS(0))),
		groups:  make(map[any]*group),
		members: make(map[*Member]struct{}),
		stop:    make(chan struct{}),
	}
	h.wg.Go(h.watch)
	return h
}

// Stats returns the counters.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Stats{
		Groups: len(h.groups), Members: len(h.members),
		Frames: h.frames.Load(), Shared: h.shared.Load(), Bytes: h.bytes.Load(), Cut: h.cut.Load(),
	}
}

// Close ends every group, cuts every member, and waits for them.
func (h *Hub) Close() {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return
	}
	h.closed = true
	close(h.stop)
	members := make([]*Member, 0, len(h.members))
	for m := range h.members {
		members = append(members, m)
	}
	h.mu.Unlock()
	for _, m := range members {
		m.fail(errClosing)
	}
	h.wg.Wait()
}

// watch cuts members whose terminal has stopped reading.
func (h *Hub) watch() {
	t := time.NewTicker(h.o.StuckAfter / 20)
	defer t.Stop()
	for {
		select {
		case <-h.stop:
			return
		case now := <-t.C:
			h.work.forgetIdle()
			for _, m := range h.stuck(now) {
				h.cut.Add(1)
				m.fail(fmt.Errorf("terminal stopped reading for %s", h.o.StuckAfter))
			}
		}
	}
}

// stuck returns the members whose write under way has taken so long that it will
// be too long before the next look. A step of the wall clock is no reason.
func (h *Hub) stuck(now time.Time) (stuck []*Member) {
	limit := h.o.StuckAfter * 17 / 20
	h.mu.Lock()
	defer h.mu.Unlock()
	for m := range h.members {
		if since := m.writing.Load(); since != 0 && now.Sub(h.began)-time.Duration(since) > limit {
			stuck = append(stuck, m)
		}
	}
	return stuck
}

// join moves m into the group of p, making it when it is the first, and
// returns the group. A group lives as long as it has a member, so there are
// never more groups than members.
func (h *Hub) join(m *Member, p Picture) (*group, error) {
	if g, err := h.joinExisting(m, p.Key); g != nil || err != nil {
		return g, err
	}
	feed, err := p.Open() // without the lock: it may take a while
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.groups[p.Key]
	switch {
	case h.closed:
		feed.Close()
		return nil, errClosing
	case g != nil: // another member was faster
		defer feed.Close()
	default:
		g = &group{hub: h, picture: p, feed: feed, members: make(map[*Member]struct{}), stop: make(chan struct{})}
		h.groups[p.Key] = g
		h.wg.Go(g.run)
	}
	g.add(m)
	return g, nil
}

// joinExisting is join for a group that is there; nil when there isn't one.
func (h *Hub) joinExisting(m *Member, key any) (*group, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errClosing
	}
	g := h.groups[key]
	if g != nil {
		g.add(m)
	}
	return g, nil
}

// leave takes m out of g, which ends with its last member.
func (h *Hub) leave(m *Member, g *group) {
	if g == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	g.mu.Lock()
	delete(g.members, m)
	empty := len(g.members) == 0
	g.mu.Unlock()
	if empty && h.groups[g.picture.Key] == g {
		delete(h.groups, g.picture.Key)
		close(g.stop)
	}
}

// forget takes a group that cannot be drawn off the list, so that nobody joins
// it any more.
func (h *Hub) forget(g *group) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.groups[g.picture.Key] == g {
		delete(h.groups, g.picture.Key)
	}
}

// interval is the time between two frames now: the longer pictures wait for a
// processor, the fewer are drawn.
func (h *Hub) interval() time.Duration {
	return min(h.o.Interval+2*time.Duration(h.load.Load()), h.o.MaxInterval)
}

// draw calls f when it is owner's turn and learns from the wait; it reports
// false when canceled was closed before.
func (h *Hub) draw(owner any, canceled <-chan struct{}, f func()) bool {
	start := time.Now()
	release, ok := h.work.acquire(owner, canceled)
	if !ok {
		return false
	}
	defer release()
	wait := int64(time.Since(start))
	old := h.load.Load()
	h.load.Store(old + (wait-old)/16)
	h.frames.Add(1)
	f()
	return true
}

// group is the sessions that show one picture.
type group struct {
	hub     *Hub
	picture Picture
	feed    datasource.Feed
	stop    chan struct{}
	screen  atomic.Pointer[Screen]

	mu      sync.Mutex
	members map[*Member]struct{}
}

func (g *group) add(m *Member) {
	g.mu.Lock()
	g.members[m] = struct{}{}
	g.mu.Unlock()
}

// owner is whose work the group's frames are: the only viewer's, or the
// group's own when there are several.
func (g *group) owner() any {
	g.mu.Lock()
	defer g.mu.Unlock()
	var owner any
	for m := range g.members {
		if owner != nil && owner != m.owner {
			return g
		}
		owner = m.owner
	}
	return owner
}

// run draws the group's frames: the first change after quiet at once, a burst
// at the hub's interval, and once a second for what time alone changes.
func (g *group) run() {
	defer g.feed.Close()
	second := time.NewTimer(0)
	defer second.Stop()
	var last time.Time
	for {
		select {
		case <-g.stop:
			return
		case <-g.feed.Changed():
		case <-second.C:
		}
		if wait := g.hub.interval() - time.Since(last); wait > 0 {
			select {
			case <-g.stop:
				return
			case <-time.After(wait):
			}
		}
		last = time.Now()
		if !g.frame(last) {
			return
		}
		second.Reset(time.Until(nextSecond(last)))
	}
}

// nextSecond is when the wall clock's second changes after t. It keeps the
// monotonic reading: were the clock set back meanwhile, the picture would stand
// still until it has come again.
func nextSecond(t time.Time) time.Time {
	return t.Add(time.Second - time.Duration(t.Nanosecond()))
}

// frame draws one frame; ok is false when it cannot be drawn, or nobody is left
// to see it, and the group is over.
func (g *group) frame(now time.Time) (ok bool) {
	prev := g.screen.Load()
	var next *Screen
	drawn := g.hub.draw(g.owner(), g.stop, func() {
		if next = g.render(prev, now); next != nil && prev != nil {
			next.Diff(prev, g.hub.styles) // what nearly every member needs
		}
	})
	if !drawn || next == nil {
		return false
	}
	if next.equal(prev) {
		return true
	}
	g.screen.Store(next)
	if prev != nil {
		prev.release()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for m := range g.members {
		m.poke()
	}
	return true
}

// render keeps a panic in one picture from ending everyone's session.
func (g *group) render(prev *Screen, now time.Time) (next *Screen) {
	defer func() {
		if r := recover(); r != nil {
			next = nil
			p := NewPanic(g.hub.o.Logger, "picture failed", r, debug.Stack())
			g.hub.forget(g)
			g.mu.Lock()
			defer g.mu.Unlock()
			for m := range g.members {
				go m.fail(p)
			}
		}
	}()
	text := g.picture.Render(g.feed.Snapshot(), now)
	return Parse(prev, text, g.picture.W, g.picture.H, g.hub.styles)
}
