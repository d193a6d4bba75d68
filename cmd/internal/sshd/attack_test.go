package sshd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// settled waits until f holds.
func settled(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

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
	visit := func(n int) {
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
			return len(d.visits) == 0
		})
	}
	visit(25)
	before, base := runtime.NumGoroutine(), heap()
	visit(rounds)
	settled(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before+5 })
	if grown := int64(heap()) - int64(base); grown > 24<<20 {
		t.Errorf("%d kB more after %d connections", grown>>10, rounds)
	}
	d.gate.mu.Lock()
	defer d.gate.mu.Unlock()
	if d.gate.total != 0 || d.gate.pending != 0 || len(d.gate.byKey) != 0 {
		t.Errorf("places still taken: %d, %d pending, %d keys", d.gate.total, d.gate.pending, len(d.gate.byKey))
	}
	for a, v := range d.gate.byAddr {
		if v.open != 0 || v.pending != 0 {
			t.Errorf("%s: %d open, %d pending", a, v.open, v.pending)
		}
	}
}

// TestCommandsWithATerminalEnd: a command looks at no resizes, so nothing may
// wait for it to.
func TestCommandsWithATerminalEnd(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	c, err := d.dial("x", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s.Stdout = &out
	if err := s.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if err := s.WindowChange(10, 80); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Run("snapshot"); err == nil || !strings.Contains(out.String(), "ana") {
		t.Errorf("%v: %q", err, out.String())
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

// TestHandshakesMakeRoom: whoever fills all places for handshakes loses one to
// somebody who has none.
func TestHandshakesMakeRoom(t *testing.T) {
	g := newGatekeeper(Limits{NewPerSecond: 100}.withDefaults())
	greedy, other, late := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("192.0.2.3")
	now := time.Now()
	for i := range 16 {
		if r := g.admit(greedy, now); r != "" {
			t.Fatal(i, r)
		}
	}
	for i := range 4 {
		if r := g.admit(other, now); r != "" {
			t.Fatal(i, r)
		}
	}
	if r := g.admit(late, now); r != crowded {
		t.Fatalf("admitted: %q", r)
	}
	if a, ok := g.greediest(late); !ok || a != greedy {
		t.Errorf("%v gives way", a)
	}
	if _, ok := g.greediest(greedy); ok {
		t.Error("the greedy push out others")
	}
	g.leave(greedy, "", false, false)
	if r := g.admit(late, now); r != "" {
		t.Error(r)
	}
}

func TestServerMakesRoom(t *testing.T) {
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(newKey(t))}}), func(o *Options) {
		o.Limits = Limits{NewPerSecond: 1000, PerAddress: 1000, Unauthenticated: 3}
	})
	var conns []net.Conn
	for range 3 {
		c, err := net.Dial("tcp", d.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		conns = append(conns, c)
	}
	settled(t, "three handshakes", func() bool { d.gate.mu.Lock(); defer d.gate.mu.Unlock(); return d.gate.pending == 3 })
	if r := d.let(netip.MustParseAddr("192.0.2.7")); r != "" {
		t.Fatalf("no room: %q", r)
	}
	_ = conns[0].SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.Copy(io.Discard, conns[0]); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Error("the oldest handshake goes on")
	}
	d.gate.leave(netip.MustParseAddr("192.0.2.7"), "", false, false)
}

// TestAddresses: a customer's IPv6 network is one address, and no number of them
// makes the table grow.
func TestAddresses(t *testing.T) {
	g := newGatekeeper(Limits{Connections: 1 << 30, Unauthenticated: 1 << 30, PerAddress: 4, NewPerSecond: 1}.withDefaults())
	now := time.Now()
	in := 0
	for i := range 100 {
		if g.admit(netip.MustParseAddr(fmt.Sprintf("2001:db8:1:2::%x", i)), now) == "" {
			in++
		}
	}
	if in != 4 {
		t.Errorf("%d of one /64 came in", in)
	}
	for i := range 3 * maxVisitors {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		if g.admit(a, now) == "" {
			g.leave(a, "", false, false)
		}
	}
	if len(g.byAddr) > maxVisitors {
		t.Errorf("%d addresses remembered", len(g.byAddr))
	}
}

// TestExpiryEndsSessions: an expiry-time that comes, and a file that goes.
func TestExpiryEndsSessions(t *testing.T) {
	ana, ops := newKey(t), newKey(t)
	file := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(line(ops) + "\n" + line(ana) + "\n")
	k, err := NewKeyring([]string{file}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	d := serve(t, k, nil)
	c, err := d.dial("x", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d.Recheck()
	if _, _, err := c.SendRequest("keepalive@openssh.com", true, nil); err != nil {
		t.Fatal(err)
	}
	// It has expired since, but not when the session began.
	write(line(ops) + "\n" + `expiry-time="` + time.Now().Add(-time.Second).UTC().Format("20060102150405") + `Z" ` + line(ana) + "\n")
	d.Recheck()
	if err := c.Wait(); err == nil {
		t.Error("ended without a reason")
	}
	o, err := d.dial("x", ops)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	d.Recheck() // it may come back: an editor
	if _, _, err := o.SendRequest("keepalive@openssh.com", true, nil); err != nil {
		t.Fatal(err)
	}
	d.Recheck()
	_ = o.Wait()
	if _, err := d.dial("x", ops); err == nil {
		t.Error("a key without a file came in")
	}
}

// TestUsersLimitsWin: a key that is a user's has that user's rights, also when it
// is in a file that gives all.
func TestUsersLimitsWin(t *testing.T) {
	ana := newKey(t)
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(line(ana)), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := NewKeyring([]string{file}, []User{{Name: "ana", Keys: []string{line(ana)}, Pages: []string{"One"}}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.Authorise("x", netip.MustParseAddr("127.0.0.1"), ana.PublicKey(), time.Now())
	if err != nil || p.Name != "ana" || !p.Known || len(p.Pages) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestTurns: one key's commands come one after the other, and all keys' together
// are few.
func TestTurns(t *testing.T) {
	tn := newTurns()
	var now, most, own atomic.Int64
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			key := fmt.Sprint(i)
			if i < 2 {
				key = "loop"
			}
			done, ok := tn.take(t.Context(), key)
			if !ok {
				t.Error("no turn")
				return
			}
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			if key == "loop" && own.Add(1) > 1 {
				t.Error("two of one key at once")
			}
			runtime.Gosched()
			if key == "loop" {
				own.Add(-1)
			}
			now.Add(-1)
			done()
		})
	}
	wg.Wait()
	if most.Load() > maxCommands {
		t.Errorf("%d at once", most.Load())
	}
	settled(t, "nothing is remembered", func() bool { tn.mu.Lock(); defer tn.mu.Unlock(); return len(tn.keys) == 0 })
	done, _ := tn.take(t.Context(), "a")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok := tn.take(ended, "a"); ok {
		t.Error("a turn was given twice")
	}
	done()
}

// TestStrangersFillNoDisk: what anybody can cause is logged so often and no more.
func TestStrangersFillNoDisk(t *testing.T) {
	logs := &safeBuffer{}
	n := newNoise(slog.New(slog.NewTextHandler(logs, nil)), slog.LevelWarn)
	for range 100_000 {
		n.say("connection refused", "addr", "192.0.2.1")
	}
	if lines := strings.Count(logs.String(), "\n"); lines < 50 || lines > 200 {
		t.Errorf("%d lines", lines)
	}
	if n.skipped.Load() < 99_000 {
		t.Errorf("%d counted", n.skipped.Load())
	}
}

// TestWeakCertificates: an authority's signature does not make a weak key strong.
func TestWeakCertificates(t *testing.T) {
	ca, user := newKey(t), newKey(t)
	k := keysOf(t, User{Name: "ana", Keys: []string{"cert-authority " + line(ca)}})
	cert := &gossh.Certificate{Key: user.PublicKey(), CertType: gossh.UserCert, ValidPrincipals: []string{"ana"}, ValidBefore: gossh.CertTimeInfinity}
	now := time.Now()
	if _, err := k.Authorise("ana", netip.MustParseAddr("127.0.0.1"), cert, now); err == nil {
		cert.Signature = nil
		t.Error("without a signature")
	}
}
