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

// visit is one connection, from its first byte to its last.
type visit struct {
	net.Conn
	s     *Server
	addr  netip.Addr
	once  sync.Once
	came  time.Time
	sizes chan size // of its terminal

	closed  chan struct{} // Close was called
	written atomic.Uint64 // bytes sent

	mu        sync.Mutex
	login     string
	key       gossh.PublicKey
	principal *Principal
	since     time.Time
	loggedIn  bool
	counted   bool
	taken     bool // its one session was opened
	started   bool // and runs
	refused   int  // channels that it asked for in vain
	reason    string
	patience  *time.Timer       // ends it when no session runs
	dismissed bool              // told to go, and why: reason
	quit      func()            // ends the program; nil before there is one
	oldest    *time.Timer       // dismisses it at the longest age of a session
	say       func(text string) // puts a line on the trader's screen; nil before there is one
}

type visitKey struct{}

// admit is asked for every new connection; nil refuses it.
func (s *Server) admit(ctx ssh.Context, c net.Conn) net.Conn {
	addr := addrOf(c.RemoteAddr())
	if s.draining.Load() {
		return nil
	}
	if reason := s.let(addr); reason != "" {
		s.refused.Add(1)
		s.refusals.say("connection refused", "addr", addr.String(), "reason", reason)
		return nil
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		// A small buffer makes a slow line felt by the frame rate, not by the age
		// of what it shows.
		_ = tcp.SetWriteBuffer(64 << 10)
		_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3})
	}
	v := &visit{Conn: c, s: s, addr: addr, came: time.Now(), sizes: make(chan size, 1), closed: make(chan struct{})}
	ctx.SetValue(visitKey{}, v)
	s.mu.Lock()
	s.visits[v] = struct{}{}
	s.mu.Unlock()
	return v
}

// let asks for a place for a connection. When handshakes take all of them,
// whoever has the most gives up the oldest for somebody who has fewer: a few
// addresses cannot keep everybody else out.
func (s *Server) let(addr netip.Addr) (reason string) {
	reason = s.gate.admit(addr, time.Now())
	if reason != crowded {
		return reason
	}
	greedy, ok := s.gate.greediest(addr)
	if !ok {
		return reason
	}
	var oldest *visit
	s.each(func(v *visit) {
		v.mu.Lock()
		waits := !v.loggedIn && blockOf(v.addr) == greedy
		v.mu.Unlock()
		if waits && (oldest == nil || v.came.Before(oldest.came)) {
			oldest = v
		}
	})
	if oldest == nil {
		return reason
	}
	oldest.end("made room")
	return s.gate.admit(addr, time.Now())
}

// Close ends the connection and gives its place back.
func (v *visit) Close() error {
	v.once.Do(func() {
		close(v.closed)
		v.mu.Lock()
		fp := ""
		if v.principal != nil {
			fp = v.principal.Fingerprint
		}
		loggedIn, counted := v.loggedIn, v.counted
		v.say = nil
		if v.patience != nil {
			v.patience.Stop()
			v.oldest.Stop()
		}
		v.mu.Unlock()
		v.s.gate.leave(v.addr, fp, loggedIn, counted)
		v.s.mu.Lock()
		delete(v.s.visits, v)
		v.s.mu.Unlock()
	})
	return v.Conn.Close()
}

// end closes the connection for a reason that is logged with its session.
func (v *visit) end(reason string) {
	v.mu.Lock()
	if v.reason == "" {
		v.reason = reason
	}
	v.mu.Unlock()
	_ = v.Close()
}

// dismiss ends a connection whose dashboard may still give its terminal back:
// it is told to quit, and cut when it has not within farewell.
func (v *visit) dismiss(reason string) {
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
func (v *visit) lost(err error) {
	var p *broadcast.PanicError
	if errors.As(err, &p) {
		v.s.panics.Add(1)
		v.dismiss(p.Error() + ", please reconnect")
		return
	}
	v.end(err.Error())
}

// why returns the reason for which the connection was ended from here, and
// whether its trader is to be told.
func (v *visit) why() (reason string, dismissed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.reason, v.dismissed
}

// shows notes the program that the connection's session runs.
func (v *visit) shows(prog *tea.Program) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.say = func(text string) { prog.Send(noticeMsg(text)) }
	v.quit = prog.Quit
}

// owner is whose work the connection's frames are: the key's, or the address's
// where anybody may come in.
func (v *visit) owner() any {
	v.mu.Lock()
	defer v.mu.Unlock()
	if fp := v.principal.Fingerprint; fp != "" {
		return fp
	}
	return blockOf(v.addr)
}

// notice puts a line on the trader's screen, if there is one. It does not wait
// for a program that is busy.
func (v *visit) notice(text string) {
	v.mu.Lock()
	say := v.say
	v.mu.Unlock()
	if say != nil {
		go say(text)
	}
}

// signed notes who the connection belongs to.
func (v *visit) signed(login string, key gossh.PublicKey, p *Principal) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.loggedIn {
		return errors.New("already logged in")
	}
	v.loggedIn = true
	if !v.s.gate.login(v.addr, p.Fingerprint) {
		err := errors.New("too many sessions with this key")
		// "Permission denied" is all that a client would say of it.
		return &gossh.BannerError{Err: err, Message: "ticktop: " + err.Error() + ", end one of them\r\n"}
	}
	v.counted = true
	v.login, v.key, v.principal, v.since = login, key, p, time.Now()
	longest := v.s.o.Limits.Longest
	v.oldest = time.AfterFunc(longest, func() { v.dismiss("too old: a session lasts " + longest.String() + " at most, log in again") })
	v.patience = time.AfterFunc(noSession, func() {
		v.mu.Lock()
		started := v.started
		v.mu.Unlock()
		if !started {
			v.end("no session")
		}
	})
	return nil
}
