package servertest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Option changes how a redis-server is started.
type Option func(*Server)

// Config adds a line of redis.conf: Config("maxmemory", "1mb").
func Config(name string, values ...string) Option {
	return func(s *Server) { s.args = append(append(s.args, "--"+name), values...) }
}

// Password asks for requirepass. The administrator's connections use it.
func Password(p string) Option {
	return func(s *Server) {
		s.password = p
		Config("requirepass", p)(s)
	}
}

// User adds an ACL user with these rules: User("ana", "on", ">pw", "~quote:*").
func User(name string, rules ...string) Option {
	return func(s *Server) { Config("user", append([]string{name}, rules...)...)(s) }
}

// TLS has the server speak nothing but TLS, with certificates made for the
// test. With clientCerts it refuses clients without one.
func TLS(clientCerts bool) Option {
	return func(s *Server) { s.tls, s.clientCerts = true, clientCerts }
}

// SharedTLS is TLS(true) with the certificates of another server, so that one
// set of files does for a cluster or a sentinel set.
func SharedTLS(c *Certs) Option {
	return func(s *Server) {
		TLS(true)(s)
		s.Certs = c
	}
}

// NewCerts makes certificates for servers that share them.
func NewCerts(tb testing.TB) *Certs {
	tb.Helper()
	return newCerts(tb, tb.TempDir())
}

// UnixSocket adds a unix socket beside the port; see Server.Socket.
func UnixSocket() Option {
	return func(s *Server) {
		s.Socket = filepath.Join(shortDir(s.tb), "redis.sock")
		Config("unixsocket", s.Socket)(s)
	}
}

// Server is one running redis-server. Its methods fail the test on errors.
type Server struct {
	Certs  *Certs // with TLS: the files a client needs
	Socket string // with UnixSocket: its path

	tb          testing.TB
	port        int
	dir         string
	password    string
	tls         bool
	clientCerts bool
	sentinel    bool
	args        []string
	proc        *process
}

// Redis starts a redis-server that keeps nothing on disk and allows DEBUG.
func Redis(tb testing.TB, opts ...Option) *Server {
	tb.Helper()
	s := &Server{tb: tb, dir: tb.TempDir()}
	for _, o := range opts {
		o(s)
	}
	s.launch(Program(tb, "redis-server"))
	return s
}

// launch starts the server on a free port. Another process may take the port
// between the look and the start, so it tries again with another one.
func (s *Server) launch(path string) {
	s.tb.Helper()
	if s.tls && s.Certs == nil {
		s.Certs = newCerts(s.tb, s.dir)
	}
	for range 5 {
		s.port = freePort(s.tb)
		s.proc = newProcess(s.tb, path, s.dir, s.arguments()...)
		s.proc.start()
		if s.waitReady() {
			return
		}
	}
	s.tb.Fatalf("redis-server did not start:\n%s", s.proc.log.String())
}

func (s *Server) arguments() []string {
	port := strconv.Itoa(s.port)
	args := []string{"--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", s.dir, "--protected-mode", "no", "--loglevel", "notice"}
	if s.sentinel {
		args = []string{filepath.Join(s.dir, "sentinel.conf"), "--sentinel", "--bind", "127.0.0.1"}
	} else {
		args = append(args, "--enable-debug-command", "yes")
	}
	if s.tls {
		args = append(args, "--port", "0", "--tls-port", port, "--tls-cert-file", s.Certs.ServerCert, "--tls-key-file", s.Certs.ServerKey, "--tls-ca-cert-file", s.Certs.CA)
		args = append(args, "--tls-auth-clients", map[bool]string{true: "yes", false: "no"}[s.clientCerts])
	} else {
		args = append(args, "--port", port)
	}
	return append(args, s.args...)
}

// waitReady waits for an answer, whatever it says; false when the process ended.
func (s *Server) waitReady() bool {
	s.tb.Helper()
	answered := false
	Until(s.tb, startTimeout, "redis-server answers PING", func() bool {
		if s.proc.ended() {
			return true
		}
		c, err := s.dial()
		if err != nil {
			return false
		}
		defer c.Close()
		_, err = c.Do("PING")
		var refused ReplyError
		answered = err == nil || errors.As(err, &refused) && !strings.HasPrefix(err.Error(), "LOADING")
		return answered
	})
	return answered
}

// Addr returns "127.0.0.1:port".
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// URL returns the address as redis:// or rediss://, with the password if one
// was asked for, and database 0.
func (s *Server) URL() string {
	u := url.URL{Scheme: "redis", Host: s.Addr(), Path: "/0"}
	if s.tls {
		u.Scheme = "rediss"
	}
	if s.password != "" {
		u.User = url.UserPassword("", s.password)
	}
	return u.String()
}

// Kill ends the server with SIGKILL.
func (s *Server) Kill() { s.proc.kill() }

// Stop freezes the server with SIGSTOP: connections stay, nothing answers.
func (s *Server) Stop() { s.proc.setFrozen(true) }

// Cont thaws a stopped server.
func (s *Server) Cont() { s.proc.setFrozen(false) }

// Restart ends the server and starts it again, empty, on the same port.
func (s *Server) Restart() {
	s.tb.Helper()
	s.Kill()
	s.proc.start()
	if !s.waitReady() {
		s.tb.Fatalf("redis-server did not restart:\n%s", s.proc.log.String())
	}
}

// Dial opens an administrator's connection, logged in.
func (s *Server) Dial() *Conn {
	s.tb.Helper()
	c, err := s.dial()
	if err != nil {
		s.tb.Fatalf("dial %s: %v", s.Addr(), err)
	}
	s.tb.Cleanup(c.Close)
	return c
}

// Do runs one command on a new connection and returns the reply.
func (s *Server) Do(args ...any) any {
	s.tb.Helper()
	c, err := s.dial()
	if err != nil {
		s.tb.Fatalf("dial %s: %v", s.Addr(), err)
	}
	defer c.Close()
	reply, err := c.Do(args...)
	if err != nil {
		s.tb.Fatalf("%v: %v", args, err)
	}
	return reply
}

func (s *Server) dial() (*Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	var d interface {
		DialContext(ctx context.Context, network, addr string) (net.Conn, error)
	} = &net.Dialer{}
	if s.tls {
		d = &tls.Dialer{Config: s.Certs.client}
	}
	nc, err := d.DialContext(ctx, "tcp", s.Addr())
	if err != nil {
		return nil, err
	}
	c := newConn(nc)
	if s.password == "" {
		return c, nil
	}
	if _, err := c.Do("AUTH", s.password); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}
