package sshd

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/ui/broadcast"
)

// client is one connection, from its first byte to its last.
type client struct {
	net.Conn
	s           *Server
	addr        netip.Addr
	once        sync.Once
	connectedAt time.Time
	sizes       chan size // of its terminal

	closed  chan struct{} // Close was called
	written atomic.Uint64 // bytes sent

	mu             sync.Mutex
	login          string
	key            gossh.PublicKey
	principal      *Principal
	since          time.Time
	phase          phase
	counted        bool // among its key's
	refused        int  // channels that were rejected
	reason         string
	noSessionTimer *time.Timer       // ends it when no session runs
	dismissed      bool              // told to go, and why: reason
	quit           func()            // ends the program; nil before there is one
	maxAgeTimer    *time.Timer       // dismisses it at the longest age of a session
	notify         func(text string) // puts a line on the trader's screen; nil before there is one
}

// phase is how far a connection has come. It only grows.
type phase uint8

const (
	phaseHandshake phase = iota // nobody has signed yet
	phaseLoggedIn               // a key has signed; there is no session
	phaseSession                // its one session was opened
	phaseRunning                // and runs a dashboard or a command
)

type clientKey struct{}

// admit is asked for every new connection; nil refuses it.
func (s *Server) admit(ctx ssh.Context, c net.Conn) net.Conn {
	addr := addrOf(c.RemoteAddr())
	if s.draining.Load() {
		return nil
	}
	if reason := s.acquirePlace(addr); reason != "" {
		s.refused.Add(1)
		s.refusals.line("connection refused", "addr", addr.String(), "reason", reason)
		return nil
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		// A small buffer makes a slow line felt by the frame rate, not by the age
		// of what it shows.
		_ = tcp.SetWriteBuffer(64 << 10)
		_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3})
	}
	v := &client{Conn: c, s: s, addr: addr, connectedAt: time.Now(), sizes: make(chan size, 1), closed: make(chan struct{})}
	ctx.SetValue(clientKey{}, v)
	s.mu.Lock()
	s.clients[v] = struct{}{}
	s.mu.Unlock()
	return v
}

// acquirePlace asks for a place for a connection. When handshakes take all of them,
// the address with the most gives up its oldest for one that has fewer: a few
// addresses cannot keep everybody else out.
func (s *Server) acquirePlace(addr netip.Addr) (reason string) {
	reason = s.requestFilter.admit(addr, time.Now())
	if reason != tooManyPending {
		return reason
	}
	greedy, ok := s.requestFilter.largestPending(addr)
	if !ok {
		return reason
	}
	var maxAgeTimer *client
	s.forEachClient(func(v *client) {
		v.mu.Lock()
		waits := v.phase == phaseHandshake && blockOf(v.addr) == greedy
		v.mu.Unlock()
		if waits && (maxAgeTimer == nil || v.connectedAt.Before(maxAgeTimer.connectedAt)) {
			maxAgeTimer = v
		}
	})
	if maxAgeTimer == nil {
		return reason
	}
	maxAgeTimer.end("made room")
	return s.requestFilter.admit(addr, time.Now())
}

// Close ends the connection and gives its place back.
func (v *client) Close() error {
	v.once.Do(func() {
		close(v.closed)
		v.mu.Lock()
		fp := ""
		if v.principal != nil {
			fp = v.principal.Fingerprint
		}
		loggedIn, counted := v.phase >= phaseLoggedIn, v.counted
		v.notify = nil
		if v.noSessionTimer != nil {
			v.noSessionTimer.Stop()
			v.maxAgeTimer.Stop()
		}
		v.mu.Unlock()
		v.s.requestFilter.leave(v.addr, fp, loggedIn, counted)
		v.s.mu.Lock()
		delete(v.s.clients, v)
		v.s.mu.Unlock()
	})
	return v.Conn.Close()
}

// end closes the connection for a reason that is logged with its session.
func (v *client) end(reason string) {
	v.mu.Lock()
	if v.reason == "" {
		v.reason = reason
	}
	v.mu.Unlock()
	_ = v.Close()
}

// dismiss ends a connection whose dashboard may still give its terminal back:
// it is told to quit, and cut when it has not within farewell.
func (v *client) dismiss(reason string) {
	v.mu.Lock()
	if v.reason == "" {
		v.reason = reason
	}
	v.dismissed = true
	quit := v.quit
	v.mu.Unlock()
	if quit == nil {
		v.end(reason)
		return
	}
	go quit() // may block while the program is busy
	time.AfterFunc(farewell, func() { v.end(reason) })
}

// lost ends a connection that the hub has given up: one whose picture panicked
// is told so, one that does not read cannot be.
func (v *client) lost(err error) {
	var p *broadcast.PanicError
	if errors.As(err, &p) {
		v.s.panics.Add(1)
		v.dismiss(p.Error() + ", please reconnect")
		return
	}
	v.end(err.Error())
}

// closeReason returns the reason for which the connection was ended from here, and
// whether its trader is to be told.
func (v *client) closeReason() (reason string, dismissed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.reason, v.dismissed
}

// attach notes the program that the connection's session runs.
func (v *client) attach(prog *tea.Program) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.notify = func(text string) { prog.Send(noticeMsg(text)) }
	v.quit = prog.Quit
}

// owner is whose work the connection's frames are: the key's, or the address's
// where anybody may come in.
func (v *client) owner() any {
	v.mu.Lock()
	defer v.mu.Unlock()
	if fp := v.principal.Fingerprint; fp != "" {
		return fp
	}
	return blockOf(v.addr)
}

// notice puts a line on the trader's screen, if there is one. It does not wait
// for a program that is busy.
func (v *client) notice(text string) {
	v.mu.Lock()
	notify := v.notify
	v.mu.Unlock()
	if notify != nil {
		go notify(text)
	}
}

// authenticated notes who the connection belongs to.
func (v *client) authenticated(login string, key gossh.PublicKey, p *Principal) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.phase >= phaseLoggedIn {
		return errors.New("already logged in")
	}
	v.phase = phaseLoggedIn
	if !v.s.requestFilter.login(v.addr, p.Fingerprint) {
		err := errors.New("too many sessions with this key")
		// "Permission denied" is all that a client would say of it.
		return &gossh.BannerError{Err: err, Message: "ticktop: " + err.Error() + ", end one of them\r\n"}
	}
	v.counted = true
	v.login, v.key, v.principal, v.since = login, key, p, time.Now()
	longest := v.s.o.Limits.Longest
	v.maxAgeTimer = time.AfterFunc(longest, func() { v.dismiss("too old: a session lasts " + longest.String() + " at most, log in again") })
	v.noSessionTimer = time.AfterFunc(noSession, func() {
		v.mu.Lock()
		running := v.phase == phaseRunning
		v.mu.Unlock()
		if !running {
			v.end("no session")
		}
	})
	return nil
}
