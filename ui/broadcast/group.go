package broadcast

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"ticktop/datasource"
)

// View is what a session wants to show and shares with every session whose
// Key is equal.
type View struct {
	// Key is comparable; equal keys promise equal frames of equal data.
	Key  any
	W, H int
	// Open returns a feed for the group, which closes it. It is called once a
	// group, whatever its size.
	Open func() (datasource.Feed, error)
	// Render draws the whole frame: H lines of W cells. It is called from the
	// group's goroutine and must depend on nothing that a session can change.
	Render func(s *datasource.Snapshot, now time.Time) string
}

// group is the sessions that show one view.
type group struct {
	hub    *Hub
	view   View
	feed   datasource.Feed
	stop   chan struct{}
	screen atomic.Pointer[Screen]

	mu      sync.Mutex
	members map[*Member]struct{}
}

func (g *group) addMember(m *Member) {
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
		if !g.drawFrame(last) {
			return
		}
		second.Reset(time.Until(nextSecond(last)))
	}
}

// nextSecond is when the wall clock's second changes after t. It keeps the
// monotonic reading: were the clock set back meanwhile, the frame would stand
// still until it has come again.
func nextSecond(t time.Time) time.Time {
	return t.Add(time.Second - time.Duration(t.Nanosecond()))
}

// drawFrame draws one frame; ok is false when it cannot be drawn, or nobody is left
// to see it, and the group is over.
func (g *group) drawFrame(now time.Time) (ok bool) {
	prev := g.screen.Load()
	var next *Screen
	drawn := g.hub.drawInTurn(g.owner(), g.stop, func() {
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
		prev.dropDiffs()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for m := range g.members {
		m.notify()
	}
	return true
}

// render keeps a panic in one view from ending everyone's session.
func (g *group) render(prev *Screen, now time.Time) (next *Screen) {
	defer func() {
		if r := recover(); r != nil {
			next = nil
			p := NewPanic(g.hub.o.Logger, "picture failed", r, debug.Stack())
			g.hub.removeGroup(g)
			g.mu.Lock()
			defer g.mu.Unlock()
			for m := range g.members {
				go m.fail(p)
			}
		}
	}()
	text := g.view.Render(g.feed.Snapshot(), now)
	return Parse(prev, text, g.view.W, g.view.H, g.hub.styles)
}
