package sshd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"charm.land/ssh"
	"charm.land/wish/v2"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/ui/broadcast"
)

// Options of a Server.
type Options struct {
	HostKey gossh.Signer
	Keys    *Keyring // who has access; nil admits everyone and is refused outside loopback
	Limits  Limits
	Hub     *broadcast.Hub
	// Open makes the program of one session, within the principal's rights.
	Open func(p Principal, t Terminal) (Screen, error)
	// Command runs what was asked for without a terminal: args are the words
	// after "ssh host". It returns the exit status.
	Command func(ctx context.Context, p Principal, args []string, stdout, stderr io.Writer) int
	Log     *slog.Logger
}

// Server serves dashboards over SSH.
type Server struct {
	o             Options
	srv           *ssh.Server
	requestFilter *connLimiter
	commandTurns  *commandTurns
	log           *slog.Logger

	trouble string        // of the last Recheck, which alone touches it
	reread  chan struct{} // keys are to be read again now

	refusals, failures, strangers *rateLimitedLog // lines that anybody can cause

	mu      sync.Mutex
	clients map[*client]struct{}
	ended   map[string]uint64 // sessions by the reason they ended for

	wg       sync.WaitGroup
	draining atomic.Bool
	sessions atomic.Int64
	total    atomic.Uint64
	refused  atomic.Uint64
	panics   atomic.Uint64
}

// New returns a server that does not listen yet.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Limits = o.Limits.withDefaults()
	hostKey, err := hostSigner(o.HostKey)
	if err != nil {
		return nil, err
	}
	s := &Server{
		refusals: newRateLimitedLog(o.Log, slog.LevelWarn), failures: newRateLimitedLog(o.Log, slog.LevelInfo), strangers: newRateLimitedLog(o.Log, slog.LevelInfo),
		o: o, log: o.Log, requestFilter: newConnLimiter(o.Limits), commandTurns: newCommandTurns(), clients: make(map[*client]struct{}), reread: make(chan struct{}, 1), ended: make(map[string]uint64)}
	srv, err := wish.NewServer(
		func(srv *ssh.Server) error { srv.AddHostKey(hostKey); return nil },
		wish.WithMiddleware(s.middleware),
		wish.WithMaxTimeout(o.Limits.Longest+time.Minute), // were it not dismissed before
		wish.WithVersion("ticktop"),
		func(srv *ssh.Server) error { s.configure(srv); return nil },
	)
	if err != nil {
		return nil, fmt.Errorf("ssh server: %w", err)
	}
	s.srv = srv
	return s, nil
}

// configure closes every door but one kind of channel.
func (s *Server) configure(srv *ssh.Server) {
	srv.HandshakeTimeout = s.o.Limits.Handshake
	srv.ConnCallback = s.admit
	srv.ServerConfigCallback = s.handshake
	srv.ConnectionFailedCallback = s.failed
	srv.PtyCallback = keepPTY
	srv.ChannelHandlers = map[string]ssh.ChannelHandler{"default": s.channel}
	srv.RequestHandlers = map[string]ssh.RequestHandler{}
	srv.SubsystemHandlers = map[string]ssh.SubsystemHandler{}
	// No pseudo terminal is allocated and none is emulated: Bubble Tea writes
	// to the channel itself.
	srv.PtyHandler = func(ssh.Context, ssh.Session, ssh.Pty) (func() error, error) {
		return func() error { return nil }, nil
	}
}

// Serve accepts connections until Shutdown. Without keys it refuses to listen
// anywhere but on loopback.
func (s *Server) Serve(l net.Listener) error {
	if s.o.Keys == nil && !addrOf(l.Addr()).IsLoopback() {
		l.Close()
		return errors.New("without keys ticktop serves on a loopback address only (name --authorized-keys FILE)")
	}
	err := s.srv.Serve(l)
	if errors.Is(err, ssh.ErrServerClosed) {
		return nil
	}
	return err
}

// Shutdown tells every trader, waits for them until ctx ends, gives the
// terminals of the others back within farewell, and closes what is left.
func (s *Server) Shutdown(ctx context.Context) error {
	s.draining.Store(true)
	s.forEachClient(func(v *client) { v.notice("server restarts: reconnect in a moment") })
	err := s.srv.Shutdown(ctx)
	s.forEachClient(func(v *client) { v.dismiss("server stopped: reconnect in a moment") })
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	_ = s.srv.Shutdown(last)
	s.forEachClient(func(v *client) { v.end("server stopped") })
	if cerr := s.srv.Close(); err == nil {
		err = cerr
	}
	s.wg.Wait()
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (s *Server) forEachClient(f func(*client)) {
	s.mu.Lock()
	clients := make([]*client, 0, len(s.clients))
	for v := range s.clients {
		clients = append(clients, v)
	}
	s.mu.Unlock()
	for _, v := range clients {
		f(v)
	}
}

// WatchKeys reads the keys again every two seconds until ctx ends: whoever's
// key or rights are gone is out within five.
func (s *Server) WatchKeys(ctx context.Context) {
	if s.o.Keys == nil {
		return
	}
	t := time.NewTicker(2 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.reread:
		case <-t.C:
		}
		s.recheck()
	}
}

// RereadKeys makes WatchKeys look at once.
func (s *Server) RereadKeys() {
	select {
	case s.reread <- struct{}{}:
	default:
	}
}

// Sessions returns how many dashboards are open, SessionsTotal how many were.
func (s *Server) Sessions() int64 { return s.sessions.Load() }

// SessionsTotal returns how many dashboards were opened since the start.
func (s *Server) SessionsTotal() uint64 { return s.total.Load() }

// recheck keeps a panic from ending the watch: a key that is taken away must not
// stay because of another's.
func (s *Server) recheck() {
	defer func() {
		if r := recover(); r != nil {
			_ = broadcast.NewPanic(s.log, "keys not read again", r, debug.Stack())
		}
	}()
	s.Recheck()
}

// Recheck reads the keys again and ends the sessions that they no longer
// allow, or whose expiry-time has come. It is not safe for concurrent use with itself.
func (s *Server) Recheck() {
	trouble := ""
	if _, err := s.o.Keys.Reload(); err != nil {
		trouble = safeLog(err.Error())
	}
	switch trouble {
	case s.trouble:
	case "":
		s.log.Info("rights are up to date again")
	default:
		s.log.Warn("rights are old: not everything could be read again", "reason", trouble)
	}
	s.trouble = trouble
	now := time.Now()
	s.forEachClient(func(v *client) {
		v.mu.Lock()
		key, login, since, had := v.key, v.login, v.since, v.principal
		v.mu.Unlock()
		if key == nil {
			return
		}
		p, err := s.o.Keys.reauthorize(login, v.addr, key, since, now)
		switch {
		case err != nil:
			v.dismiss("key removed")
		case had != nil && !reflect.DeepEqual(*p, *had):
			v.dismiss("rights changed: log in again")
		}
	})
}

// farewell is how long a dashboard that was told to end may take to give its
// terminal back. With the time between two looks at the keys it is under the
// five seconds within which a removed key is out.
const farewell = time.Second

// noSession is how long an authenticated connection may live without a session.
const noSession = 30 * time.Second
