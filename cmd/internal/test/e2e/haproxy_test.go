//go:build linux

package e2e

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource/testkit/servertest"
)

// haproxyConfig is docs/scaling.md's, with ports of this machine. It is by
// readiness and not by the port that a process gets traffic.
const haproxyConfig = `global
  stats socket %[1]s mode 600 level admin
defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  retries 3
  option redispatch 1
frontend ssh
  bind %[2]s
  default_backend ticktop
backend ticktop
  balance leastconn
  option httpchk GET /readyz
  default-server check inter 500ms fall 1 rise 1
  server one %[3]s port %[4]s
  server two %[5]s port %[6]s
`

// replica is one of several serve processes with the same host key.
type replica struct {
	*server
	metrics string
}

func (r *replica) start(redis string) {
	r.t.Helper()
	r.cmd = exec.Command(binary, "serve", "--listen", r.addr, "--metrics", r.metrics, "--redis", redis, "--config", r.config,
		"--host-key", filepath.Join(r.dir, "host"), "--max-sessions", "500")
	r.cmd.Dir, r.cmd.Env = r.dir, environ(r.dir)
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	if lines := bufio.NewScanner(out); !lines.Scan() || !listening.MatchString(lines.Text()) {
		r.t.Fatalf("the server did not say where it listens: %q", lines.Text())
	}
}

// stop ends the process as a service manager does.
func (r *replica) stop() {
	r.t.Helper()
	_ = r.cmd.Process.Signal(syscall.SIGTERM)
	if got := exitStatus(r.t, r.cmd.Wait()); got != 143 {
		r.t.Errorf("the server's exit status is %d", got)
	}
}

func (r *replica) sessions() string {
	return (&operated{server: r.server, metrics: r.metrics}).metric("ticktop_sessions_total")
}

// balancer is a running HAProxy before two replicas.
type balancer struct {
	t            *testing.T
	addr, socket string
}

func newBalancer(t *testing.T, one, two *replica) *balancer {
	t.Helper()
	program := servertest.Program(t, "haproxy")
	dir := t.TempDir()
	b := &balancer{t: t, addr: freeAddr(t), socket: filepath.Join(dir, "s")}
	port := func(addr string) string { _, p, _ := net.SplitHostPort(addr); return p }
	file := filepath.Join(dir, "haproxy.cfg")
	text := fmt.Sprintf(haproxyConfig, b.socket, b.addr, one.addr, port(one.metrics), two.addr, port(two.metrics))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-db", "-f", file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return b
}

// up waits until HAProxy says of both servers whether they get traffic.
func (b *balancer) up(one, two bool) {
	b.t.Helper()
	begin := time.Now()
	servertest.Until(b.t, 15*time.Second, fmt.Sprintf("haproxy has one up %v, two up %v", one, two), func() bool {
		c, err := net.Dial("unix", b.socket)
		if err != nil {
			return false
		}
		defer c.Close()
		_, _ = io.WriteString(c, "show stat\n")
		rows, _ := csv.NewReader(c).ReadAll()
		state := map[string]bool{}
		for _, row := range rows {
			if len(row) > 17 && row[0] == "ticktop" {
				state[row[1]] = strings.HasPrefix(row[17], "UP")
			}
		}
		return state["one"] == one && state["two"] == two
	})
	b.t.Logf("one up %v, two up %v after %v", one, two, time.Since(begin).Round(10*time.Millisecond))
}

// load is traders who come, look and leave, all the time.
type load struct {
	signer          gossh.Signer
	addr            string
	opened, retried atomic.Int64
	lost            atomic.Int64 // who did not come in at the second try either
	cut             atomic.Int64 // sessions that ended before their trader left
}

// trader comes in, looks for hold, and leaves.
func (l *load) trader(hold time.Duration) {
	c, err := l.open()
	if err != nil {
		l.retried.Add(1)
		time.Sleep(200 * time.Millisecond)
		if c, err = l.open(); err != nil {
			l.lost.Add(1)
			return
		}
	}
	defer c.close()
	l.opened.Add(1)
	gone := make(chan struct{})
	go func() { _ = c.sess.Wait(); close(gone) }()
	select {
	case <-gone:
		l.cut.Add(1)
	case <-time.After(hold):
	}
}

func (l *load) open() (*shellConn, error) {
	c := &shellConn{}
	var err error
	if c.client, err = gossh.Dial("tcp", l.addr, &gossh.ClientConfig{
		User: "x", Auth: []gossh.AuthMethod{gossh.PublicKeys(l.signer)},
		HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: 10 * time.Second, //nolint:gosec // a test's own server
	}); err != nil {
		return nil, err
	}
	if c.sess, err = c.client.NewSession(); err == nil {
		c.sess.Stdout = &c.seen
		if err = c.sess.RequestPty("xterm-256color", 24, 80, gossh.TerminalModes{}); err == nil {
			err = c.sess.Shell()
		}
	}
	for begin := time.Now(); err == nil && !c.seen.contains("11,111.11"); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			err = fmt.Errorf("nothing is shown")
		}
	}
	if err != nil {
		c.client.Close()
	}
	return c, err
}

// TestBalancer: two processes behind a real HAProxy, under load: each is restarted
// in turn, and no client is turned away; both leave when Redis hangs, and
// come back without a visitor.
func TestBalancer(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 30 s")
	}
	servertest.Program(t, "haproxy")
	redis := servertest.Redis(t)
	redis.Do("HSET", "account:ACC-1001", "equity", "11111.11", "balance", "22222.22")
	dir := t.TempDir()
	shared := func() *server {
		return &server{t: t, dir: dir, config: filepath.Join(dir, "ticktop.yaml"), addr: freeAddr(t)}
	}
	one, two := &replica{shared(), freeAddr(t)}, &replica{shared(), freeAddr(t)}
	one.write(fmt.Sprintf("serve: {per_address: 400, per_user: 400}\nusers:\n  - {name: ana, key: %q}\n", one.key("ana")))
	b := newBalancer(t, one, two)
	one.start(redis.URL())
	two.start(redis.URL())
	defer func() { one.stop(); two.stop() }()
	b.up(true, true) // without a visitor

	l := &load{addr: b.addr, signer: readSigner(t, filepath.Join(dir, "ana"))}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
					l.trader(time.Duration(100+50*((i+n)%8)) * time.Millisecond)
				}
			}
		})
	}
	defer func() { wg.Wait() }()
	defer close(stop)
	time.Sleep(3 * time.Second)
	for n, r := range []*replica{one, two} {
		r.stop()
		b.up(n != 0, n != 1)
		time.Sleep(time.Second)
		r.start(redis.URL())
		b.up(true, true)
		servertest.Until(t, 10*time.Second, "the new process gets traffic", func() bool { s := r.sessions(); return s != "" && s != "0" })
	}
	opened, retried, lost, cut := l.opened.Load(), l.retried.Load(), l.lost.Load(), l.cut.Load()
	t.Logf("%d sessions opened, %d at the second try, %d not, %d cut by a restart", opened, retried, lost, cut)
	if lost > 0 || retried > 4 || opened < 50 {
		t.Errorf("%d opened, %d at the second try, %d not at all", opened, retried, lost)
	}
	redis.Stop()
	b.up(false, false)
	redis.Cont()
	b.up(true, true)
}

func readSigner(t *testing.T, file string) gossh.Signer {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := gossh.ParsePrivateKey(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
