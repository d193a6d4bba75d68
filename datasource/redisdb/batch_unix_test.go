//go:build linux || darwin || freebsd

package redisdb

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"ticktop/datasource/testkit/clocktest"
)

// pair returns a batched connection and its peer.
func pair(t *testing.T, network string) (*batchConn, net.Conn) {
	t.Helper()
	addr := "127.0.0.1:0"
	if network == "unix" {
		dir, err := os.MkdirTemp("", "tt")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		addr = filepath.Join(dir, "s")
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	peer, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	b, ok := batchReads(c, false).(*batchConn)
	if !ok {
		t.Fatal("the connection was not taken over")
	}
	t.Cleanup(func() {
		_ = b.Close()
		_ = peer.Close()
	})
	return b, peer
}

func TestBatchedReadsAndWrites(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		b, peer := pair(t, network)
		if b.RemoteAddr().Network() != network || b.LocalAddr() == nil {
			t.Errorf("addresses %v, %v", b.LocalAddr(), b.RemoteAddr())
		}
		sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // more than the socket holds
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := b.Write(sent); err != nil {
				t.Errorf("write: %v", err)
			}
		})
		got := make([]byte, len(sent))
		if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("peer read: %v", err)
		}
		wg.Wait()
		wg.Go(func() { _, _ = peer.Write(sent) })
		startBatching(b)
		if _, err := io.ReadFull(b, got); err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("read: %v", err)
		}
		wg.Wait()
		_ = peer.Close()
		if _, err := b.Read(got); !errors.Is(err, io.EOF) {
			t.Errorf("after the peer closed: %v, want EOF", err)
		}
	}
}

func TestBatchedDeadlineAndClose(t *testing.T) {
	for name, end := range map[string]func(b *batchConn){
		"deadline passed": func(b *batchConn) { _ = b.SetReadDeadline(time.Now().Add(-time.Second)) },
		"deadline soon":   func(b *batchConn) { _ = b.SetDeadline(time.Now().Add(20 * time.Millisecond)) },
		"close":           func(b *batchConn) { _ = b.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := pair(t, "tcp")
			errs := make(chan error, 1)
			go func() {
				_, err := b.Read(make([]byte, 1))
				errs <- err
			}()
			end(b)
			select {
			case err := <-errs:
				if name == "close" && !errors.Is(err, net.ErrClosed) || name != "close" && !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("read: %v", err)
				}
			case <-time.After(patience):
				t.Fatal("the read goes on")
			}
		})
	}
}

func TestBatchedDeadlineCanBeMovedBack(t *testing.T) {
	b, peer := pair(t, "tcp")
	_ = b.SetReadDeadline(time.Unix(1, 0))
	if _, err := b.Read(make([]byte, 1)); !isTimeout(err) {
		t.Fatalf("%v", err)
	}
	_ = b.SetReadDeadline(time.Time{})
	_, _ = peer.Write([]byte("x"))
	if n, err := b.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("after the deadline was taken away: %d, %v", n, err)
	}
}

// TestBatchedDeadlineKeepsToTheMonotonicClock: the wall clock is set back or
// forward by an hour after a deadline was made, and it comes when it would have.
func TestBatchedDeadlineKeepsToTheMonotonicClock(t *testing.T) {
	for _, step := range []time.Duration{time.Hour, -time.Hour} {
		b, _ := pair(t, "tcp")
		const wait = 30 * time.Millisecond
		begun := time.Now()
		_ = b.SetReadDeadline(clocktest.Step(begun.Add(wait), step))
		_, err := b.Read(make([]byte, 1))
		if took := time.Since(begun); !isTimeout(err) || took < wait || took > time.Minute {
			t.Errorf("a step of %v: %v after %v", step, err, took)
		}
	}
}

func TestBatchedWriteDeadline(t *testing.T) {
	b, _ := pair(t, "tcp")
	_ = b.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
	_, err := b.Write(make([]byte, 64<<20)) // nobody reads
	if !isTimeout(err) {
		t.Errorf("%v, want a time-out", err)
	}
}

// TestBatchedGathers writes in two steps: the first is read at once, the second
// only after the others that follow within the batch.
func TestBatchedGathers(t *testing.T) {
	b, peer := pair(t, "tcp")
	startBatching(b)
	buf := make([]byte, 64)
	_, _ = peer.Write([]byte("first"))
	if n, err := b.Read(buf); err != nil || string(buf[:n]) != "first" {
		t.Fatalf("%q, %v", buf[:n], err)
	}
	b.lastRead = time.Now().Add(time.Hour) // as if just read: the next batch is far away
	_, _ = peer.Write([]byte("more"))
	_ = b.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	if _, err := b.Read(buf); !isTimeout(err) {
		t.Errorf("read before the batch was due: %v", err)
	}
	b.lastRead = time.Now().Add(-time.Second) // quiet
	_ = b.SetReadDeadline(time.Time{})
	if n, err := b.Read(buf); err != nil || string(buf[:n]) != "more" {
		t.Errorf("after quiet: %q, %v", buf[:n], err)
	}
	b.lastRead, b.lastWasFull = time.Now().Add(time.Hour), true // a burst is not kept waiting
	_, _ = peer.Write([]byte("burst"))
	if n, err := b.Read(buf); err != nil || string(buf[:n]) != "burst" {
		t.Errorf("in a burst: %q, %v", buf[:n], err)
	}
}

// TestBatchedCloseWhileUsed closes under everything at once; the race detector
// and the descriptor count are the judges.
func TestBatchedCloseWhileUsed(t *testing.T) {
	for range 50 {
		b, peer := pair(t, "tcp")
		startBatching(b)
		var wg sync.WaitGroup
		wg.Go(func() {
			buf := make([]byte, 16)
			for {
				if _, err := b.Read(buf); err != nil && !isTimeout(err) {
					return
				}
			}
		})
		wg.Go(func() {
			for b.SetReadDeadline(time.Now().Add(time.Millisecond)) == nil {
				_, _ = peer.Write([]byte("x"))
			}
		})
		wg.Go(func() {
			for {
				if _, err := b.Write([]byte("y")); err != nil {
					return
				}
			}
		})
		wg.Go(func() { _ = b.Close() })
		wg.Wait()
		if err := b.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("second close: %v", err)
		}
	}
}
