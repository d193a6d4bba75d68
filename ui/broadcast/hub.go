package broadcast

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

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
	Frames          uint64 // frames drawn
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
	h.wg.Go(h.watchMembers)
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

// watchMembers cuts members whose terminal has stopped reading.
func (h *Hub) watchMembers() {
	t := time.NewTicker(h.o.StuckAfter / 20)
	defer t.Stop()
	for {
		select {
		case <-h.stop:
			return
		case now := <-t.C:
			h.work.forgetIdle()
			for _, m := range h.stuckMembers(now) {
				h.cut.Add(1)
				m.fail(fmt.Errorf("terminal stopped reading for %s", h.o.StuckAfter))
			}
		}
	}
}

// stuckMembers returns the members whose write under way has taken so long that it will
// be too long before the next look. A step of the wall clock is no reason.
func (h *Hub) stuckMembers(now time.Time) (stuck []*Member) {
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

// joinGroup moves m into the group of p, making it when it is the first, and
// returns the group. A group lives as long as it has a member, so there are
// never more groups than members.
func (h *Hub) joinGroup(m *Member, p View) (*group, error) {
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
		g = &group{hub: h, view: p, feed: feed, members: make(map[*Member]struct{}), stop: make(chan struct{})}
		h.groups[p.Key] = g
		h.wg.Go(g.run)
	}
	g.addMember(m)
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
		g.addMember(m)
	}
	return g, nil
}

// leaveGroup takes m out of g, which ends with its last member.
func (h *Hub) leaveGroup(m *Member, g *group) {
	if g == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	g.mu.Lock()
	delete(g.members, m)
	empty := len(g.members) == 0
	g.mu.Unlock()
	if empty && h.groups[g.view.Key] == g {
		delete(h.groups, g.view.Key)
		close(g.stop)
	}
}

// removeGroup takes a group that cannot be drawn off the list, so that nobody joins
// it any more.
func (h *Hub) removeGroup(g *group) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.groups[g.view.Key] == g {
		delete(h.groups, g.view.Key)
	}
}

// interval is the time between two frames now: the longer frames wait for a
// processor, the fewer are drawn.
func (h *Hub) interval() time.Duration {
	return min(h.o.Interval+2*time.Duration(h.load.Load()), h.o.MaxInterval)
}

// drawInTurn calls f when it is owner's turn and learns from the wait; it reports
// false when canceled was closed before.
func (h *Hub) drawInTurn(owner any, canceled <-chan struct{}, f func()) bool {
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
