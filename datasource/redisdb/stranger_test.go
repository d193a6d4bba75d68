package redisdb

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"

	"ticktop/datasource/testkit/servertest"
)

// TestNeverAskedFor: a server that pushes without a subscription is not
// heard, and what was asked for still is.
func TestNeverAskedFor(t *testing.T) {
	t.Parallel()
	addr := pretend(t, func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			said, err := words(in)
			if err != nil {
				return
			}
			reply := "+PONG\r\n"
			switch strings.ToLower(said[0]) {
			case "hello":
				reply = welcome
			case "subscribe":
				reply = ">3\r\n$7\r\nmessage\r\n$1\r\nb\r\n$1\r\n1\r\n" + // before the confirmation
					">3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:1\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n" +
					">3\r\n$7\r\nmessage\r\n$1\r\nb\r\n$1\r\n2\r\n>4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\na\r\n$1\r\n3\r\n" +
					">3\r\n$8\r\nsmessage\r\n$1\r\nc\r\n$1\r\n4\r\n>2\r\n$10\r\ninvalidate\r\n$1\r\nx\r\n>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\n5\r\n"
			}
			if _, err := io.WriteString(c, reply); err != nil {
				return
			}
		}
	})
	e := listen(t, open(t, Options{URL: "redis://" + addr}), 0, "a")
	e.waitHeard(t, "a||5")
	e.with(func(e *ear) bool {
		if len(e.heard) != 1 {
			t.Errorf("heard %q", e.heard)
		}
		return true
	})
}

// TestMessageThatNeverComes: PUBLISH says that a subscriber got 40 MB, but the
// server cuts it off instead; that is reported and resubscribed.
func TestMessageThatNeverComes(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	e := listen(t, open(t, Options{URL: s.URL()}), 1, "a")
	s.Do("PUBLISH", "a", strings.Repeat("x", 40<<20))
	e.waitJoined(t, 2, 1)
	if e.lastFault() == nil {
		t.Error("the gap was not reported")
	}
	s.Do("PUBLISH", "a", "after")
	e.waitHeard(t, "a||after")
	servertest.Until(t, patience, "one cut", func() bool { return e.with(func(e *ear) bool { return len(e.lost) == 1 }) })
}
