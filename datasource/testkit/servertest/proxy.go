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

// TCPProxy stands between a client and a server and misbehaves on demand.
type TCPProxy struct {
	tb     testing.TB
	target string
	l      net.Listener
	mode   atomic.Int32
	mu     sync.Mutex
	conns  map[*net.TCPConn]side
	deaf   bool          // conns and l drop every packet from the client
	change chan struct{} // closed at every change of mode
	done   chan struct{}
	wg     sync.WaitGroup
}

// side tells the two connections of a pair apart.
type side uint8

const (
	toClient side = iota
	toServer
)

// filtered is a socket whose packets the kernel can be told to drop.
type filtered interface {
	SyscallConn() (syscall.RawConn, error)
}

// Proxy starts a proxy to target ("host:port"); it begins in mode Pass.
func Proxy(tb testing.TB, target string) *TCPProxy {
	tb.Helper()
	var lc net.ListenConfig
	lc.SetMultipathTCP(false) // its sockets cannot be deafened
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
	if err := p.set(m); err != nil {
		Skip(p.tb, "packets cannot be dropped: %v", err)
	}
}

func (p *TCPProxy) set(m Mode) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode.Store(int32(m))
	var err error
	if deaf := m == BlackHole; deaf != p.deaf {
		p.deaf = deaf
		err = deafen(p.l.(*net.TCPListener), deaf)
		for c, s := range p.conns {
			if s == toClient {
				err = errors.Join(err, open(deafen(c, deaf)))
			}
		}
	}
	close(p.change)
	p.change = make(chan struct{})
	if m == Reset {
		for c := range p.conns {
			cut(c)
		}
	}
	return err
}

// open drops the error of a connection that is closed already.
func open(err error) error {
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
		cut(c)
	}
}

// Mode returns the mode.
func (p *TCPProxy) Mode() Mode { return Mode(p.mode.Load()) }

func cut(c *net.TCPConn) {
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
		if !p.await(func(m Mode) bool { return m != BlackHole }) {
			return
		}
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() { p.serve(c.(*net.TCPConn)) })
	}
}

// await blocks until ok(mode), and returns false when the proxy ends.
func (p *TCPProxy) await(ok func(Mode) bool) bool {
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
	defer p.forget(in)
	if !p.remember(in, toClient) {
		return
	}
	switch p.Mode() {
	case Reset:
		cut(in)
		return
	case Refuse:
		return
	case Stall, BlackHole:
		if !p.await(flowing) {
			return
		}
	}
	nc, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		return
	}
	out := nc.(*net.TCPConn)
	defer p.forget(out)
	if !p.remember(out, toServer) {
		return
	}
	var pair sync.WaitGroup
	pair.Go(func() { p.pump(out, in) })
	p.pump(in, out)
	pair.Wait()
}

// remember adds c to what Cut cuts; false when the proxy has ended meanwhile.
func (p *TCPProxy) remember(c *net.TCPConn, s side) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.done:
		return false
	default:
		p.conns[c] = s
		if p.deaf && s == toClient { // accepted just before
			_ = deafen(c, true)
		}
		return true
	}
}

func (p *TCPProxy) forget(c *net.TCPConn) {
	_ = c.Close()
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
}

func flowing(m Mode) bool { return m != Stall && m != BlackHole }

// pump copies src to dst as the mode of the moment says.
func (p *TCPProxy) pump(dst, src *net.TCPConn) {
	defer func() { _ = dst.CloseWrite() }()
	buf := make([]byte, 64<<10)
	for {
		n := len(buf)
		if p.Mode() == Slow {
			n = 16
		}
		n, err := src.Read(buf[:n])
		if n > 0 {
			if !p.await(flowing) {
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
