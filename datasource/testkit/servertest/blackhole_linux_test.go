package servertest

import (
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestBlackHole: nothing is acknowledged and nothing is accepted, until it heals;
// then what waited arrives on the old connection.
func TestBlackHole(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() { // an echo server for one
		if c, err := l.Accept(); err == nil {
			_, _ = io.Copy(c, c)
			_ = c.Close()
		}
	}()
	p := Proxy(t, l.Addr().String())
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	echo := func(text string) {
		t.Helper()
		_ = c.SetDeadline(time.Now().Add(startTimeout))
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, make([]byte, len(text))); err != nil {
			t.Fatal(err)
		}
	}
	echo("before")
	p.Set(BlackHole)
	if _, err := io.WriteString(c, "lost"); err != nil {
		t.Fatal(err)
	}
	Until(t, startTimeout, "what was sent is sent again", func() bool { return info(t, c).Retransmits > 0 })
	if n := info(t, c).Unacked; n == 0 {
		t.Error("a black hole acknowledges")
	}
	if c, err := net.DialTimeout("tcp", p.Addr(), 200*time.Millisecond); !os.IsTimeout(err) {
		t.Errorf("a black hole accepts a connection: %v, %v", c, err)
	}
	p.Set(Pass)
	_ = c.SetDeadline(time.Now().Add(startTimeout))
	if _, err := io.ReadFull(c, make([]byte, len("lost"))); err != nil {
		t.Fatalf("after it healed: %v", err)
	}
	echo("after")
}

// info is what the kernel knows of a connection.
func info(t *testing.T, c net.Conn) *unix.TCPInfo {
	t.Helper()
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var i *unix.TCPInfo
	if e := raw.Control(func(fd uintptr) { i, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) }); e != nil || err != nil {
		t.Fatal(e, err)
	}
	return i
}
