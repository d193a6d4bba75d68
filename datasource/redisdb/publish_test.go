package redisdb

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// tick is what a producer publishes; 106 bytes.
const tick = `{"symbol":"EURUSD","bid":"1.08341","ask":"1.08352","last":"1.08346","volume":"125000","ts":1763860000123}`

// publish sends total ticks over 24 channels at an even rate, from a process of
// its own, so that its CPU does not count. redis-server itself is the
// publisher: a script publishes a hundred at a time, and redis-cli repeats it.
func publish(tb testing.TB, s *servertest.Server, total int, span time.Duration) {
	tb.Helper()
	cli := servertest.Program(tb, "redis-cli")
	// Small batches: 1,000 a second of ten messages.
	const batch = 10
	_, port, _ := strings.Cut(s.Addr(), ":")
	script := "for i=1," + strconv.Itoa(batch) + " do redis.call('PUBLISH', string.format('ticks:%02d', math.random(0, 23)), ARGV[1]) end"
	rounds := total / batch
	cmd := exec.Command(cli, "-p", port, "-r", strconv.Itoa(rounds), "-i", strconv.FormatFloat(span.Seconds()/float64(rounds), 'f', 6, 64), "EVAL", script, "0", tick)
	if err := cmd.Run(); err != nil { // its output would cost this process CPU
		tb.Fatalf("publish: %v", err)
	}
}
