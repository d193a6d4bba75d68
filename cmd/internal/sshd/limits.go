package sshd

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound what clients can take, together and each. Zero values mean the
// defaults of DefaultLimits.
type Limits struct {
	Connections     int           // together
	Unauthenticated int           // still in their handshake
	PerAddress      int           // from one address
	PerKey          int           // of one key
	NewPerSecond    float64       // new connections of one address; a burst of as many as PerAddress
	Handshake       time.Duration // until authenticated
	Longest         time.Duration // of a session
	Idle            time.Duration // without a key from the trader; a warning comes two minutes before
}

// DefaultLimits are generous for a desk and useless for an attacker.
var DefaultLimits = Limits{
	Connections: 200, Unauthenticated: 20, PerAddress: 16, PerKey: 8, NewPerSecond: 4,
	Handshake: 10 * time.Second, Longest: 24 * time.Hour, Idle: 30 * time.Minute,
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	pick := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	pick(&l.Connections, d.Connections)
	pick(&l.Unauthenticated, d.Unauthenticated)
	pick(&l.PerAddress, d.PerAddress)
	pick(&l.PerKey, d.PerKey)
	if l.NewPerSecond <= 0 {
		l.NewPerSecond = d.NewPerSecond
	}
	for _, p := range []struct{ v, def *time.Duration }{
		{&l.Handshake, &d.Handshake}, {&l.Longest, &d.Longest}, {&l.Idle, &d.Idle},
	} {
		if *p.v <= 0 {
			*p.v = *p.def
		}
	}
	return l
}

// connLimiter counts connections. It is safe for concurrent use.
type connLimiter struct {
	limits Limits

	mu      sync.Mutex
	total   int
	pending int
	byAddr  map[netip.Addr]*addressUse
	byKey   map[string]int
}

// addressUse is one address.
type addressUse struct {
	open    int
	pending int
	bucket  *rate.Limiter
	seen    time.Time
}

func newConnLimiter(l Limits) *connLimiter {
	return &connLimiter{limits: l, byAddr: make(map[netip.Addr]*addressUse), byKey: make(map[string]int)}
}

// maxAddresses bounds the addresses remembered for their rate.
const maxAddresses = 4096

// admit decides about a new connection; reason is "" when it may come in, and
// then leave must be called once at its end.
func (g *connLimiter) admit(addr netip.Addr, now time.Time) (reason string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	addr = blockOf(addr)
	v := g.byAddr[addr]
	if v == nil {
		if len(g.byAddr) >= maxAddresses && !g.forget(now) {
			return "too many addresses"
		}
		v = &addressUse{bucket: rate.NewLimiter(rate.Limit(g.limits.NewPerSecond), g.limits.PerAddress)}
		g.byAddr[addr] = v
	}
	v.seen = now
	switch {
	case g.total >= g.limits.Connections:
		return "server is full"
	case g.pending >= g.limits.Unauthenticated:
		return tooManyPending
	case v.open >= g.limits.PerAddress:
		return "too many connections from this address"
	case !v.bucket.AllowN(now, 1):
		return "too many new connections from this address"
	}
	g.total++
	g.pending++
	v.open++
	v.pending++
	return ""
}

// tooManyPending is the reason of admit that greediest may remedy.
const tooManyPending = "too many unauthenticated connections"

// largestPending returns the address that has the most handshakes under way, when
// these are more than addr would have with one of them.
func (g *connLimiter) largestPending(addr netip.Addr) (most netip.Addr, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 1
	if v := g.byAddr[blockOf(addr)]; v != nil {
		n += v.pending
	}
	for a, v := range g.byAddr {
		if v.pending > n {
			most, n, ok = a, v.pending, true
		}
	}
	return most, ok
}

// forget drops an address that is gone, one whose bucket is full again before
// any other, and reports whether there was one.
func (g *connLimiter) forget(now time.Time) bool {
	var some netip.Addr
	found, old := false, false
	for a, v := range g.byAddr {
		switch {
		case v.open > 0:
		case now.Sub(v.seen) > time.Minute:
			delete(g.byAddr, a)
			old = true
		default:
			some, found = a, true
		}
	}
	if !old && found {
		delete(g.byAddr, some)
	}
	return old || found
}

// login counts a connection whose key has signed; ok is false when the key has
// too many already, and then the connection must end.
func (g *connLimiter) login(addr netip.Addr, key string) (ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pending--
	if v := g.byAddr[blockOf(addr)]; v != nil {
		v.pending--
	}
	if key == "" {
		return true
	}
	if g.byKey[key] >= g.limits.PerKey {
		return false
	}
	g.byKey[key]++
	return true
}

// leave undoes admit and login.
func (g *connLimiter) leave(addr netip.Addr, key string, loggedIn, counted bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.total--
	v := g.byAddr[blockOf(addr)]
	if v != nil {
		v.open--
	}
	if !loggedIn {
		g.pending--
		if v != nil {
			v.pending--
		}
	}
	if counted && key != "" {
		if g.byKey[key]--; g.byKey[key] <= 0 {
			delete(g.byKey, key)
		}
	}
}

// blockOf is what counts as one address: of IPv6 the /64 that a single customer
// is given, who has 2⁶⁴ addresses.
func blockOf(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return a
	}
	return p.Addr()
}

// addrOf returns the IP address of a connection's other end; the zero Addr
// stands for all that have none.
func addrOf(a net.Addr) netip.Addr {
	if a == nil {
		return netip.Addr{}
	}
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}
