package redisdb

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// ear is a Sink that remembers what it heard.
type ear struct {
	mu     sync.Mutex
	joined []int
	lost   []*datasource.Fault
	heard  []string // "channel|pattern|payload"
}

func (e *ear) Joined(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.joined = append(e.joined, n)
}

func (e *ear) Message(channel, pattern string, payload []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, fmt.Sprintf("%s|%s|%s", channel, pattern, payload))
}

func (e *ear) Lost(f *datasource.Fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lost = append(e.lost, f)
}

// with runs f under the lock.
func (e *ear) with(f func(e *ear) bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return f(e)
}

func (e *ear) lastFault() *datasource.Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.lost) == 0 {
		return nil
	}
	return e.lost[len(e.lost)-1]
}

// patience is the most that a condition may take on a busy machine.
const patience = 20 * time.Second

// listen starts Listen and waits for the first Joined with n channels, unless
// n is 0.
func listen(t testing.TB, c *Client, n int, channels ...string) *ear {
	t.Helper()
	e := &ear{}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	c.SetChannels(channels)
	go func() {
		defer close(done)
		_ = c.Listen(ctx, e)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	if n > 0 {
		e.waitJoined(t, 1, n)
	}
	return e
}

// waitJoined waits for the k-th Joined and checks its number of channels.
func (e *ear) waitJoined(t testing.TB, k, n int) {
	t.Helper()
	servertest.Until(t, patience, fmt.Sprintf("Joined %d times, last with %d", k, n), func() bool {
		return e.with(func(e *ear) bool { return len(e.joined) >= k && e.joined[len(e.joined)-1] == n })
	})
}

func (e *ear) waitHeard(t testing.TB, want ...string) {
	t.Helper()
	for _, w := range want {
		servertest.Until(t, patience, "hear "+w, func() bool {
			return e.with(func(e *ear) bool {
				for _, h := range e.heard {
					if h == w {
						return true
					}
				}
				return false
			})
		})
	}
}

func TestListen(t *testing.T) {
	for _, protocol := range []string{"", "?protocol=2"} {
		t.Run("protocol"+protocol, func(t *testing.T) {
			s := servertest.Redis(t)
			c := open(t, Options{URL: s.URL() + protocol})
			e := listen(t, c, 3, "a", "b", "ticks:*")
			s.Do("PUBLISH", "a", "1")
			s.Do("PUBLISH", "ticks:EURUSD", "2")
			s.Do("PUBLISH", "c", "never")
			s.Do("PUBLISH", "b", "")
			e.waitHeard(t, "a||1", "ticks:EURUSD|ticks:*|2", "b||")
			c.SetChannels([]string{"a", "c"})
			e.waitJoined(t, 2, 2)
			s.Do("PUBLISH", "b", "gone")
			s.Do("PUBLISH", "ticks:EURUSD", "gone")
			s.Do("PUBLISH", "c", "3")
			e.waitHeard(t, "c||3")
			if n := len(e.heard); n != 4 {
				t.Errorf("heard %d messages, want 4: %q", n, e.heard)
			}
			c.SetChannels(nil)
			e.waitJoined(t, 3, 0)
			c.SetChannels([]string{"a"})
			e.waitJoined(t, 4, 1)
			if len(e.lost) != 0 {
				t.Errorf("lost: %v", e.lost)
			}
		})
	}
}
