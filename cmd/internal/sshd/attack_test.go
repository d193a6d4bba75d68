package sshd

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// TestNothingStays: whatever clients do on their way, when they are gone so are
// their goroutines and their memory.
func TestNothingStays(t *testing.T) {
	rounds := 1000
	if testing.Short() {
		rounds = 50
	}
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) {
		o.Limits = Limits{NewPerSecond: 1e6, PerAddress: 1e6, PerKey: 1e6, Connections: 1e6, Unauthenticated: 1e6}
	})
	kinds := []func(){
		func() { // silent
			if c, err := net.Dial("tcp", d.addr); err == nil {
				c.Close()
			}
		},
		func() { // a stranger
			if c, err := d.dial("x", newKey(t)); err == nil {
				c.Close()
			}
		},
		func() { // no session
			if c, err := d.dial("x", ana); err == nil {
				c.Close()
			}
		},
		func() { // a terminal that resizes and never runs anything
			c, err := d.dial("x", ana)
			if err != nil {
				return
			}
			defer c.Close()
			if s, err := c.NewSession(); err == nil {
				_ = s.RequestPty("xterm", 24, 80, nil)
				for i := range 20 {
					_ = s.WindowChange(10+i, 80)
				}
			}
		},
		func() { // a dashboard cut in the middle of a storm of resizes
			c, err := d.dial("x", ana)
			if err != nil {
				return
			}
			defer c.Close()
			s, err := c.NewSession()
			if err != nil {
				return
			}
			_ = s.RequestPty("xterm", 24, 80, nil)
			_ = s.Shell()
			for i := range 50 {
				_ = s.WindowChange(10+i, 80)
			}
		},
	}
	client := func(n int) {
		var wg sync.WaitGroup
		places := make(chan struct{}, 16)
		for i := range n {
			places <- struct{}{}
			wg.Go(func() { defer func() { <-places }(); kinds[i%len(kinds)]() })
		}
		wg.Wait()
		settled(t, "all connections are gone", func() bool {
			d.mu.Lock()
			defer d.mu.Unlock()
			return len(d.clients) == 0
		})
	}
	client(25)
	before, base := runtime.NumGoroutine(), heap()
	client(rounds)
	settled(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before+5 })
	if grown := int64(heap()) - int64(base); grown > 24<<20 {
		t.Errorf("%d kB more after %d connections", grown>>10, rounds)
	}
	d.requestFilter.mu.Lock()
	defer d.requestFilter.mu.Unlock()
	if d.requestFilter.total != 0 || d.requestFilter.pending != 0 || len(d.requestFilter.byKey) != 0 {
		t.Errorf("places still taken: %d, %d pending, %d keys", d.requestFilter.total, d.requestFilter.pending, len(d.requestFilter.byKey))
	}
	for a, v := range d.requestFilter.byAddr {
		if v.open != 0 || v.pending != 0 {
			t.Errorf("%s: %d open, %d pending", a, v.open, v.pending)
		}
	}
}

// TestFloods: megabytes of a paste without an end, of a sequence without an end
// and of mouse events cost no more than a few.
func TestFloods(t *testing.T) {
	size := 10 << 20
	if testing.Short() {
		size = 1 << 20
	}
	for name, head := range map[string]string{
		"paste": "\x1b[200~", "osc": "\x1b]0;", "dcs": "\x1bP", "c1 osc": "\x9d0;", "csi": "\x1b[",
	} {
		t.Run(name, func(t *testing.T) {
			ana := newKey(t)
			d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
			c, err := d.dial("x", ana)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			s := d.shell(t, c, 80, 24)
			s.wants(t, "user=ana")
			base := heap()
			body := head
			fill := strings.Repeat("7", size)
			if name == "c1 osc" { // no sequence: keys, and these are paced
				fill = fill[:typedBurst/2]
			}
			if _, err := io.WriteString(s.in, body+fill); err != nil {
				t.Fatal(err)
			}
			if grown := int64(heap()) - int64(base) - int64(len(fill)); grown > 8<<20 {
				t.Errorf("%d kB more", grown>>10)
			}
			end := map[string]string{"paste": pasteEnd, "osc": "\x07", "dcs": "\x1b\\", "csi": "m"}[name]
			fmt.Fprint(s.in, end+"?")
			s.wants(t, "ALONE") // and the keyboard still works
		})
	}
}

// deaf is a client's connection that stops reading.
type deaf struct {
	net.Conn
	stop, gone chan struct{}
}

func newDeaf(t *testing.T, c net.Conn) *deaf {
	d := &deaf{c, make(chan struct{}), make(chan struct{})}
	t.Cleanup(func() { close(d.gone); c.Close() })
	return d
}

func (d *deaf) Read(b []byte) (int, error) {
	select {
	case <-d.stop:
		<-d.gone
		return 0, io.EOF
	default:
		return d.Conn.Read(b)
	}
}

// TestChannelFloods: a client that asks for channels and channels is cut. What
// the library keeps of each, and a goroutine while nobody reads the refusal,
// would be all of the memory within a minute.
func TestChannelFloods(t *testing.T) {
	for _, kind := range []string{"session", "direct-tcpip", "nonsense"} {
		for _, reads := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, reads: %v", kind, reads), func(t *testing.T) {
				ana := newKey(t)
				d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
				raw, err := net.Dial("tcp", d.addr)
				if err != nil {
					t.Fatal(err)
				}
				var server *client
				settled(t, "connected", func() bool {
					d.mu.Lock()
					defer d.mu.Unlock()
					for v := range d.clients {
						server = v
					}
					return server != nil
				})
				dc := newDeaf(t, raw)
				conn, chans, reqs, err := gossh.NewClientConn(dc, d.addr, &gossh.ClientConfig{
					User: "ana", Auth: []gossh.AuthMethod{gossh.PublicKeys(ana)}, HostKeyCallback: gossh.InsecureIgnoreHostKey(), //nolint:gosec // a test's own server
				})
				if err != nil {
					t.Fatal(err)
				}
				go gossh.DiscardRequests(reqs)
				go func() {
					for range chans {
					}
				}()
				if !reads {
					close(dc.stop)
				}
				for range 2000 { // each waits for an answer that may never come
					go func() { _, _, _ = conn.OpenChannel(kind, nil) }()
				}
				settled(t, "cut", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.clients) == 0 })
				server.mu.Lock()
				defer server.mu.Unlock()
				// What had been received when it was cut is refused, too.
				if !strings.HasPrefix(server.reason, "closed: too many channels") || server.refused > 500 {
					t.Errorf("%q after %d refusals", server.reason, server.refused)
				}
			})
		}
	}
}

// TestKeysUnderWay: keys that nobody reads any more, because the session has
// ended, keep nothing.
func TestKeysUnderWay(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) {
		o.Limits = Limits{NewPerSecond: 1e6, PerAddress: 1e6, PerKey: 1e6}
	})
	client := func(n int) {
		for range n {
			c, err := d.dial("x", ana)
			if err != nil {
				t.Fatal(err)
			}
			s := d.shell(t, c, 80, 24)
			s.wants(t, "shared")
			for range 20 {
				fmt.Fprint(s.in, strings.Repeat("a", 100))
			}
			c.Close()
		}
		settled(t, "gone", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.clients) == 0 })
	}
	client(1)
	before := runtime.NumGoroutine()
	client(30)
	settled(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before+5 })
}

// TestNoPlaceIsKept: a client that does not answer when its session is over
// loses its connection all the same.
func TestNoPlaceIsKept(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	raw, err := net.Dial("tcp", d.addr)
	if err != nil {
		t.Fatal(err)
	}
	dc := newDeaf(t, raw)
	conn, chans, reqs, err := gossh.NewClientConn(dc, d.addr, &gossh.ClientConfig{
		User: "ana", Auth: []gossh.AuthMethod{gossh.PublicKeys(ana)}, HostKeyCallback: gossh.InsecureIgnoreHostKey(), //nolint:gosec // a test's own server
	})
	if err != nil {
		t.Fatal(err)
	}
	s := d.shell(t, gossh.NewClient(conn, chans, reqs), 80, 24)
	s.wants(t, "user=ana")
	close(dc.stop)
	fmt.Fprint(s.in, "q")
	begin := time.Now()
	settled(t, "gone", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.clients) == 0 })
	if took := time.Since(begin); took > closeDelay+5*time.Second {
		t.Errorf("its place was free after %v", took)
	}
}
