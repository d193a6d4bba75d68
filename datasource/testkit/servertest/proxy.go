package servertest

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Mode is what a Proxy does with the bytes that pass it.
type Mode int32

// The modes. A change takes hold of open connections at once.
const (
	Pass      Mode = iota // hands on everything
	Stall                 // keeps connections open, accepts new ones, hands on nothing
	BlackHole             // like Stall, but nothing is acknowledged (on Linux), and new connections get no answer
	Reset                 // cuts what is open with RST, and every new connection
	Slow                  // hands on a few bytes at a time
	Refuse                // accepts and closes at once, like a balancer without a backend
)

// TCPProxy is between a client and a server and misbehaves on demand.
type TCPProxy struct {
	tb       testing.TB
	target   string
	l        net.Listener
	mode     atomic.Int32
	mu       sync.Mutex
	conns    map[*net.TCPConn]side
	dropping bool          // conns and l drop every packet from the client
	change   chan struct{} // closed at every change of mode
	done     chan struct{}
	wg       sync.WaitGroup
}

// side tells the two connections of a pair apart.
type side uint8

const (
	toClient side = iota
	toServer
)

// filtered is a socket whose packets the kernel can drop.
type filtered interface {
	SyscallConn() (syscall.RawConn, error)
}

// Proxy starts a proxy to target ("host:port"); it begins in mode Pass.
func Proxy(tb testing.TB, target string) *TCPProxy {
	tb.Helper()
	var lc net.ListenConfig
	lc.SetMultipathTCP(false) // its packets cannot be dropped
	l, err := lc.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &TCPProxy{tb: tb, target: target, l: l, conns: map[*net.TCPConn]side{}, change: make(chan struct{}), done: make(chan struct{})}
	p.wg.Go(p.accept)
	tb.Cleanup(p.close)
	return p
}

// Addr returns the proxy's "host:port".
func (p *TCPProxy) Addr() string { return p.l.Addr().String() }

// Set changes the mode. Reset also cuts every open connection.
func (p *TCPProxy) Set(m Mode) {
	p.tb.Helper()
	if err := p.setMode(m); err != nil {
		Skip(p.tb, "packets cannot be dropped: %v", err)
	}
}

func (p *TCPProxy) setMode(m Mode) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode.Store(int32(m))
	var err error
	if deaf := m == BlackHole; deaf != p.dropping {
		p.dropping = deaf
		err = dropPackets(p.l.(*net.TCPListener), deaf)
		for c, s := range p.conns {
			if s == toClient {
				err = errors.Join(err, ignoreClosed(dropPackets(c, deaf)))
			}
		}
	}
	close(p.change)
	p.change = make(chan struct{})
	if m == Reset {
		for c := range p.conns {
			resetConn(c)
		}
	}
	return err
}

// ignoreClosed drops the error of a connection that is closed already.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Cut cuts every open connection once, in any mode.
func (p *TCPProxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		resetConn(c)
	}
}

// Mode returns the mode.
func (p *TCPProxy) Mode() Mode { return Mode(p.mode.Load()) }

func resetConn(c *net.TCPConn) {
	_ = c.SetLinger(0) // RST instead of FIN
	_ = c.Close()
}

func (p *TCPProxy) close() {
	close(p.done)
	_ = p.l.Close()
	p.Cut()
	p.wg.Wait()
}

func (p *TCPProxy) accept() {
	for {
		if !p.waitForMode(func(m Mode) bool { return m != BlackHole }) {
			return
		}
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() { p.serve(c.(*net.TCPConn)) })
	}
}

// waitForMode blocks until ok(mode), and returns false when the proxy ends.
func (p *TCPProxy) waitForMode(ok func(Mode) bool) bool {
	for {
		p.mu.Lock()
		change := p.change
		p.mu.Unlock()
		if ok(p.Mode()) {
			return true
		}
		select {
		case <-change:
		case <-p.done:
			return false
		}
	}
}

func (p *TCPProxy) serve(in *net.TCPConn) {
	defer p.dropConn(in)
	if !p.trackConn(in, toClient) {
		return
	}
	switch p.Mode() {
	case Reset:
		resetConn(in)
		return
	case Refuse:
		return
	case Stall, BlackHole:
		if !p.waitForMode(passesBytes) {
			return
		}
	case Pass, Slow:
	}
	nc, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		return
	}
	out := nc.(*net.TCPConn)
	defer p.dropConn(out)
	if !p.trackConn(out, toServer) {
		return
	}
	var pair sync.WaitGroup
	pair.Go(func() { p.copyBytes(out, in) })
	p.copyBytes(in, out)
	pair.Wait()
}

// trackConn adds c to what Cut cuts; false when the proxy has ended meanwhile.
func (p *TCPProxy) trackConn(c *net.TCPConn, s side) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.done:
		return false
	default:
		p.conns[c] = s
		if p.dropping && s == toClient { // accepted just before
			_ = dropPackets(c, true)
		}
		return true
	}
}

func (p *TCPProxy) dropConn(c *net.TCPConn) {
	_ = c.Close()
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
}

func passesBytes(m Mode) bool { return m != Stall && m != BlackHole }

// copyBytes copies src to dst as the mode of the moment says.
func (p *TCPProxy) copyBytes(dst, src *net.TCPConn) {
	defer func() { _ = dst.CloseWrite() }()
	buf := make([]byte, 64<<10)
	for {
		n := len(buf)
		if p.Mode() == Slow {
			n = 16
		}
		n, err := src.Read(buf[:n])
		if n > 0 {
			if !p.waitForMode(passesBytes) {
				return
			}
			if p.Mode() == Slow {
				time.Sleep(5 * time.Millisecond)
			}
			if _, err := dst.Write(buf[:n]); err != nil {
				_ = src.CloseRead()
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = dst.Close() // the other half must see that it is over
			}
			return
		}
	}
}
