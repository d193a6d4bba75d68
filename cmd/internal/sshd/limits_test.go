package sshd

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

func TestLimits(t *testing.T) {
	ana := newKey(t)
	t.Run("a key", func(t *testing.T) {
		d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) { o.Limits.PerKey = 2 })
		for i := range 3 {
			said := ""
			c, err := gossh.Dial("tcp", d.addr, &gossh.ClientConfig{
				User: "ana", Auth: []gossh.AuthMethod{gossh.PublicKeys(ana)}, HostKeyCallback: gossh.InsecureIgnoreHostKey(), //nolint:gosec // a test's own server
				BannerCallback: func(text string) error { said += text; return nil },
			})
			if (err == nil) != (i < 2) {
				t.Errorf("connection %d: %v", i, err)
			}
			if err == nil {
				defer c.Close()
			}
			if strings.Contains(said, "too many sessions with this key") != (i == 2) {
				t.Errorf("connection %d is told %q", i, said)
			}
		}
	})
	t.Run("an address", func(t *testing.T) {
		d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) { o.Limits.PerAddress = 1 })
		c, err := d.dial("ana", ana)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.dial("ana", ana); err == nil {
			t.Error("a second connection of one address")
		}
		c.Close()
	})
	t.Run("silence before login", func(t *testing.T) {
		d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) {
			o.Limits.Handshake, o.Limits.Unauthenticated = 300*time.Millisecond, 5
		})
		var silent []net.Conn
		for i := range 50 {
			c, err := net.Dial("tcp", d.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			silent = append(silent, c)
			if i%2 == 0 { // one that drips is no better
				go func() {
					for _, err := io.WriteString(c, "SSH-2.0-"); err == nil; _, err = io.WriteString(c, "x") {
						time.Sleep(50 * time.Millisecond)
					}
				}()
			}
		}
		for _, c := range silent {
			_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
			if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatal("a silent connection was kept")
			}
		}
		c, err := d.dial("ana", ana)
		if err != nil {
			t.Fatalf("after the silent ones are gone: %v", err)
		}
		c.Close()
	})
}

// TestHandshakesMakeRoom: whoever fills all places for handshakes loses one to
// somebody who has none.
func TestHandshakesMakeRoom(t *testing.T) {
	g := newConnLimiter(Limits{NewPerSecond: 100}.withDefaults())
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
	if r := g.admit(late, now); r != tooManyPending {
		t.Fatalf("admitted: %q", r)
	}
	if a, ok := g.largestPending(late); !ok || a != greedy {
		t.Errorf("%v gives way", a)
	}
	if _, ok := g.largestPending(greedy); ok {
		t.Error("the greedy push out others")
	}
	g.leave(greedy, "", false, false)
	if r := g.admit(late, now); r != "" {
		t.Error(r)
	}
}

func TestServerMakesRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
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
	settled(t, "three handshakes", func() bool {
		d.requestFilter.mu.Lock()
		defer d.requestFilter.mu.Unlock()
		return d.requestFilter.pending == 3
	})
	if r := d.acquirePlace(netip.MustParseAddr("192.0.2.7")); r != "" {
		t.Fatalf("no room: %q", r)
	}
	_ = conns[0].SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.Copy(io.Discard, conns[0]); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Error("the oldest handshake goes on")
	}
	d.requestFilter.leave(netip.MustParseAddr("192.0.2.7"), "", false, false)
}

// TestAddresses: a customer's IPv6 network is one address, and no number of them
// makes the table grow.
func TestAddresses(t *testing.T) {
	g := newConnLimiter(Limits{Connections: 1 << 30, Unauthenticated: 1 << 30, PerAddress: 4, NewPerSecond: 1}.withDefaults())
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
	for i := range 3 * maxAddresses {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		if g.admit(a, now) == "" {
			g.leave(a, "", false, false)
		}
	}
	if len(g.byAddr) > maxAddresses {
		t.Errorf("%d addresses remembered", len(g.byAddr))
	}
}

// TestStrangersFillNoDisk: what anybody can cause is logged so often and no more.
func TestStrangersFillNoDisk(t *testing.T) {
	logs := &safeBuffer{}
	n := newRateLimitedLog(slog.New(slog.NewTextHandler(logs, nil)), slog.LevelWarn)
	for range 100_000 {
		n.line("connection refused", "addr", "192.0.2.1")
	}
	lines := strings.Count(logs.String(), "\n")
	if lines < 50 || lines > 200 {
		t.Errorf("%d lines", lines)
	}
	counted := n.skipped.Load()
	for _, m := range regexp.MustCompile(`skipped=(\d+)`).FindAllStringSubmatch(logs.String(), -1) {
		more, _ := strconv.ParseUint(m[1], 10, 64)
		counted += more
	}
	if counted+uint64(lines) != 100_000 {
		t.Errorf("%d lines and %d counted", lines, counted)
	}
}
