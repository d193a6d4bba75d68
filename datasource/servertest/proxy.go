package servertest

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Mode is what a Proxy does with the bytes that pass it.
type Mode int32

// The modes. A change takes hold of open connections at once.
const (
	Pass      Mode = iota // hands on everything
	Stall                 // keeps connections open, accepts new ones, hands on nothing
	BlackHole             // like Stall, and new connections are never accepted
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
	conns  map[*net.TCPConn]struct{}
	change chan struct{} // closed at every change of mode
	done   chan struct{}
	wg     sync.WaitGroup
}

// Proxy starts a proxy to target ("host:port"); it begins in mode Pass.
func Proxy(tb testing.TB, target string) *TCPProxy {
	tb.Helper()
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &TCPProxy{tb: tb, target: target, l: l, conns: map[*net.TCPConn]struct{}{}, change: make(chan struct{}), done: make(chan struct{})}
	p.wg.Go(p.accept)
	tb.Cleanup(p.close)
	return p
}

// Addr returns the proxy's "host:port".
func (p *TCPProxy) Addr() string { return p.l.Addr().String() }

// Set changes the mode. Reset also cuts every open connection.
func (p *TCPProxy) Set(m Mode) {
	p.mode.Store(int32(m))
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.change)
	p.change = make(chan struct{})
	if m == Reset {
		for c := range p.conns {
			cut(c)
		}
	}
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
	if !p.remember(in) {
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
	if !p.remember(out) {
		return
	}
	var pair sync.WaitGroup
	pair.Go(func() { p.pump(out, in) })
	p.pump(in, out)
	pair.Wait()
}

// remember adds c to what Cut cuts; false when the proxy has ended meanwhile.
func (p *TCPProxy) remember(c *net.TCPConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.done:
		return false
	default:
		p.conns[c] = struct{}{}
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
