package redisdb

import (
	"bytes"
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// The burst of PERFORMANCE.md. A script publishes batches small enough for
// Redis to hand them on in one turn of its loop (64 KB a client): with larger
// ones it cuts off even a reader that never waits.
const (
	burstRate  = 400_000 // messages a second, as near as the machine comes to it
	burstBatch = 400
)

// burstScript publishes numbered messages of 106 bytes.
const burstScript = `for i = ARGV[1], ARGV[1] + ARGV[2] - 1 do redis.call('PUBLISH', 'ticks:EURUSD', ARGV[3] .. i) end`

var burstFill = string(bytes.Repeat([]byte("x"), 98)) + "#"

// publishBurst publishes n messages from number from on, no faster than rate
// (0: as fast as it goes), and returns how many a second it came to.
func publishBurst(t *testing.T, conn *servertest.Conn, from, n, rate int) float64 {
	begun := time.Now()
	for i := 0; i < n; i += burstBatch {
		if rate > 0 {
			time.Sleep(time.Until(begun.Add(time.Duration(i) * time.Second / time.Duration(rate))))
		}
		if _, err := conn.Do("EVAL", burstScript, 0, from+i, min(burstBatch, n-i), burstFill); err != nil {
			t.Fatal(err)
		}
	}
	return float64(n) / time.Since(begun).Seconds()
}

// TestBurst publishes 400,000 messages a second (with the build tag slow for
// five seconds, as the budget says). None may be lost, and the server must not
// cut the subscriber off for being slow (client-output-buffer-limit pubsub
// 32mb 8mb 60). Where it does, because the machine had no processor for this
// process, the cut must have been noticed: a message that is missing without
// one fails the test at once.
func TestBurst(t *testing.T) {
	if testing.Short() {
		t.Skip("publishes many messages")
	}
	s := servertest.Redis(t)
	conn := s.Dial()
	sink := receiveNumbers(t, s)
	const n = burstSeconds * burstRate
	t.Logf("paced: %.0f messages a second", publishBurst(t, conn, 0, n, burstRate))
	sink.settle(t, n)
	sink.report(t, n)
	t.Logf("as fast as it goes: %.0f messages a second", publishBurst(t, conn, n, n, 0))
	sink.settle(t, 2*n)
	sink.report(t, 2*n)
}

// TestBurst_TLS: batched reading loses nothing over TLS either.
func TestBurst_TLS(t *testing.T) {
	certs := servertest.NewCerts(t)
	s := servertest.Redis(t, servertest.SharedTLS(certs))
	sink := receiveNumbersAs(t, with(s.URL(), certs))
	const n = 40_000
	publishBurst(t, s.Dial(), 0, n, n/2)
	sink.settle(t, n)
	sink.report(t, n)
}

// TestCutOff has the server cut the subscription off for its buffer: that is
// noticed, reported and resubscribed, and nothing is missing before the cut or
// after the join.
func TestCutOff(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 1mb 1")
	sink := receiveNumbers(t, s)
	conn := s.Dial()
	const n = 50_000 // 7 MB in one turn of the server's loop
	if _, err := conn.Do("EVAL", burstScript, 0, 0, n, burstFill); err != nil {
		t.Fatal(err)
	}
	servertest.Until(t, patience, "a cut and a join", func() bool { return sink.lost.Load() == 1 && len(sink.joined) == 1 })
	if class := sink.fault.Load().Class; class != datasource.ClassClosed {
		t.Errorf("the cut is reported as %v", class)
	}
	publishBurst(t, conn, n, 1000, 0)
	servertest.Until(t, patience, "what is published after the join", func() bool { return sink.next.Load() == n+1000 })
	if gaps, lost := sink.gaps.Load(), sink.lost.Load(); gaps > 1 || lost != 1 {
		t.Errorf("%d gaps, %d cuts", gaps, lost)
	}
}

// numbers is a Sink that counts what is missing between numbered messages.
type numbers struct {
	n, gaps, next atomic.Int64
	lost          atomic.Int64
	fault         atomic.Pointer[datasource.Fault]
	joined        chan struct{}
}

func (s *numbers) Joined(int) { s.joined <- struct{}{} }

func (s *numbers) Message(_, _ string, p []byte) {
	i, err := strconv.ParseInt(string(p[bytes.IndexByte(p, '#')+1:]), 10, 64)
	if err != nil || i != s.next.Load() {
		s.gaps.Add(1)
	}
	s.n.Add(1)
	s.next.Store(i + 1)
}

func (s *numbers) Lost(f *datasource.Fault) {
	s.fault.Store(f)
	s.lost.Add(1)
}

// receiveNumbers joins until the test ends.
func receiveNumbers(t *testing.T, s *servertest.Server) *numbers {
	return receiveNumbersAs(t, Options{URL: s.URL()})
}

func receiveNumbersAs(t *testing.T, o Options) *numbers {
	sink := &numbers{joined: make(chan struct{}, 64)}
	c := open(t, o)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	t.Cleanup(func() { cancel(); wg.Wait() })
	c.SetChannels([]string{"ticks:*"})
	wg.Go(func() { _ = c.Listen(ctx, sink) })
	<-sink.joined
	return sink
}

// settle waits for the last of n messages. A cut may have taken it: then it
// waits for the join.
func (s *numbers) settle(t *testing.T, n int64) {
	t.Helper()
	servertest.Until(t, patience, "the last message, or a join after a cut", func() bool {
		return s.next.Load() == n || s.lost.Load() > 0 && int64(len(s.joined)) == s.lost.Load()
	})
}

// report fails when messages are missing that no cut explains.
func (s *numbers) report(t *testing.T, n int64) {
	t.Helper()
	got, gaps, lost := s.n.Load(), s.gaps.Load(), s.lost.Load()
	t.Logf("%d of %d messages, cut off %d times", got, n, lost)
	if lost == 0 && (got != n || gaps != 0) || gaps > lost {
		t.Errorf("%d of %d messages in %d pieces, but %d cuts", got, n, gaps+1, lost)
	}
}
