package demo

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// maxPending is how much a client may leave unread before it is cut off, as
// Redis does with its client-output-buffer-limit.
const maxPending = 8 << 20

// anyPort is an address for a port that is free.
const anyPort = "127.0.0.1:0"

// front is the socket in front of the embedded Redis. It can do what happens
// to real ones: refuse, cut, hang. A client that does not read holds up
// nobody: what is for it waits in its connection's own queue.
type front struct {
	serve func(net.Conn)
	addr  string // host:port, the same for the front's whole life

	mu       sync.Mutex
	change   *sync.Cond
	listener net.Listener
	conns    map[*frontConn]struct{}
	hung     bool
	noPubSub bool
	closed   bool
	wg       sync.WaitGroup
}

// newFront listens on a free loopback port and hands connections to serve,
// which must not block.
func newFront(serve func(net.Conn)) (*front, error) {
	f := &front{serve: serve, conns: map[*frontConn]struct{}{}, addr: anyPort}
	f.change = sync.NewCond(&f.mu)
	if err := f.start(); err != nil {
		return nil, err
	}
	return f, nil
}

// start listens, on the same port as before.
func (f *front) start() error {
	l, err := listen(f.addr)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.listener != nil {
		return l.Close()
	}
	f.listener = l
	if f.addr == anyPort { // never written again: it is read without the lock
		f.addr = l.Addr().String()
	}
	f.wg.Add(1)
	go f.acceptConns(l)
	return nil
}

// listen retries for a moment: a port that was just left may still be closing.
func listen(addr string) (l net.Listener, err error) {
	tcp := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr))
	for range 20 {
		if l, err = net.ListenTCP("tcp", tcp); err == nil {
			return l, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, fmt.Errorf("listen on %s: %w", addr, err)
}

func (f *front) acceptConns(l net.Listener) {
	defer f.wg.Done()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		c := &frontConn{Conn: conn, f: f}
		f.mu.Lock()
		if f.listener != l {
			f.mu.Unlock()
			_ = conn.Close()
			return
		}
		f.conns[c] = struct{}{}
		f.wg.Add(1)
		f.mu.Unlock()
		go c.sendQueued()
		f.serve(c)
	}
}

// stop closes the port and cuts every connection.
func (f *front) stop() {
	f.mu.Lock()
	l := f.listener
	f.listener = nil
	for c := range f.conns {
		c.closeLocked()
	}
	f.mu.Unlock()
	if l != nil {
		_ = l.Close()
	}
}

// setHanging makes the front accept and read nothing and send nothing, or lets
// everything that waited go on its way.
func (f *front) setHanging(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hung = on
	f.change.Broadcast()
}

// cutPubSub cuts connections that subscribe, now and for as long as it is on.
func (f *front) cutPubSub(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.noPubSub = on
	for c := range f.conns {
		if on && c.subscriber {
			c.closeLocked()
		}
	}
}

// close ends the front for good.
func (f *front) close() {
	f.mu.Lock()
	f.closed, f.hung = true, false
	f.change.Broadcast()
	f.mu.Unlock()
	f.stop()
	f.wg.Wait()
}

// frontConn is one client's connection. The server reads and writes it; the
// front's mutex guards its fields.
type frontConn struct {
	net.Conn
	f          *front
	pending    []byte
	tail       []byte // the last bytes read, to see a command that is split
	subscriber bool
	gone       bool
}

var errCut = errors.New("connection cut")

// Read blocks while the front hangs, as a stopped process would.
func (c *frontConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	for c.f.hung && !c.gone {
		c.f.change.Wait()
	}
	if c.gone {
		return 0, errCut
	}
	if n > 0 && !c.subscriber && c.isSubscribe(p[:n]) {
		c.subscriber = true
		if c.f.noPubSub {
			c.closeLocked()
			return 0, errCut
		}
	}
	return n, err
}

// isSubscribe looks for SUBSCRIBE or PSUBSCRIBE as its own argument.
func (c *frontConn) isSubscribe(p []byte) bool {
	word := []byte("subscribe\r\n")
	c.tail = append(c.tail, bytes.ToLower(p)...)
	found := bytes.Contains(c.tail, word)
	c.tail = slices.Delete(c.tail, 0, max(0, len(c.tail)-len(word)))
	return found
}

// Write queues p and never blocks.
func (c *frontConn) Write(p []byte) (int, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.gone {
		return 0, errCut
	}
	if len(c.pending)+len(p) > maxPending {
		c.closeLocked()
		return 0, errCut
	}
	if len(c.pending) == 0 {
		c.f.change.Broadcast()
	}
	c.pending = append(c.pending, p...)
	return len(p), nil
}

// sendQueued sends what is queued, in as few packets as it takes.
func (c *frontConn) sendQueued() {
	defer c.f.wg.Done()
	var out []byte
	for {
		c.f.mu.Lock()
		for !c.gone && (len(c.pending) == 0 || c.f.hung) {
			c.f.change.Wait()
		}
		if c.gone {
			c.f.mu.Unlock()
			return
		}
		out, c.pending = c.pending, out[:0]
		c.f.mu.Unlock()
		if _, err := c.Conn.Write(out); err != nil {
			_ = c.Close()
			return
		}
		if cap(out) > 64<<10 {
			out = nil
		}
	}
}

// closeLocked closes the connection; the front's mutex is held.
func (c *frontConn) closeLocked() {
	if c.gone {
		return
	}
	c.gone = true
	delete(c.f.conns, c)
	_ = c.Conn.Close()
	c.f.change.Broadcast()
}

// Close implements net.Conn for the server's side. What is queued is lost.
func (c *frontConn) Close() error {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.closeLocked()
	return nil
}
