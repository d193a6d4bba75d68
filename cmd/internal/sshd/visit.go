package sshd

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// visit is one connection, from its first byte to its last.
type visit struct {
	net.Conn
	s     *Server
	addr  netip.Addr
	once  sync.Once
	came  time.Time
	sizes chan size // of its terminal

	mu        sync.Mutex
	login     string
	key       gossh.PublicKey
	principal *Principal
	since     time.Time
	loggedIn  bool
	counted   bool
	taken     bool // its one session was opened
	started   bool // and runs
	reason    string
	patience  *time.Timer       // ends it when no session runs
	dismissed bool              // told to go, and why: reason
	quit      func()            // ends the program; nil before there is one
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
	v := &visit{Conn: c, s: s, addr: addr, came: time.Now(), sizes: make(chan size, 1)}
	ctx.SetValue(visitKey{}, v)
	s.mu.Lock()
	s.visits[v] = struct{}{}
	s.mu.Unlock()
	return v
}

// Close ends the connection and gives its place back.
func (v *visit) Close() error {
	v.once.Do(func() {
		v.mu.Lock()
		fp := ""
		if v.principal != nil {
			fp = v.principal.Fingerprint
		}
		loggedIn, counted := v.loggedIn, v.counted
		v.say = nil
		if v.patience != nil {
			v.patience.Stop()
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

func (v *visit) notice(text string) {
	v.mu.Lock()
	say := v.say
	v.mu.Unlock()
	if say != nil {
		say(text)
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
		return errors.New("too many sessions with this key")
	}
	v.counted = true
	v.login, v.key, v.principal, v.since = login, key, p, time.Now()
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
