package sshd

import (
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

// BenchmarkKeepAlive is one question and its answer, the work of both ends: what
// a session costs every three seconds.
func BenchmarkKeepAlive(b *testing.B) {
	key := newKey(b)
	l, conns := listen(b), make(chan *gossh.ServerConn, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		cfg := &gossh.ServerConfig{NoClientAuth: true}
		restrictAlgorithms(cfg)
		cfg.AddHostKey(key)
		conn, chans, reqs, err := gossh.NewServerConn(c, cfg)
		if err != nil {
			return
		}
		go gossh.DiscardRequests(reqs)
		go func() {
			for ch := range chans {
				_ = ch.Reject(gossh.Prohibited, "")
			}
		}()
		conns <- conn
	}()
	c, err := gossh.Dial("tcp", l.Addr().String(), &gossh.ClientConfig{User: "x", HostKeyCallback: gossh.InsecureIgnoreHostKey()}) //nolint:gosec // a test's own server
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	conn := <-conns
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := conn.SendRequest("keepalive@openssh.com", true, nil); err != nil {
			b.Fatal(err)
		}
	}
}
