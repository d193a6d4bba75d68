//go:build linux || darwin

package e2e

import (
	"slices"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// TestReaction: a key shows its effect whatever Redis does. The budget is 50 ms
// on an idle machine; here the figures are only reported, and what fails is that
// most keys take seconds: one may, where the machine is busy.
func TestReaction(t *testing.T) {
	redis := servertest.Redis(t)
	redis.Do("SET", "quote:EURUSD", `{"symbol":"EURUSD","bid":1.0834,"ask":1.0835}`)
	c := start(t, terminal{args: []string{"--redis", redis.URL(), "--config", desk(t)}})
	c.see("redis ●", "1.0834")
	measure := func(what string) {
		t.Helper()
		var took []time.Duration
		for range 10 {
			begin := time.Now()
			c.press("?")
			c.see("Getting about")
			took = append(took, time.Since(begin))
			c.press("?")
			c.gone("Getting about")
		}
		slices.Sort(took)
		median, worst := took[len(took)/2], took[len(took)-1]
		t.Logf("%s: a key shows its effect within %v, at worst %v", what, median.Round(100*time.Microsecond), worst.Round(100*time.Microsecond))
		if median > 2*time.Second {
			t.Errorf("%s: keys take %v", what, median)
		}
	}
	measure("quiet")
	redis.Stop()
	c.see("no answer")
	measure("hung")
	redis.Cont()
	c.see("redis ●")
	flood(t, redis.Dial())
	c.until("the flood is on the screen", func(s *screen) bool { return storming.MatchString(s.line(0)) })
	measure("10,000 messages a second")
	redis.Kill()
	c.see("redis ✕")
	measure("killed")
}

// flood publishes about 10,000 ticks a second until the connection ends.
func flood(t *testing.T, c *servertest.Conn) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		script := `for i=1,200 do redis.call('PUBLISH','ticks:EURUSD','{"bid":1.08'..i..'}') end`
		for range time.Tick(20 * time.Millisecond) {
			if _, err := c.Do("EVAL", script, "0"); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
}
