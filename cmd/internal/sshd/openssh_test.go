package sshd

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource/testkit/servertest"
)

// openssh is a client that nobody here wrote.
type openssh struct {
	t    *testing.T
	dir  string
	addr string
}

func newOpenSSH(t *testing.T, addr string) *openssh {
	t.Helper()
	servertest.Program(t, "ssh")
	return &openssh{t: t, dir: t.TempDir(), addr: addr}
}

// key makes a private key file and returns its authorized_keys line.
func (o *openssh) key(name string) string {
	o.t.Helper()
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	block, err := gossh.MarshalPrivateKey(priv, name)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
		o.t.Fatal(err)
	}
	p, err := gossh.NewPublicKey(pub)
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(p)))
}

func (o *openssh) args(key string, more ...string) []string {
	host, port, _ := net.SplitHostPort(o.addr)
	args := []string{
		"-F", "none", "-p", port, "-i", filepath.Join(o.dir, key),
		"-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=" + filepath.Join(o.dir, "known"),
		"-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10",
	}
	args = append(args, more...)
	if i := len(args) - len(more); len(more) > 0 && !strings.HasPrefix(args[i], "-") { // a command follows the host
		return append(append(append([]string{}, args[:i]...), "trader@"+host), more...)
	}
	return append(args, "trader@"+host)
}

func TestOpenSSHDrawsResizesAndQuits(t *testing.T) {
	o := newOpenSSH(t, "")
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{o.key("ana")}}), nil)
	o.addr = d.addr
	cmd := exec.Command("ssh", o.args("ana", "-tt")...)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LC_ALL=C.UTF-8")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 30, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	out := &safeBuffer{}
	read := make(chan struct{})
	go func() {
		defer close(read)
		b := make([]byte, 4096)
		for {
			n, err := tty.Read(b)
			_, _ = out.Write(b[:n])
			if err != nil {
				return
			}
		}
	}()
	s := &shell{out: out}
	s.wants(t, "shared user=ana size=100x30")
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 25, Cols: 90}); err != nil {
		t.Fatal(err)
	}
	s.wants(t, "size=90x25")
	for _, step := range []struct{ key, want string }{{"y", "\x1b]52;c;Y29waWVk"}, {"q", "\x1b[?1049l"}} {
		if _, err := tty.Write([]byte(step.key)); err != nil {
			t.Fatal(err)
		}
		s.wants(t, step.want)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ssh ends with %v", err)
	}
	<-read
}

func TestOpenSSHWithoutTerminal(t *testing.T) {
	o := newOpenSSH(t, "")
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{o.key("ana")}}), nil)
	o.addr = d.addr
	o.key("stranger")
	for _, tc := range []struct {
		name   string
		args   []string
		out    string
		status int
	}{
		{"snapshot", o.args("ana", "snapshot", "--format", "json"), `{"user":"ana"}`, 3},
		{"no terminal", o.args("ana"), "no terminal", 2},
		{"another command", o.args("ana", "/bin/sh", "-c", "id"), "only snapshot", 2},
		{"wrong key", o.args("stranger", "snapshot"), "Permission denied", 255},
		{"remote forwarding", o.args("ana", "-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1"), "remote port forwarding failed", 255},
		{"subsystem", o.args("ana", "-s", "sftp"), "subsystem request failed", 255},
	} {
		t.Run(tc.name, func(t *testing.T) {
			args := tc.args
			if tc.name == "subsystem" { // ssh -s HOST sftp
				args = append(o.args("ana"), "sftp")
				args = append([]string{"-s"}, args...)
			}
			b, err := exec.Command("ssh", args...).CombinedOutput()
			status := 0
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				status = exit.ExitCode()
			}
			if status != tc.status || !strings.Contains(string(b), tc.out) {
				t.Errorf("status %d, %q; want %d and %q", status, b, tc.status, tc.out)
			}
		})
	}
}

// TestOpenSSHOnADumbTerminal gets text and no escape sequence, and the status of
// the snapshot (case 34); a command on a terminal has its lines ended as there.
func TestOpenSSHOnADumbTerminal(t *testing.T) {
	o := newOpenSSH(t, "")
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{o.key("ana")}}), nil)
	o.addr = d.addr
	for _, tc := range []struct {
		name, term string
		args       []string
		status     int
		want       string
		text       bool
	}{
		{"case 34: dumb", "dumb", o.args("ana", "-tt"), 3, "{\"user\":\"ana\"}\r\n", true},
		{"dumb, another command", "dumb", append(o.args("ana", "-tt"), "id"), 2, "only snapshot\r\n", true},
		{"snapshot on a terminal", "xterm", append(o.args("ana", "-tt"), "snapshot"), 3, "{\"user\":\"ana\"}\r\n", true},
		{"a name that begins alike", "dumb-emacs-ansi", o.args("ana", "-tt"), 0, "shared user=ana", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cmd := exec.Command("ssh", tc.args...)
			cmd.Env = append(os.Environ(), "TERM="+tc.term)
			tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
			if err != nil {
				t.Fatal(err)
			}
			defer tty.Close()
			out := &safeBuffer{}
			read := make(chan struct{})
			go func() { _, _ = io.Copy(out, tty); close(read) }()
			(&shell{out: out}).wants(t, tc.want)
			if !tc.text {
				_, _ = tty.WriteString("q")
			}
			var exit *exec.ExitError
			if err := cmd.Wait(); tc.status != 0 && (!errors.As(err, &exit) || exit.ExitCode() != tc.status) {
				t.Errorf("%v, want status %d", err, tc.status)
			}
			<-read
			if esc := strings.Contains(out.String(), "\x1b"); esc == tc.text {
				t.Errorf("escape sequences: %v in %q", esc, out.String())
			}
		})
	}
}

func TestOpenSSHLocalForwardingIsRefused(t *testing.T) {
	o := newOpenSSH(t, "")
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{o.key("ana")}}), nil)
	o.addr = d.addr
	secret, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	reached := make(chan struct{}, 1)
	go func() {
		if c, err := secret.Accept(); err == nil {
			c.Close()
			reached <- struct{}{}
		}
	}()
	// -W asks the server to connect to an address of ours.
	b, err := exec.Command("ssh", o.args("ana", "-W", secret.Addr().String())...).CombinedOutput()
	if err == nil {
		t.Errorf("ssh -W went through: %q", b)
	}
	select {
	case <-reached:
		t.Error("the server connected somewhere for a client")
	case <-time.After(100 * time.Millisecond):
	}
}
