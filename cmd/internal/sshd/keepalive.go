package sshd

import (
	"net"
	"sync/atomic"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// A client is asked for a sign of life every keepAliveEvery. One whose machine
// takes what it is sent and that says nothing for keepAlivePatience is stopped
// (suspended, hung) and cut: within ten seconds, whatever it was doing. One that
// the network has lost may come back, and is kept for lostPatience; so is one
// whose slow line is still busy with what was sent before the question.
const (
	keepAliveEvery    = 3 * time.Second
	keepAlivePatience = 6 * time.Second
	keepAliveLook     = 2 * time.Second  // between two looks at a client that has not answered
	unknownPatience   = 20 * time.Second // where the system does not tell what has arrived
	lostPatience      = 45 * time.Second
)

// keepAlive ends a connection whose other end has silently gone.
func (s *Server) keepAlive(v *client, conn *gossh.ServerConn) {
	defer func() { s.recoverPanic(v, recover()) }()
	t := time.NewTicker(keepAliveEvery)
	defer t.Stop()
	for {
		select {
		case <-v.closed:
			return
		case <-t.C:
		}
		q := question{asked: time.Now(), before: v.written.Load()}
		look := q.watch(v)
		_, _, err := conn.SendRequest("keepalive@openssh.com", true, nil)
		look()
		if err != nil {
			return
		}
	}
}

// question is a keepalive without its answer.
type question struct {
	asked   time.Time
	before  uint64    // bytes written before it
	arrived time.Time // when these were seen to have arrived
}

// watch cuts the connection when the answer is overdue. The function it returns
// ends that.
func (q *question) watch(v *client) (stop func()) {
	var done atomic.Bool
	var look func()
	look = func() {
		if done.Load() {
			return
		}
		l, known := linkOf(v.Conn)
		if q.overdue(time.Now(), l, known) {
			v.end("no answer")
			return
		}
		time.AfterFunc(keepAliveLook, look)
	}
	first := time.AfterFunc(keepAliveLook, look)
	return func() { done.Store(true); first.Stop() }
}

// link is what the system knows of a connection.
type link struct {
	acked   uint64        // bytes that the other end's system has taken
	lastAck time.Duration // since it last said so
}

// overdue reports whether whoever was asked would have answered by now.
func (q *question) overdue(now time.Time, l link, known bool) bool {
	waited := now.Sub(q.asked)
	if !known {
		return waited >= unknownPatience
	}
	if q.arrived.IsZero() && l.acked >= q.before && l.lastAck < waited {
		q.arrived = now
	}
	switch {
	case waited >= lostPatience:
		return true
	case q.arrived.IsZero(): // a slow line, or none
		return false
	default:
		return waited >= keepAlivePatience && now.Sub(q.arrived) >= keepAliveLook
	}
}

// Write counts what is sent.
func (v *client) Write(b []byte) (int, error) {
	n, err := v.Conn.Write(b)
	v.written.Add(uint64(max(n, 0)))
	return n, err
}

var _ net.Conn = (*client)(nil)
