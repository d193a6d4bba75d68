//go:build linux || darwin || freebsd

package redisdb

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// batchEvery is how far apart the reads of a busy connection are. Waking up
// costs more than parsing: at 10,000 messages a second it is most of a
// subscriber's work, and a batch of 20 ms is well below a frame of the screen.
const batchEvery = 20 * time.Millisecond

// batchFull is how much one read has to bring for the next one to follow
// without a pause: in a burst the server must not be kept waiting.
const batchFull = 64 << 10

// batchConn is a connection whose socket is taken out of Go's poller: a read
// waits in poll(2) on a separate thread, so that a message does not wake the
// scheduler, and once armed it lets messages gather for batchEvery after the
// last read. After a quiet time it reads at once.
//
// TLS reads it in small pieces, a record at most. It then drains the socket
// without a pause, and lets messages gather where there are no more.
//
// It keeps the promises of net.Conn: a deadline moves a read that already
// waits, Close ends it, and all methods may be called from any goroutine.
type batchConn struct {
	local, remote net.Addr

	// fdLock guards fd: Read and Write hold it for reading, so that Close can not
	// give the number away to another file while a call is using it.
	fdLock sync.RWMutex
	fd     int
	wakeR  int // a pipe that interrupts poll
	wakeW  int
	nudge  chan struct{} // capacity 1: interrupts a pause
	closed atomic.Bool

	created         time.Time
	readBy, writeBy atomic.Int64 // deadlines, nanoseconds since born by the monotonic clock; 0: no deadline
	batching        atomic.Bool
	lastRead        time.Time // of the last read; the reader's own
	lastWasFull     bool      // the last read brought much
	drains          bool      // TLS reads from it
	lastWait        time.Time // when a read last had to wait; the reader's own
	timer           *time.Timer
}

// batchReads takes the socket over from c, for TLS or for a reader with a large
// buffer. Where that fails c is returned as it is.
func batchReads(c net.Conn, forTLS bool) net.Conn {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return c
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return c
	}
	fd := -1
	if err := raw.Control(func(s uintptr) { fd, err = unix.FcntlInt(s, unix.F_DUPFD_CLOEXEC, 0) }); err != nil || fd < 0 {
		return c
	}
	b := &batchConn{local: c.LocalAddr(), remote: c.RemoteAddr(), fd: fd, nudge: make(chan struct{}, 1), created: time.Now(), drains: forTLS}
	var pipe [2]int
	if err != nil || unix.SetNonblock(fd, true) != nil || unix.Pipe(pipe[:]) != nil {
		_ = unix.Close(fd)
		return c
	}
	for _, p := range pipe {
		unix.CloseOnExec(p)
		_ = unix.SetNonblock(p, true)
	}
	b.wakeR, b.wakeW = pipe[0], pipe[1]
	_ = c.Close() // the duplicate keeps the connection open
	return b
}

// startBatching begins to gather messages; before it every read is answered at once, as
// logging in needs.
func startBatching(c net.Conn) {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if b, ok := c.(*batchConn); ok {
		b.batching.Store(true)
	}
}

// Read implements net.Conn.
func (b *batchConn) Read(p []byte) (int, error) {
	b.fdLock.RLock()
	defer b.fdLock.RUnlock()
	if err := b.waitForBatch(); err != nil {
		return 0, err
	}
	waited := false
	for {
		n, err := unix.Read(b.fd, p)
		switch {
		case b.closed.Load():
			return 0, net.ErrClosed
		case n > 0:
			b.lastRead, b.lastWasFull = time.Now(), n >= batchFull
			if waited {
				b.lastWait = b.lastRead
			}
			return n, nil
		case err == nil && len(p) > 0:
			return 0, io.EOF
		case err == nil:
			return 0, nil
		case err == unix.EINTR:
			continue
		case err != unix.EAGAIN:
			return 0, b.opError("read", err)
		}
		if b.drains && b.batching.Load() {
			if due := b.lastWait.Add(batchEvery); time.Now().Before(due) {
				if err := b.sleepUntil(due); err != nil {
					return 0, err
				}
				continue
			}
		}
		if err := b.waitReadable(); err != nil {
			return 0, err
		}
		waited = true
	}
}

// waitForBatch pauses until the next batch is due.
func (b *batchConn) waitForBatch() error {
	if !b.batching.Load() || b.lastWasFull || b.drains {
		return b.deadlineError(&b.readBy)
	}
	due := b.lastRead.Add(batchEvery)
	for time.Now().Before(due) {
		if err := b.sleepUntil(due); err != nil {
			return err
		}
	}
	return b.deadlineError(&b.readBy)
}

// deadlineError returns the error of a closed connection or a passed deadline.
func (b *batchConn) deadlineError(deadline *atomic.Int64) error {
	if b.closed.Load() {
		return net.ErrClosed
	}
	if d := deadline.Load(); d != 0 && b.timeLeft(d) <= 0 {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// sleepUntil lets time pass until due, the deadline, or Close. It may return early
// without an error. It parks the goroutine: a thread that waits in the kernel
// keeps its processor for 10 ms, and meanwhile Go's monitor looks at it every
// 20 µs, which cost as much as all the rest of receiving.
func (b *batchConn) sleepUntil(due time.Time) error {
	if err := b.deadlineError(&b.readBy); err != nil {
		return err
	}
	left := time.Until(due)
	if d := b.readBy.Load(); d != 0 {
		left = min(left, b.timeLeft(d))
	}
	if b.timer == nil {
		b.timer = time.NewTimer(left)
	} else {
		b.timer.Reset(left)
	}
	defer b.timer.Stop()
	select {
	case <-b.timer.C:
	case <-b.nudge:
	}
	return b.deadlineError(&b.readBy)
}

// waitReadable blocks until the socket is readable, the deadline, or Close. It may
// return early without an error.
func (b *batchConn) waitReadable() error {
	if err := b.deadlineError(&b.readBy); err != nil {
		return err
	}
	fds := []unix.PollFd{{Fd: int32(b.wakeR), Events: unix.POLLIN}, {Fd: int32(b.fd), Events: unix.POLLIN}}
	if _, err := unix.Poll(fds, b.pollTime(b.readBy.Load())); err != nil && err != unix.EINTR {
		return b.opError("poll", err)
	}
	if fds[0].Revents != 0 {
		var drain [64]byte
		_, _ = unix.Read(b.wakeR, drain[:])
	}
	return b.deadlineError(&b.readBy)
}

// timeLeft is the time until a deadline. A step of the wall clock does not move it.
func (b *batchConn) timeLeft(deadline int64) time.Duration {
	return time.Duration(deadline) - time.Since(b.created)
}

// pollTime returns how many milliseconds are left until a deadline; -1 when it
// is 0: no deadline.
func (b *batchConn) pollTime(deadline int64) int {
	if deadline == 0 {
		return -1
	}
	left := max(0, b.timeLeft(deadline))
	return int(min((left+time.Millisecond-1)/time.Millisecond, 1<<30))
}

// writeSlice is how often a blocked Write looks for Close and its
// deadline: it does not listen to the pipe, which is the reader's.
const writeSlice = 50 * time.Millisecond

// Write implements net.Conn.
func (b *batchConn) Write(p []byte) (n int, err error) {
	b.fdLock.RLock()
	defer b.fdLock.RUnlock()
	for n < len(p) {
		if err := b.deadlineError(&b.writeBy); err != nil {
			return n, err
		}
		m, err := unix.Write(b.fd, p[n:])
		switch {
		case m > 0:
			n += m
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			writable := []unix.PollFd{{Fd: int32(b.fd), Events: unix.POLLOUT}}
			_, _ = unix.Poll(writable, int(writeSlice.Milliseconds())) // an error shows in the next write
		case err != nil:
			return n, b.opError("write", err)
		}
	}
	return n, nil
}

func (b *batchConn) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: b.remote.Network(), Source: b.local, Addr: b.remote, Err: os.NewSyscallError(op, err)}
}

// Close implements net.Conn. It interrupts a waiting Read or Write and waits
// for it, then gives the descriptors back.
func (b *batchConn) Close() error {
	if b.closed.Swap(true) {
		return net.ErrClosed
	}
	b.wakeReader() // there is one reader, so the byte reaches it
	b.fdLock.Lock()
	defer b.fdLock.Unlock()
	_ = unix.Close(b.wakeR)
	_ = unix.Close(b.wakeW)
	return unix.Close(b.fd)
}

// wakeReader interrupts poll and pause. A full pipe is as good: it is readable.
func (b *batchConn) wakeReader() {
	_, _ = unix.Write(b.wakeW, []byte{0})
	select {
	case b.nudge <- struct{}{}:
	default:
	}
}

// SetReadDeadline implements net.Conn; it moves a Read that already waits.
func (b *batchConn) SetReadDeadline(t time.Time) error { return b.setDeadline(&b.readBy, t) }

// SetWriteDeadline implements net.Conn.
func (b *batchConn) SetWriteDeadline(t time.Time) error { return b.setDeadline(&b.writeBy, t) }

// SetDeadline implements net.Conn.
func (b *batchConn) SetDeadline(t time.Time) error {
	_ = b.setDeadline(&b.writeBy, t)
	return b.setDeadline(&b.readBy, t)
}

func (b *batchConn) setDeadline(d *atomic.Int64, t time.Time) error {
	b.fdLock.RLock()
	defer b.fdLock.RUnlock()
	if b.closed.Load() {
		return net.ErrClosed
	}
	var at int64
	if !t.IsZero() {
		at = max(1, int64(t.Sub(b.created)))
	}
	// A reader that waits for less than the new deadline looks again by itself:
	// only an earlier one has to wake it.
	if old := d.Swap(at); at != 0 && (old == 0 || at < old) {
		b.wakeReader()
	}
	return nil
}

// LocalAddr implements net.Conn.
func (b *batchConn) LocalAddr() net.Addr { return b.local }

// RemoteAddr implements net.Conn.
func (b *batchConn) RemoteAddr() net.Addr { return b.remote }
