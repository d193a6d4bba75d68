package sshd

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"ticktop/ui/broadcast"
)

func TestWhoComesIn(t *testing.T) {
	ana, bob, stranger := newKey(t), newKey(t), newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}, User{Name: "bob", Keys: []string{line(bob)}}), nil)
	if _, err := d.dial("ana", stranger); err == nil {
		t.Error("a stranger came in")
	}
	if c, err := d.dial("ana", bob); err != nil {
		t.Error(err)
	} else {
		defer c.Close()
		d.shell(t, c, 80, 24).wants(t, "user=bob") // the key decides, not the name
	}
	if c, err := d.dial("ana", offers{ana, bob}); err == nil {
		c.Close()
		t.Error("ana's key came in with bob's signature")
	}
	first := &offersFirst{PublicKey: bob.PublicKey(), theirs: ana.PublicKey()}
	if c, err := d.dial("ana", offers{signer{bob, first}, bob}); err != nil {
		t.Error(err)
	} else {
		defer c.Close()
		if first.n < 3 {
			t.Error("ana's key was not offered")
		}
		d.shell(t, c, 80, 24).wants(t, "user=bob") // who signed, not who was offered before
	}
	if _, err := gossh.Dial("tcp", d.addr, &gossh.ClientConfig{
		User: "ana", Auth: []gossh.AuthMethod{gossh.Password("x")}, HostKeyCallback: gossh.InsecureIgnoreHostKey(), //nolint:gosec // test
	}); err == nil {
		t.Error("a password came in")
	}
	if _, err := gossh.Dial("tcp", d.addr, &gossh.ClientConfig{User: "ana", HostKeyCallback: gossh.InsecureIgnoreHostKey()}); err == nil { //nolint:gosec // test
		t.Error("nobody came in")
	}
}

// offers shows one key and signs with another.
type offers struct{ shown, own gossh.Signer }

func (o offers) PublicKey() gossh.PublicKey { return o.shown.PublicKey() }

func (o offers) Sign(r io.Reader, data []byte) (*gossh.Signature, error) { return o.own.Sign(r, data) }

// offersFirst is a key that is somebody else's when the server is asked whether
// it would do, and the client's own from then on.
type offersFirst struct {
	gossh.PublicKey
	theirs gossh.PublicKey
	n      int
}

func (o *offersFirst) Marshal() []byte {
	if o.n++; o.n <= 2 { // the question, and what the answer is compared to
		return o.theirs.Marshal()
	}
	return o.PublicKey.Marshal()
}

// signer is a Signer with another's PublicKey.
type signer struct {
	gossh.Signer
	key gossh.PublicKey
}

func (s signer) PublicKey() gossh.PublicKey { return s.key }

func TestKeyRemoved(t *testing.T) {
	ana, bob := newKey(t), newKey(t)
	users := []User{{Name: "ana", Keys: []string{line(ana)}}, {Name: "bob", Keys: []string{line(bob)}}}
	keys := keysOf(t, users...)
	d := serve(t, keys, nil)
	open := func(name string, k gossh.Signer) *shell {
		c, err := d.dial(name, k)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		s := d.shell(t, c, 80, 24)
		s.wants(t, "user="+name)
		return s
	}
	a, b := open("ana", ana), open("bob", bob)
	keys.SetUsers(users[1:])
	d.Recheck()
	if err := a.Wait(); err == nil {
		t.Error("the session of a removed key ended as if it had quit")
	}
	fmt.Fprint(b.in, "?")
	b.wants(t, "ALONE")
	settled(t, "the reason is in the log", func() bool { return strings.Contains(d.logs.String(), "key removed") })
	users[1].Pages = []string{"Overview"}
	keys.SetUsers(users[1:])
	d.Recheck()
	_ = b.Wait()
}

func TestLogsCannotBeForged(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	_, _ = d.dial("x\nlevel=ERROR msg=forged\x1b[2J", newKey(t))
	c, err := d.dial("x\nlevel=ERROR msg=forged\x1b[2J", ana)
	if err == nil {
		c.Close()
	}
	for l := range strings.SplitSeq(d.logs.String(), "\n") {
		if strings.HasPrefix(l, "level=ERROR") || strings.Contains(l, "\x1b") {
			t.Errorf("forged line %q", l)
		}
	}
}

func TestAnonymousIsLoopbackOnly(t *testing.T) {
	hub := broadcast.NewHub(broadcast.Options{})
	defer hub.Close()
	s, err := New(Options{HostKey: newKey(t), Hub: hub})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(l); err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("served the world without keys: %v", err)
	}
}

// TestExpiryEndsSessions: an expiry-time that comes, and a file that goes.
func TestExpiryEndsSessions(t *testing.T) {
	ana, ops := newKey(t), newKey(t)
	file := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(line(ops) + "\n" + line(ana) + "\n")
	k, err := NewKeyring([]string{file}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	d := serve(t, k, nil)
	c, err := d.dial("x", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d.Recheck()
	if _, _, err := c.SendRequest("keepalive@openssh.com", true, nil); err != nil {
		t.Fatal(err)
	}
	// It has expired since, but not when the session began.
	write(line(ops) + "\n" + `expiry-time="` + time.Now().Add(-time.Second).UTC().Format("20060102150405") + `Z" ` + line(ana) + "\n")
	d.Recheck()
	if err := c.Wait(); err == nil {
		t.Error("ended without a reason")
	}
	o, err := d.dial("x", ops)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	d.Recheck() // it may come back: an editor
	if _, _, err := o.SendRequest("keepalive@openssh.com", true, nil); err != nil {
		t.Fatal(err)
	}
	d.Recheck()
	_ = o.Wait()
	if _, err := d.dial("x", ops); err == nil {
		t.Error("a key without a file came in")
	}
}
