package redisdb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource/redisdb/resp"
)

// sentinels know where the master is. They are asked here and not by go-redis'
// failover client: that one hears and asks them in its own goroutines, where
// an answer of another shape than expected ends the process.
//
// Every new connection asks, and watch asks from time to time, so that a client
// whose old master is still there follows the sentinels all the same.
type sentinels struct {
	master     string
	configured []string // the addresses of the URL
	newClient  func(addr string) *redis.Client
	dial       func(ctx context.Context, network, addr string) (net.Conn, error) // to the master

	ctx    context.Context // ends with close
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu        sync.Mutex
	clients   map[string]*redis.Client
	conns     map[net.Conn]string // to which master
	lastWatch time.Time           // by watch
	closed    bool
}

const (
	sentinelPool = 2
	maxSentinels = 32
	watchEvery   = 2 * time.Second        // between looks for another master
	voteTime     = 100 * time.Millisecond // after the first answer, for the others
)

var (
	errNoMaster = errors.New("no sentinel knows the master")
	errSentinel = fmt.Errorf("%w: a sentinel's answer", resp.ErrBad)
)

func newSentinels(t *target, d *dialer) *sentinels {
	s := &sentinels{master: t.sentinel.master, configured: t.sentinel.addrs, dial: d.dial, clients: map[string]*redis.Client{}, conns: map[net.Conn]string{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.newClient = func(addr string) *redis.Client {
		o := &redis.Options{
			Addr: addr, Username: t.sentinel.user, Password: t.sentinel.password, PoolSize: sentinelPool,
			DialTimeout: t.single.DialTimeout, Dialer: d.dial, Protocol: t.single.Protocol,
		}
		applyDefaults(o)
		return redis.NewClient(o)
	}
	for _, addr := range t.sentinel.addrs {
		s.clients[addr] = s.newClient(addr)
	}
	return s
}

// dialMaster is the dialer of the master's client.
func (s *sentinels) dialMaster(ctx context.Context, network, _ string) (net.Conn, error) {
	addr, err := s.findMaster(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := s.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	tracked := &masterConn{boundedConn: conn.(*boundedConn), owner: s}
	s.mu.Lock()
	s.conns[tracked] = addr
	s.mu.Unlock()
	return tracked, nil
}

// masterConn is a connection to a master; it is closed when another takes over.
type masterConn struct {
	*boundedConn
	owner *sentinels
}

// Close implements net.Conn.
func (m *masterConn) Close() error {
	m.owner.mu.Lock()
	delete(m.owner.conns, m)
	m.owner.mu.Unlock()
	return m.boundedConn.Close()
}

// findMaster asks all sentinels at once. The majority of the early answers counts:
// a sentinel that is cut off from the others may be outdated.
func (s *sentinels) findMaster(ctx context.Context) (string, error) {
	answers, left, err := s.askAll()
	if err != nil {
		return "", err
	}
	var late <-chan time.Time
	var errs []error
	votes, best := map[string]int{}, ""
	for ; left > 0; left-- {
		select {
		case a := <-answers:
			if a.err != nil {
				errs = append(errs, a.err)
				continue
			}
			if late == nil {
				late = time.After(voteTime)
			}
			if votes[a.master] += a.weight; votes[a.master] > votes[best] {
				best = a.master
			}
			continue
		case <-late:
		case <-ctx.Done():
			errs = append(errs, ctx.Err())
		}
		break
	}
	if best == "" {
		return "", fmt.Errorf("%w: %w", errNoMaster, errors.Join(errs...))
	}
	s.closeOtherMasters(best)
	return best, nil
}

// askAll asks every sentinel. It does not end with the caller's context: a
// connection with an outstanding answer would be lost.
func (s *sentinels) askAll() (answers <-chan masterAnswer, n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, 0, redis.ErrClosed
	}
	out := make(chan masterAnswer, len(s.clients))
	for addr, c := range s.clients {
		weight := 1
		if slices.Contains(s.configured, addr) {
			weight = maxSentinels
		}
		s.wg.Go(func() {
			ctx, cancel := context.WithTimeout(s.ctx, dialTimeout)
			defer cancel()
			a := askMaster(ctx, c, s.master)
			a.weight = weight
			out <- a
			if a.err == nil {
				s.addSentinels(askPeers(ctx, c, s.master))
			}
		})
	}
	return out, len(s.clients), nil
}

// closeOtherMasters cuts what is connected to another master than the one found.
func (s *sentinels) closeOtherMasters(master string) {
	s.mu.Lock()
	var old []net.Conn
	for c, addr := range s.conns {
		if addr != master {
			old = append(old, c)
		}
	}
	s.mu.Unlock()
	for _, c := range old {
		_ = c.Close()
	}
}

// addSentinels takes in sentinels that were not known.
func (s *sentinels) addSentinels(others []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, addr := range others {
		if s.clients[addr] == nil && len(s.clients) < maxSentinels && !s.closed {
			s.clients[addr] = s.newClient(addr)
		}
	}
}

// watch looks for another master, in the background and now and then.
func (s *sentinels) watch() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || time.Since(s.lastWatch) < watchEvery || len(s.conns) == 0 {
		return
	}
	s.lastWatch = time.Now()
	s.wg.Go(func() { _, _ = s.findMaster(s.ctx) }) // on an error the next watch asks again
}

func (s *sentinels) close() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	s.closed = true
	clients := s.clients
	s.mu.Unlock()
	s.cancel()
	var errs []error
	for _, c := range clients {
		errs = append(errs, c.Close())
	}
	s.wg.Wait()
	return errors.Join(errs...)
}

// masterAnswer is where one sentinel says the master is.
type masterAnswer struct {
	master string
	weight int // those that were only found may be one of the others under another name
	err    error
}

// askMaster asks one sentinel for the master.
func askMaster(ctx context.Context, c *redis.Client, name string) (a masterAnswer) {
	defer func() {
		if r := recover(); r != nil {
			a = masterAnswer{err: errSentinel}
		}
	}()
	said, err := c.Do(ctx, "sentinel", "get-master-addr-by-name", name).Result()
	if err != nil {
		return masterAnswer{err: err}
	}
	words, _ := said.([]any)
	if a.master = addrOf(words); a.master == "" {
		a.err = errSentinel
	}
	return a
}

// askPeers asks one sentinel for its peers. Errors are ignored: another sentinel answers.
func askPeers(ctx context.Context, c *redis.Client, name string) (addrs []string) {
	defer func() { _ = recover() }()
	list, _ := c.Do(ctx, "sentinel", "sentinels", name).Slice()
	for _, one := range list {
		if addr := peerAddress(one); addr != "" {
			addrs = append(addrs, addr)
		}
	}
	return addrs
}

// addrOf makes an address of a host and a port.
func addrOf(words []any) string {
	if len(words) != 2 {
		return ""
	}
	host, _ := words[0].(string)
	port, _ := words[1].(string)
	if host == "" || port == "" {
		return ""
	}
	return net.JoinHostPort(host, port)
}

// peerAddress reads the address out of what is said of one sentinel: names and
// values, as a map or in turn.
func peerAddress(said any) string {
	get := func(string) any { return nil }
	switch said := said.(type) {
	case map[any]any:
		get = func(name string) any { return said[name] }
	case []any:
		get = func(name string) any {
			for i := 0; i+1 < len(said); i += 2 {
				if said[i] == any(name) {
					return said[i+1]
				}
			}
			return nil
		}
	}
	return addrOf([]any{get("ip"), get("port")})
}
