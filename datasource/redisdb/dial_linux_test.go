package redisdb

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ticktop/datasource/testkit/servertest"
)

// TestUserTimeout: bytes that are not acknowledged end a connection, even without
// a deadline for an answer.
func TestUserTimeout(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	p := servertest.Proxy(t, s.Addr())
	d := &dialer{timeout: dialTimeout}
	conn, err := d.dial(context.Background(), "tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ask := func() {
		t.Helper()
		if _, err := io.WriteString(conn, "*1\r\n$4\r\nPING\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	if _, err := io.ReadFull(conn, make([]byte, len("+PONG\r\n"))); err != nil {
		t.Fatal(err)
	}
	p.Set(servertest.BlackHole)
	ask()
	begun := time.Now()
	_ = conn.SetReadDeadline(begun.Add(10 * userTimeout)) // so that a failure ends
	_, err = conn.Read(make([]byte, 1))
	if took := time.Since(begun); !errors.Is(err, syscall.ETIMEDOUT) || took < userTimeout/2 {
		t.Errorf("after %v: %v", took, err)
	}
}

// TestSocketOptions: what the kernel was asked for, on plain and on batched
// connections.
func TestSocketOptions(t *testing.T) {
	s := servertest.Redis(t)
	for name, ctx := range map[string]context.Context{
		"poll":         context.Background(),
		"subscription": context.WithValue(context.Background(), captureKey{}, &capture{}),
	} {
		d := &dialer{timeout: dialTimeout}
		conn, err := d.dial(ctx, "tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		get := func(level, option int) (v int) {
			t.Helper()
			var err error
			switch c := conn.(*boundedConn).Conn.(type) {
			case *batchConn:
				v, err = unix.GetsockoptInt(c.fd, level, option)
			case *net.TCPConn:
				raw, rawErr := c.SyscallConn()
				if rawErr != nil {
					t.Fatal(rawErr)
				}
				_ = raw.Control(func(fd uintptr) { v, err = unix.GetsockoptInt(int(fd), level, option) })
			default:
				t.Fatalf("%T", c)
			}
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		for _, o := range []struct {
			what          string
			level, option int
			want          int
		}{
			{"keep-alive", unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
			{"idle", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 10},
			{"interval", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 5},
			{"count", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 3},
			{"user time-out", unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 6000},
		} {
			if got := get(o.level, o.option); got != o.want {
				t.Errorf("%s: %s is %d, want %d", name, o.what, got, o.want)
			}
		}
	}
}
