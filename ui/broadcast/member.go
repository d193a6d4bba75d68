package broadcast

import (
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Member is one terminal. Its frames are written by its own goroutine, so
// a slow terminal delays nobody: it is sent the newest frame when it is ready
// for one, as a diff to the last it got.
//
// Methods are safe for concurrent use and none of them waits for the terminal.
type Member struct {
	hub   *Hub
	owner any // whose work its frames are
	w     io.Writer
	cut   func(error) // closes the connection
	wake  chan struct{}
	done  chan struct{}
	over  chan struct{} // the pump has returned
	once  sync.Once

	mu    sync.Mutex
	group *group
	solo  *Screen
	oob   []byte // sequences to be written before the next frame
	clear bool   // the next frame starts from nothing

	writing atomic.Int64 // when the write under way started, ns since the hub began; 0: none
	bytes   atomic.Uint64
	frames  atomic.Uint64
}

// Member adds a terminal of owner's, a comparable value that its user's other
// terminals share; nil is the terminal itself. cut is called, once, from any goroutine, when the
// terminal fails or stops reading; it must make a Write that is under way
// return.
func (h *Hub) Member(owner any, w io.Writer, cut func(error)) *Member {
	m := &Member{hub: h, owner: owner, w: w, cut: cut, wake: make(chan struct{}, 1), done: make(chan struct{}), over: make(chan struct{})}
	if owner == nil {
		m.owner = m
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(m.done)
		close(m.over)
		m.once.Do(func() {})
		return m
	}
	h.members[m] = struct{}{}
	h.wg.Go(m.pump)
	return m
}

// Join shows p from now on. Joining the group that it is in changes nothing.
func (m *Member) Join(p View) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended() || m.group != nil && m.group.view.Key == p.Key {
		return nil
	}
	g, err := m.hub.joinGroup(m, p)
	if err != nil {
		return err
	}
	m.hub.leaveGroup(m, m.group)
	m.group, m.solo = g, nil
	m.notify()
	return nil
}

// Show leaves any group and shows its own frame, which render returns
// when it is the owner's turn to draw: until then Show waits.
func (m *Member) Show(w, h int, render func() string) {
	m.mu.Lock()
	prev := m.solo
	if m.group != nil {
		prev = m.group.screen.Load()
		m.hub.leaveGroup(m, m.group)
		m.group, m.solo = nil, prev
	}
	m.mu.Unlock()
	var next *Screen
	if !m.hub.drawInTurn(m.owner, m.done, func() { next = Parse(prev, render(), w, h, m.hub.styles) }) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended() {
		return
	}
	m.solo = next
	m.notify()
}

// Work calls f when it is the owner's turn to use a processor: what a user's keys
// cost is that user's. It returns when f has, also where the member has ended.
func (m *Member) Work(f func()) {
	if release, ok := m.hub.work.acquire(m.owner, m.done); ok {
		defer release()
	}
	f()
}

// Send writes a sequence between two frames: a title, a bell, the clipboard.
func (m *Member) Send(seq string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.oob)+len(seq) <= maxPending {
		m.oob = append(m.oob, seq...)
	}
	m.notify()
}

// maxPending bounds what Send keeps for a terminal that does not read.
const maxPending = 256 << 10

// Write is Send as an io.Writer; it never fails.
func (m *Member) Write(b []byte) (int, error) {
	m.Send(string(b))
	return len(b), nil
}

// Redraw sends the next frame whole.
func (m *Member) Redraw() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear = true
	m.notify()
}

// Bytes returns how many bytes were written; Frames how many frames.
func (m *Member) Bytes() uint64 { return m.bytes.Load() }

// Frames returns how many frames were written.
func (m *Member) Frames() uint64 { return m.frames.Load() }

// Close ends the member and leaves the connection open.
func (m *Member) Close() { m.end(nil) }

// Finish ends the member and writes what Send has kept, then rest. It waits for
// the terminal: whoever calls it bounds that by closing the connection.
func (m *Member) Finish(rest string) {
	m.end(nil)
	<-m.over
	m.mu.Lock()
	b := append(m.oob, rest...)
	m.oob = nil
	m.mu.Unlock()
	m.write(b)
}

// ended reports whether nothing is written any more.
func (m *Member) ended() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

func (m *Member) fail(err error) { m.end(err) }

func (m *Member) end(err error) {
	m.once.Do(func() {
		close(m.done)
		m.mu.Lock()
		g := m.group
		m.group = nil
		m.mu.Unlock()
		m.hub.leaveGroup(m, g)
		m.hub.mu.Lock()
		delete(m.hub.members, m)
		m.hub.mu.Unlock()
		if err != nil && m.cut != nil {
			m.cut(err)
		}
	})
}

func (m *Member) notify() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// pump writes frames until the member ends.
func (m *Member) pump() {
	defer close(m.over)
	defer func() { // a frame that cannot be written costs this terminal, not all
		if r := recover(); r != nil {
			go m.fail(NewPanic(m.hub.o.Logger, "frame failed", r, debug.Stack()))
		}
	}()
	var last *Screen
	for {
		select {
		case <-m.done:
			return
		case <-m.wake:
		}
		oob, screen, shared, clear := m.takePending()
		if clear {
			last = nil
		}
		if len(oob) > 0 && !m.write(oob) {
			return
		}
		if screen == nil || screen == last {
			continue
		}
		diff, ok := m.diff(screen, last, shared)
		if !ok {
			return
		}
		last = screen
		if len(diff) == 0 {
			continue
		}
		if !m.write(diff) {
			return
		}
		m.frames.Add(1)
		m.hub.shared.Add(1)
	}
}

// diff returns what turns last into screen; ok is false when the member ended
// while it waited for a turn to find out.
func (m *Member) diff(screen, last *Screen, shared bool) (diff []byte, ok bool) {
	if diff, ok = screen.keptDiff(last); ok {
		return diff, true
	}
	release, ok := m.hub.work.acquire(m.owner, m.done)
	if !ok {
		return nil, false
	}
	defer release()
	if !shared { // nobody else needs it
		return screen.diff(last, m.hub.styles), true
	}
	return screen.Diff(last, m.hub.styles), true
}

// takePending returns what there is to write now; shared says whether the screen is a
// group's.
func (m *Member) takePending() (oob []byte, screen *Screen, shared, clear bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	oob, m.oob = m.oob, nil
	clear, m.clear = m.clear, false
	if m.group != nil {
		return oob, m.group.screen.Load(), true, clear
	}
	return oob, m.solo, false, clear
}

func (m *Member) write(b []byte) bool {
	m.writing.Store(max(1, int64(time.Since(m.hub.began))))
	n, err := m.w.Write(b)
	m.writing.Store(0)
	m.bytes.Add(uint64(n))
	m.hub.bytes.Add(uint64(n))
	if err != nil {
		go m.fail(err) // not from the pump: end may wait for a lock that Show holds
		return false
	}
	return true
}
