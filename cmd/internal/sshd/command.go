package sshd

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"time"

	"charm.land/ssh"
)

// command runs what was asked for without a terminal, when its turn comes.
func (s *Server) command(sess ssh.Session, v *client, p Principal, cmd []string, log *slog.Logger) int {
	log.Info("command", "command", safeLog(cmd[0]))
	cut := time.AfterFunc(commandQueue+commandLimit, func() { v.end("command took too long") })
	defer cut.Stop()
	who := p.Fingerprint
	if who == "" {
		who = v.addr.String()
	}
	queue, cancel := context.WithTimeout(sess.Context(), commandQueue)
	defer cancel()
	done, ok := s.commandTurns.take(queue, who)
	if !ok {
		_, _ = io.WriteString(sess.Stderr(), "ticktop: too many commands at once, try again\r\n")
		return 1
	}
	defer done()
	ctx, cancel := context.WithTimeout(sess.Context(), commandLimit)
	defer cancel()
	return s.o.Command(ctx, p, cmd, sess, sess.Stderr())
}

// crlfSession is a session whose client has set its terminal to raw: a line must
// be ended as terminals do.
type crlfSession struct{ ssh.Session }

// Write implements io.Writer.
func (s crlfSession) Write(b []byte) (int, error) { return writeCRLF(s.Session, b) }

// Stderr returns the error stream, ended alike.
func (s crlfSession) Stderr() io.ReadWriter { return crlfStream{s.Session.Stderr()} }

type crlfStream struct{ io.ReadWriter }

// Write implements io.Writer.
func (s crlfStream) Write(b []byte) (int, error) { return writeCRLF(s.ReadWriter, b) }

func writeCRLF(w io.Writer, b []byte) (int, error) {
	if _, err := w.Write(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(b), nil
}
