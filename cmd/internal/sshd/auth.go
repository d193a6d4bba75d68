package sshd

import (
	"errors"
	"io"
	"net"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// handshake is the SSH configuration of one connection.
func (s *Server) handshake(ctx ssh.Context) *gossh.ServerConfig {
	v, _ := ctx.Value(clientKey{}).(*client)
	cfg := &gossh.ServerConfig{MaxAuthTries: 3}
	restrictAlgorithms(cfg)
	if s.o.Keys == nil {
		cfg.NoClientAuth = true
		cfg.NoClientAuthCallback = func(meta gossh.ConnMetadata) (*gossh.Permissions, error) {
			return &gossh.Permissions{}, v.authenticated(meta.User(), nil, &Principal{})
		}
		return cfg
	}
	cfg.PublicKeyCallback = func(meta gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
		if _, err := s.o.Keys.Authorise(meta.User(), v.addr, key, time.Now()); err != nil {
			s.strangers.line("key refused", "addr", v.addr.String(), "user", safeLog(meta.User()), "key", gossh.FingerprintSHA256(key), "reason", err.Error())
			return nil, err
		}
		perms := &gossh.Permissions{}
		if cert, ok := key.(*gossh.Certificate); ok {
			perms.CriticalOptions = cert.CriticalOptions // source-address
		}
		return perms, nil
	}
	// Only a key whose signature was verified gives a session its identity: a
	// client may offer anybody's.
	cfg.VerifiedPublicKeyCallback = func(meta gossh.ConnMetadata, key gossh.PublicKey, perms *gossh.Permissions, _ string) (*gossh.Permissions, error) {
		p, err := s.o.Keys.Authorise(meta.User(), v.addr, key, time.Now())
		if err != nil {
			return nil, err
		}
		return perms, v.authenticated(meta.User(), key, p)
	}
	return cfg
}

func (s *Server) failed(c net.Conn, err error) {
	if !errors.Is(err, io.EOF) {
		s.failures.line("handshake failed", "addr", addrOf(c.RemoteAddr()).String(), "reason", safeLog(err.Error()))
	}
}
