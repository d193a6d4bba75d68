package redisdb

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// waitLost waits until the last fault has this class and text.
func (e *ear) waitLost(t testing.TB, class datasource.Class, text string) {
	t.Helper()
	servertest.Until(t, patience, fmt.Sprintf("Lost: %v %q", class, text), func() bool {
		f := e.lastFault()
		return f != nil && f.Class == class && strings.Contains(f.Error(), text)
	})
}

// rejoins counts the Joined calls.
func (e *ear) rejoins() (n int) {
	e.with(func(e *ear) bool { n = len(e.joined); return true })
	return n
}

func TestListenSurvivesKillAndFreeze(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	e := listen(t, c, 2, "a", "p:*")
	s.Kill()
	e.waitLost(t, datasource.ClassRefused, "refused")
	if f := e.lastFault(); f.RetryAt.IsZero() || f.Source != datasource.SourcePubSub {
		t.Errorf("fault %+v has no next try", f)
	}
	n := e.rejoins()
	s.Restart()
	e.waitJoined(t, n+1, 2)
	s.Do("PUBLISH", "p:1", "after restart")
	e.waitHeard(t, "p:1|p:*|after restart")

	n = e.rejoins()
	s.Stop()
	e.waitLost(t, datasource.ClassTimeout, "no answer")
	s.Cont()
	e.waitJoined(t, n+1, 2)
	s.Do("PUBLISH", "a", "after thaw")
	e.waitHeard(t, "a||after thaw")
}

func TestListenOnStalledLink(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	p := servertest.Proxy(t, s.Addr())
	c := open(t, Options{URL: "redis://" + p.Addr()})
	e := listen(t, c, 1, "a")
	for _, tc := range []struct {
		mode  servertest.Mode
		class datasource.Class
	}{{servertest.Stall, datasource.ClassTimeout}, {servertest.Reset, datasource.ClassClosed}} {
		n := e.rejoins()
		p.Set(tc.mode)
		e.waitLost(t, tc.class, "")
		p.Set(servertest.Pass)
		e.waitJoined(t, n+1, 1)
	}
}

// TestBalancerWithoutBackend accepts and closes: the tries must be spaced.
func TestBalancerWithoutBackend(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	p := servertest.Proxy(t, s.Addr())
	p.Set(servertest.Refuse)
	e := listen(t, open(t, Options{URL: "redis://" + p.Addr()}), 0, "a")
	e.waitLost(t, datasource.ClassClosed, "")
	servertest.Until(t, patience, "back-off at its longest", func() bool { return e.with(func(e *ear) bool { return len(e.lost) >= 6 }) })
	if f := e.lastFault(); time.Until(f.RetryAt) > 2*backoffMax {
		t.Errorf("next try at %v", f.RetryAt)
	}
	// 0.1+0.2+0.4+0.8+1.6 s, halved at most by jitter: six tries take over a second.
	e.with(func(e *ear) bool {
		if span := e.lost[5].RetryAt.Sub(e.lost[0].RetryAt); span < time.Second {
			t.Errorf("six tries within %v", span)
		}
		return true
	})
	p.Set(servertest.Pass)
	e.waitJoined(t, 1, 1)
}

// TestNothingMissedAfterRejoin cuts the subscription while a counter is
// published and stored: a client that reads the key after Joined, and then listens,
// must see every number.
func TestNothingMissedAfterRejoin(t *testing.T) {
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	sink := &gapless{t: t, c: c}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	c.SetChannels([]string{"n"})
	wg.Go(func() { _ = c.Listen(ctx, sink) })
	defer wg.Wait()
	defer cancel()
	servertest.Until(t, patience, "joined", func() bool { return sink.joined.Load() == 1 })
	admin := s.Dial()
	for i := 1; i <= 3000; i++ {
		if _, err := admin.Do("SET", "n", i); err != nil {
			t.Fatal(err)
		}
		if _, err := admin.Do("PUBLISH", "n", i); err != nil {
			t.Fatal(err)
		}
		if i%1000 == 500 {
			joined := sink.joined.Load()
			s.Do("CLIENT", "KILL", "TYPE", "pubsub")
			if i == 2500 { // the last gap is closed with nothing published in it
				servertest.Until(t, patience, "rejoined", func() bool { return sink.joined.Load() > joined })
			}
		}
	}
	servertest.Until(t, patience, "the last number", func() bool { return sink.seen.Load() == 3000 })
	if g := sink.gaps.Load(); g != 0 {
		t.Errorf("%d numbers were missed", g)
	}
	if n := sink.joined.Load(); n < 2 {
		t.Errorf("joined %d times: the kills did nothing", n)
	}
}

// gapless reads the key at every Joined and checks that messages go on from
// there without a gap.
type gapless struct {
	t      testing.TB
	c      *Client
	seen   atomic.Int64
	gaps   atomic.Int64
	joined atomic.Int64
}

func (g *gapless) Joined(int) {
	raws, err := g.c.Read(context.Background(), []datasource.Request{all(ref(datasource.KindString, "n"))})
	if err == nil && !raws[0].Missing {
		n, _ := strconv.ParseInt(string(raws[0].Bytes), 10, 64)
		g.seen.Store(n)
	}
	g.joined.Add(1)
}

func (g *gapless) Message(_, _ string, payload []byte) {
	n, _ := strconv.ParseInt(string(payload), 10, 64)
	if seen := g.seen.Load(); n > seen {
		g.gaps.Add(n - seen - 1)
		g.seen.Store(n)
	}
}

func (g *gapless) Lost(*datasource.Fault) {}

func TestRefusedChannelAlone(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~*", "resetchannels", "&open", "+@all"))
	c := open(t, Options{URL: "redis://ana:pw@" + s.Addr()})
	e := listen(t, c, 1, "open", "closed", "ticks:*")
	e.waitLost(t, datasource.ClassPermission, "no permission (closed, ticks:*)")
	s.Do("PUBLISH", "open", "1")
	e.waitHeard(t, "open||1")
	s.Do("ACL", "SETUSER", "ana", "&ticks:*")
	e.waitJoined(t, 2, 2)
	e.waitLost(t, datasource.ClassPermission, "no permission (closed)")
	s.Do("PUBLISH", "ticks:X", "2")
	e.waitHeard(t, "ticks:X|ticks:*|2")
	s.Do("ACL", "SETUSER", "ana", "resetchannels") // also cuts the connection
	e.waitLost(t, datasource.ClassPermission, "no permission (closed, open, ticks:*)")
	if hint := e.lastFault().Hint.String(); hint != "allow it: ACL SETUSER ana &closed &open &ticks:*" {
		t.Errorf("hint %q", hint)
	}
	n := e.rejoins()
	s.Do("ACL", "SETUSER", "ana", "allchannels")
	e.waitJoined(t, n+1, 3)
	s.Do("ACL", "SETUSER", "ana", "-subscribe", "-psubscribe")
	s.Do("CLIENT", "KILL", "TYPE", "pubsub")
	e.waitLost(t, datasource.ClassPermission, "no permission (subscribe)")
}

func TestListenWithWrongPassword(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.User("ana", "on", ">one", "~*", "&*", "+@all"))
	e := listen(t, open(t, Options{URL: "redis://ana:two@" + s.Addr()}), 0, "a")
	e.waitLost(t, datasource.ClassAuth, "wrong password")
	s.Do("ACL", "SETUSER", "ana", ">two")
	e.waitJoined(t, 1, 1)
}

func TestHugePayload(t *testing.T) {
	s := servertest.Redis(t)
	sizes := make(chan int, 4)
	c := open(t, Options{URL: s.URL()})
	sink := &sizer{sizes: sizes, joined: make(chan struct{}, 8)}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	c.SetChannels([]string{"a"})
	wg.Go(func() { _ = c.Listen(ctx, sink) })
	defer wg.Wait()
	defer cancel()
	<-sink.joined
	admin := s.Dial()
	for _, n := range []int{datasource.MaxValueBytes, datasource.MaxValueBytes + 1, 5 << 20, 3} {
		if _, err := admin.Do("PUBLISH", "a", strings.Repeat("x", n)); err != nil {
			t.Fatal(err)
		}
		if got, want := <-sizes, min(n, datasource.MaxValueBytes+1); got != want {
			t.Errorf("of %d bytes %d were delivered, want %d", n, got, want)
		}
	}
}

type sizer struct {
	sizes  chan int
	joined chan struct{}
}

func (s *sizer) Joined(int)                    { s.joined <- struct{}{} }
func (s *sizer) Message(_, _ string, p []byte) { s.sizes <- len(p) }
func (s *sizer) Lost(*datasource.Fault)        {}

// fake is a server that answers everything with the same bytes.
func fake(t testing.TB, answer string) string {
	t.Helper()
	return pretend(t, func(c net.Conn) {
		buf := make([]byte, 64<<10)
		for {
			_ = c.SetDeadline(time.Now().Add(5 * time.Second))
			if _, err := c.Read(buf); err != nil {
				return
			}
			if _, err := io.WriteString(c, answer); err != nil {
				return
			}
		}
	})
}

// malformed are answers that end go-redis' own loop in a panic or an error.
var malformed = map[string]string{
	"http":           "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
	"ssh":            "SSH-2.0-OpenSSH_9.2\r\n",
	"ok":             strings.Repeat("+OK\r\n", 16),
	"nulls":          strings.Repeat("$-1\r\n", 16),
	"empty array":    strings.Repeat("*0\r\n", 16),
	"wrong elements": strings.Repeat("*3\r\n:1\r\n:2\r\n:3\r\n", 8),
	"short message":  strings.Repeat("*1\r\n$7\r\nmessage\r\n", 8),
	"int payload":    strings.Repeat("*3\r\n$7\r\nmessage\r\n$1\r\na\r\n*1\r\n:1\r\n", 8),
	"huge length":    "$9223372036854775807\r\nx",
	"negative":       "*-7\r\n",
	"big array":      "*2147483647\r\n",
	"deep":           strings.Repeat("*1\r\n", 100_000),
	"binary":         "\x00\xff\xfe\r\n\x80",
	"map":            strings.Repeat("%1\r\n+a\r\n*0\r\n", 8),
	"attribute":      strings.Repeat("|1\r\n+a\r\n+b\r\n", 16),
	"empty push":     strings.Repeat(">0\r\n", 16),
	"unknown push":   strings.Repeat(">2\r\n+x\r\n+y\r\n", 16),
	"short push":     strings.Repeat(">1\r\n$7\r\nmessage\r\n", 8),
	"odd push":       strings.Repeat(">3\r\n$7\r\nmessage\r\n*1\r\n:1\r\n%1\r\n:1\r\n:2\r\n", 8),
	"null push":      strings.Repeat(">3\r\n$-1\r\n$-1\r\n$-1\r\n", 8),
	"wide push":      ">2147483647\r\n+x\r\n",
	"deep push":      ">2\r\n+x\r\n" + strings.Repeat("*1\r\n", 100_000),
}

func TestMalformedReplies(t *testing.T) {
	t.Parallel()
	for name, answer := range malformed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := fake(t, answer)
			for _, protocol := range []string{"2", "3"} {
				c := open(t, Options{URL: "redis://" + addr + "?protocol=" + protocol})
				if f := failed(t, c, ref(datasource.KindString, "k")); f == nil {
					t.Errorf("protocol %s: read without a fault", protocol)
				}
				if _, err := c.Ping(context.Background()); err != nil && datasource.ClassOf(err) == datasource.ClassUnknown {
					t.Errorf("protocol %s: ping: %v has no class", protocol, err)
				}
				e := listen(t, c, 0, "a")
				servertest.Until(t, patience, "listening fails", func() bool { return e.lastFault() != nil })
				if e.rejoins() != 0 {
					t.Errorf("protocol %s: joined", protocol)
				}
			}
		})
	}
}

// TestListenWoken: a connection that the machine has slept over is not relied
// on, however alive it looks, and a pause is not waited out.
func TestListenWoken(t *testing.T) {
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	c.Woke(datasource.Sleep{}) // before there is a connection
	e := listen(t, c, 2, "a", "b")
	c.Woke(datasource.Sleep{})
	e.waitLost(t, datasource.ClassClosed, "the system was suspended")
	e.waitJoined(t, 2, 2)
	s.Do("PUBLISH", "a", "1")
	e.waitHeard(t, "a||1")
	if n := len(e.lost); n != 1 {
		t.Errorf("lost %d times: %v", n, e.lost)
	}
}
