package redisdb

import (
	"net"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// TestMaxClients_Said: a server that is full says so, and
// the fault says what to do about it.
func TestMaxClients_Said(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("CONFIG", "SET", "maxclients", "2")
	var others []net.Conn
	servertest.Until(t, patience, "others hold all connections", func() bool {
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			return false
		}
		others = append(others, c)
		_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		n, _ := c.Read(make([]byte, 64)) // the refusal
		return n > 0
	})
	c := open(t, Options{URL: s.URL()})
	f := failed(t, c, ref(datasource.KindString, "k"))
	if f == nil || !strings.Contains(f.Text.String(), "too many clients") || !strings.Contains(f.Hint.String(), "maxclients") {
		t.Fatalf("got %+v", f)
	}
	for _, o := range others {
		_ = o.Close()
	}
	servertest.Until(t, patience, "a connection is free again", func() bool { return failed(t, c, ref(datasource.KindString, "k")) == nil })
}
