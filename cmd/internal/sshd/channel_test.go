package sshd

import (
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

func TestOnlySessions(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	c, err := d.dial("ana", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, kind := range []string{"direct-tcpip", "direct-streamlocal@openssh.com", "tun@openssh.com", "x11", "forwarded-tcpip", "nonsense"} {
		if ch, _, err := c.OpenChannel(kind, nil); err == nil {
			ch.Close()
			t.Errorf("channel %q was opened", kind)
		}
	}
	for _, kind := range []string{"tcpip-forward", "streamlocal-forward@openssh.com", "no-more-sessions@openssh.com"} {
		if ok, _, err := c.SendRequest(kind, true, gossh.Marshal(struct {
			A string
			P uint32
		}{"127.0.0.1", 0})); ok || err != nil {
			t.Errorf("request %q: %v, %v", kind, ok, err)
		}
	}
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.NewSession(); err == nil {
		t.Error("two sessions on one connection")
	}
	for _, kind := range []string{"subsystem", "auth-agent-req@openssh.com", "x11-req", "signal", "break", "xon-xoff"} {
		if ok, err := s.SendRequest(kind, true, gossh.Marshal(struct{ S string }{"sftp"})); ok || err != nil {
			t.Errorf("session request %q: %v, %v", kind, ok, err)
		}
	}
	for name, value := range map[string]string{"LD_PRELOAD": "x", "PATH": "/", "TERM": "a\x1bb", "LC_ALL": "a b;c", "LANG": strings.Repeat("x", 300), "LC_" + strings.Repeat("A", 60): "C"} {
		if s.Setenv(name, value) == nil {
			t.Errorf("env %s=%q was taken", name, value)
		}
	}
	for name, value := range map[string]string{"LANG": "de_DE.UTF-8", "COLORTERM": "truecolor", "NO_COLOR": "1"} {
		if err := s.Setenv(name, value); err != nil {
			t.Errorf("env %s=%q: %v", name, value, err)
		}
	}
}
