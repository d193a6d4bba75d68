package redisdb

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/servertest"
)

// TestBurst receives about 400,000 messages a second for two seconds (with the
// build tag slow for five, as the budget says, and longer): none may
// be lost, and the server must not cut the subscriber off for being slow
// (client-output-buffer-limit pubsub 32mb 8mb 60). A machine that gives this
// process no processor for half a second proves nothing, so there are three
// tries.
func TestBurst(t *testing.T) {
	if testing.Short() {
		t.Skip("publishes two million messages")
	}
	cli, err := exec.LookPath("redis-cli")
	if err != nil {
		t.Skip("redis-cli is not installed")
	}
	s := servertest.Redis(t)
	var failure string
	for range 3 {
		if failure = burst(t, s, cli); failure == "" {
			return
		}
		t.Log(failure)
	}
	t.Error(failure)
}

// burst returns what went wrong.
func burst(t *testing.T, s *servertest.Server, cli string) string {
	c := open(t, Options{URL: s.URL()})
	sink := &tally{joined: make(chan struct{}, 8)}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	c.SetChannels([]string{"ticks:*"})
	wg.Go(func() { _ = c.Listen(ctx, sink) })
	<-sink.joined
	// 2,000 messages every few milliseconds, as near as the machine comes to it.
	const rounds, batch = burstRounds, 2000
	_, port, _ := strings.Cut(s.Addr(), ":")
	script := fmt.Sprintf("for i=1,%d do redis.call('PUBLISH', 'ticks:EURUSD', ARGV[1]) end", batch)
	begun := time.Now()
	if err := exec.Command(cli, "-p", port, "-r", fmt.Sprint(rounds), "-i", "0.0035", "EVAL", script, "0", tick).Run(); err != nil {
		return err.Error()
	}
	t.Logf("%.0f messages a second", rounds*batch/time.Since(begun).Seconds())
	servertest.Until(t, patience, "every message, or a cut", func() bool { return sink.n.Load() >= rounds*batch || sink.lost.Load() > 0 })
	if n, lost := sink.n.Load(), sink.lost.Load(); n != rounds*batch || lost != 0 {
		return fmt.Sprintf("%d of %d messages, cut off %d times", n, rounds*batch, lost)
	}
	return ""
}

// tally counts.
type tally struct {
	n, lost atomic.Int64
	joined  chan struct{}
}

func (s *tally) Joined(int)                    { s.joined <- struct{}{} }
func (s *tally) Message(_, _ string, _ []byte) { s.n.Add(1) }
func (s *tally) Lost(*datasource.Fault)        { s.lost.Add(1) }
