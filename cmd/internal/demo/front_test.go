package demo

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// client speaks RESP by hand.
type client struct {
	net.Conn
	r *bufio.Reader
}

func dial(d *Demo) (*client, error) {
	conn, err := net.Dial("tcp", d.front.addr)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReader(conn)}, nil
}

func connect(t *testing.T, d *Demo) *client {
	t.Helper()
	c, err := dial(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func (c *client) send(args ...string) error {
	b := fmt.Appendf(nil, "*%d\r\n", len(args))
	for _, a := range args {
		b = fmt.Appendf(b, "$%d\r\n%s\r\n", len(a), a)
	}
	_, err := c.Write(b)
	return err
}

// reply reads one reply, flattened to text.
func (c *client) reply() (string, error) {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	n := 0
	fmt.Sscanf(line[1:], "%d", &n)
	switch line[0] {
	case '$':
		if n < 0 {
			return "nil", nil
		}
		b := make([]byte, n+2)
		_, err := io.ReadFull(c.r, b)
		return string(b[:n]), err
	case '*':
		var parts []string
		for range n {
			p, err := c.reply()
			if err != nil {
				return "", err
			}
			parts = append(parts, p)
		}
		return strings.Join(parts, " "), nil
	}
	return line, nil
}

// do sends a command and returns its reply; no answer within a good while is
// an error.
func (c *client) do(args ...string) (string, error) {
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if err := c.send(args...); err != nil {
		return "", err
	}
	return c.reply()
}

func (c *client) want(t *testing.T, want string, args ...string) {
	t.Helper()
	if got, err := c.do(args...); err != nil || !strings.Contains(got, want) {
		t.Errorf("%q: %q, %v, want %q", args, got, err, want)
	}
}

// eventually tries f until it is true, for a good while.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !f(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func set(t *testing.T, d *Demo, id string, on bool) {
	t.Helper()
	if err := d.SetFault(id, on); err != nil {
		t.Fatal(err)
	}
}

func TestRedisAnswers(t *testing.T) {
	d := start(t, Options{Seed: 1, Rate: 500})
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	c.want(t, `"bid":`, "GET", "quote:EURUSD")
	c.want(t, "equity", "HGETALL", "account:ACC-1001")
	c.want(t, "none", "TYPE", "none")
	sub := connect(t, d)
	sub.want(t, "subscribe ticks:EURUSD :1", "SUBSCRIBE", "ticks:EURUSD")
	sub.SetDeadline(time.Now().Add(20 * time.Second))
	if got, err := sub.reply(); err != nil || !strings.HasPrefix(got, `message ticks:EURUSD {"symbol":"EURUSD","bid":`) {
		t.Errorf("heard %q, %v", got, err)
	}
}

func TestStopRedis(t *testing.T) {
	d := start(t, Options{})
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	url := d.RedisURL()
	set(t, d, FaultStopRedis, true)
	if _, err := c.do("PING"); err == nil {
		t.Error("the connection outlived the stop")
	}
	if _, err := dial(d); err == nil {
		t.Error("a stopped redis accepts")
	}
	set(t, d, FaultStopRedis, false)
	if d.RedisURL() != url {
		t.Errorf("came back at %s, was at %s", d.RedisURL(), url)
	}
	connect(t, d).want(t, `"bid":`, "GET", "quote:EURUSD")
}

func TestHangRedis(t *testing.T) {
	d := start(t, Options{})
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	set(t, d, FaultHangRedis, true)
	late := connect(t, d) // the kernel still accepts
	for _, c := range []*client{c, late} {
		if err := c.send("PING"); err != nil {
			t.Fatal(err)
		}
		c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		if got, err := c.reply(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a hung redis says %q, %v", got, err)
		}
	}
	set(t, d, FaultHangRedis, false)
	for _, c := range []*client{c, late} {
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if got, err := c.reply(); err != nil || got != "+PONG" {
			t.Errorf("after the hang: %q, %v", got, err)
		}
	}
}

func TestCutPubSub(t *testing.T) {
	d := start(t, Options{})
	c, sub := connect(t, d), connect(t, d)
	c.want(t, "PONG", "PING")
	sub.want(t, "subscribe", "subscribe", "ticks:EURUSD")
	set(t, d, FaultCutPubSub, true)
	sub.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.Copy(io.Discard, sub); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the subscriber is still connected")
	}
	if got, err := connect(t, d).do("PSUBSCRIBE", "ticks:*"); err == nil {
		t.Errorf("could subscribe: %q", got)
	}
	c.want(t, "PONG", "PING")
	set(t, d, FaultCutPubSub, false)
	connect(t, d).want(t, "subscribe", "SUBSCRIBE", "ticks:EURUSD")
}

// TestStuckClient subscribes and never reads: the market and everybody else go
// on, and the client is cut once too much waits for it.
func TestStuckClient(t *testing.T) {
	d := start(t, Options{})
	stuck, other := connect(t, d), connect(t, d)
	stuck.want(t, "subscribe", "SUBSCRIBE", "x")
	big := strings.Repeat("x", 1<<20)
	for range 2*maxPending>>20 + 16 {
		d.redis.m.Publish("x", big)
	}
	other.want(t, "PONG", "PING")
	eventually(t, "the stuck client is cut", func() bool { return d.redis.m.PubSubNumSub("x")["x"] == 0 })
}

func TestCloseLeavesNothing(t *testing.T) {
	d, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	set(t, d, FaultHangRedis, true)
	for range 2 {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := dial(d); err == nil {
		t.Error("still accepts")
	}
}
