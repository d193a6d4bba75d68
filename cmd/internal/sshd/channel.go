package sshd

import (
	"ticktop/ui/broadcast"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// maxRefused is how many rejected channel requests a connection may make. The library
// behind keeps something of each, and a goroutine until the client has read
// that it was refused.
const maxRefused = 32

// channel opens the one session of a connection. It is asked about every kind
// of channel.
func (s *Server) channel(srv *ssh.Server, conn *gossh.ServerConn, ch gossh.NewChannel, ctx ssh.Context) {
	v, _ := ctx.Value(clientKey{}).(*client)
	kind := ch.ChannelType() == "session"
	v.mu.Lock()
	refuse := !kind || v.phase >= phaseSession || s.draining.Load()
	if kind {
		v.phase = max(v.phase, phaseSession)
	}
	if refuse {
		v.refused++
	}
	refused := v.refused
	v.mu.Unlock()
	switch {
	case !refuse:
	case refused > maxRefused:
		v.end("closed: too many channels asked for")
		return
	case kind:
		_ = ch.Reject(gossh.ResourceShortage, "one session a connection")
		return
	default:
		_ = ch.Reject(gossh.UnknownChannelType, "only sessions")
		return
	}
	go s.keepAlive(v, conn)
	ssh.DefaultSessionHandler(srv, conn, &filtered{NewChannel: ch, sizes: v.sizes, recoverPanic: func() { s.recoverPanic(v, recover()) }}, ctx)
	v.end("closed by the client")
}

// recoverPanic is deferred, with what recover returned, where a connection's own
// goroutines begin: a panic costs the connection and not the process.
func (s *Server) recoverPanic(v *client, r any) {
	if r == nil {
		return
	}
	c := asCrash(r)
	v.lost(broadcast.NewPanic(s.log, "connection panicked", c.value, c.stack))
}
