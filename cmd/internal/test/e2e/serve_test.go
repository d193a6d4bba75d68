//go:build linux || darwin

package e2e

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource/testkit/servertest"
)

// server is a running `ticktop serve` and the keys of its users.
type server struct {
	t      *testing.T
	dir    string
	config string
	more   []string // arguments of the server
	addr   string
	cmd    *exec.Cmd
}

// key makes a private key file and returns its authorized_keys line.
func (s *server) key(name string) string {
	s.t.Helper()
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	block, err := gossh.MarshalPrivateKey(priv, name)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
		s.t.Fatal(err)
	}
	p, err := gossh.NewPublicKey(pub)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(p)))
}

// write saves the configuration with these users, as editors do.
func (s *server) write(users string) {
	s.t.Helper()
	b, err := os.ReadFile(desk(s.t))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.config+"~", append(b, users...), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(s.config+"~", s.config); err != nil {
		s.t.Fatal(err)
	}
}

var listening = regexp.MustCompile(`listening on (\S+)`)

// serve starts the server on a free port and waits until it listens.
func (s *server) serve(redis string) {
	s.t.Helper()
	args := []string{"serve", "--listen", "127.0.0.1:0", "--redis", redis, "--config", s.config, "--host-key", filepath.Join(s.dir, "host")}
	s.cmd = exec.Command(binary, append(args, s.more...)...)
	s.cmd.Dir, s.cmd.Env = s.dir, environ(s.dir)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		if got := exitStatus(s.t, s.cmd.Wait()); got != 143 {
			s.t.Errorf("the server's exit status is %d", got)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			s.addr = m[1]
			return
		}
	}
	s.t.Fatal("the server did not say where it listens")
}

// ssh is the command line of OpenSSH as a user.
func (s *server) ssh(key string, more ...string) []string {
	host, port, _ := net.SplitHostPort(s.addr)
	return append([]string{"ssh", "-F", "none", "-p", port, "-i", filepath.Join(s.dir, key), "-o", "IdentitiesOnly=yes",
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=" + filepath.Join(s.dir, "known"), "-o", "LogLevel=ERROR",
		"-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-l", "ACC-1002", host}, more...)
}

// run runs a command over SSH and returns its output and exit status.
func (s *server) run(argv []string) (string, int) {
	s.t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = environ(s.dir)
	out, err := cmd.CombinedOutput()
	return string(out), exitStatus(s.t, err)
}

// TestServe: two traders at the real server with OpenSSH's client; each sees
// what is theirs, whatever they try.
func TestServe(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ssh"); err != nil {
		if os.Getenv("TICKTOP_REQUIRE_SERVERS") == "1" {
			t.Fatal("no ssh client: apt-get install openssh-client")
		}
		t.Skip("no ssh client")
	}
	redis := servertest.Redis(t)
	for account, equity := range map[string]string{"ACC-1001": "11111.11", "ACC-1002": "22222.22"} {
		redis.Do("HSET", "account:"+account, "equity", equity, "balance", equity)
	}
	redis.Do("SET", "quote:EURUSD", `{"symbol":"EURUSD","bid":1.0834,"ask":1.0835}`)
	s := &server{t: t, dir: t.TempDir()}
	s.config = filepath.Join(s.dir, "ticktop.yaml")
	ana, bob := s.key("ana"), s.key("bob")
	s.key("stranger")
	userOf := func(name, key, account, pages string) string {
		return "  - {name: " + name + `, key: "` + key + `", vars: {account: ` + account + "}, pages: [" + pages + "]}\n"
	}
	both := "users:\n" + userOf("ana", ana, "ACC-1001", "Overview") + userOf("bob", bob, "ACC-1002", "Overview, Health")
	s.write(both)
	s.serve(redis.URL())

	t.Run("snapshot", func(t *testing.T) { s.snapshots(t) })
	c := start(t, terminal{argv: s.ssh("ana", "-tt"), dir: s.dir})
	c.see("11,111.11", "ACC-1001", "redis ●")
	t.Run("screen", func(t *testing.T) { testRemote(t, c) })

	b := start(t, terminal{argv: s.ssh("bob", "-tt"), dir: s.dir})
	b.see("22,222.22", "ACC-1002", "2 Health")
	s.write("users:\n" + userOf("bob", bob, "ACC-1002", "Overview, Health"))
	begin := time.Now()
	if got := c.status(); got != 1 {
		t.Errorf("the session of a key that was taken away ends with %d", got)
	}
	if !strings.Contains(c.bytes(), "ticktop: key removed") {
		t.Error("it is not said why the session ended")
	}
	t.Logf("the session of a key that was taken away ended after %v", time.Since(begin).Round(10*time.Millisecond))
	c.restored()
	if out, code := s.run(s.ssh("ana", "snapshot")); code != 255 || !strings.Contains(out, "Permission denied") {
		t.Errorf("a key that was taken away still comes in: %d %q", code, out)
	}
	b.alive()
	b.press("q")
	if got := b.status(); got != 0 {
		t.Errorf("q: exit status %d", got)
	}
	b.restored()

	// A restart gives every terminal back, and says why.
	left := []*console{start(t, terminal{argv: s.ssh("bob", "-tt"), dir: s.dir}), start(t, terminal{argv: s.ssh("bob", "-tt"), dir: s.dir})}
	for _, c := range left {
		c.see("22,222.22")
	}
	begin = time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for _, c := range left {
		c.see("server restarts")
	}
	for _, c := range left {
		if got := c.status(); got != 1 {
			t.Errorf("a restart ends a session with %d", got)
		}
		if !strings.Contains(c.bytes(), "ticktop: server stopped") {
			t.Error("it is not said why the session ended")
		}
		c.restored()
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the last session ended after %v", took)
	}
}

// snapshots without a terminal, with the rights of the key that signed.
func (s *server) snapshots(t *testing.T) {
	for _, tc := range []struct {
		name   string
		argv   []string
		status int
		want   string
	}{
		{"own", s.ssh("ana", "snapshot", "--format", "json"), 3, "11111.11"},
		{"own by name", s.ssh("ana", "snapshot", "--account", "ACC-1001"), 3, "11,111.11"},
		{"own, hidden", s.ssh("ana", "snapshot", "--private"), 3, "***"},
		{"help", s.ssh("ana", "snapshot", "--help"), 0, "--format text|json|csv"},
		{"another's by flag", s.ssh("ana", "snapshot", "--account", "ACC-1002"), 2, "not allowed"},
		{"another's by glob", s.ssh("ana", "snapshot", "--account", "'*'"), 2, "not allowed"},
		{"another's by variable", s.ssh("ana", "snapshot", "--var", "account=ACC-1002"), 2, "unknown flag"},
		{"another's redis", s.ssh("ana", "snapshot", "--redis", "redis://127.0.0.1:1/0"), 2, "unknown flag"},
		{"shell", s.ssh("ana", "/bin/sh"), 2, "only snapshot"},
		{"stranger", s.ssh("stranger", "snapshot"), 255, "Permission denied"},
	} {
		out, code := s.run(tc.argv)
		if code != tc.status || !strings.Contains(out, tc.want) || strings.Contains(out, "22222.22") || strings.Contains(out, "22,222.22") {
			t.Errorf("%s: status %d, %q; want %d and %q", tc.name, code, out, tc.status, tc.want)
		}
	}
	env := append([]string{"ssh", "-o", "SetEnv=TICKTOP_CONFIG=/dev/null ACCOUNT=ACC-1002 LC_ACCOUNT=ACC-1002"}, s.ssh("ana", "snapshot", "--format", "json")[1:]...)
	out, _ := s.run(env)
	var got struct {
		Data map[string]struct{ Key string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.Data["account"].Key != "account:ACC-1001" {
		t.Errorf("with an environment: %v %q", err, out)
	}
}

// testRemote is a session on a screen: what it shows, what it refuses, copies
// and sizes.
func testRemote(t *testing.T, c *console) {
	c.until("only the page allowed", func(s *screen) bool { return s.has("1 Overview") && !s.has("Positions  ") && !s.has("4 Health") })
	c.press("2")
	c.see("there is no page 2")
	for _, tc := range []struct{ key, box, text string }{
		{"a", "enter switch", "ACC-1002"}, {":", "enter run", "account ACC-1002"}, {":", "enter run", "account *"},
	} {
		c.press(tc.key)
		c.see(tc.box)
		c.typ(tc.text)
		c.until("it is typed", func(s *screen) bool { return s.has("› " + tc.text) })
		c.press("enter")
		c.alive()
		c.look(func(s *screen) {
			if !strings.Contains(s.line(0), "ACC-1001") || s.has("22,222.22") {
				t.Errorf("%s %s: another's account\n%s", tc.key, tc.text, s)
			}
			if s.has(tc.box) {
				c.press("esc")
			}
		})
		c.gone(tc.box)
	}
	c.focused("Quotes")
	c.press("Y")
	c.until("a copy", func(s *screen) bool { return len(s.clipboard) > 0 && strings.Contains(s.clipboard[0], `"bid":1.0834`) })
	c.press("ctrl+z")
	c.see("nothing to suspend to over SSH")
	c.press("F")
	c.see("only in the demo")
	c.size(90, 30)
	c.until("the new size", func(s *screen) bool { return !s.resized && strings.Contains(s.line(29), "keys") })
	c.bordered(3)
	c.size(120, 40)
	c.until("the old size", func(s *screen) bool { return !s.resized && strings.Contains(s.line(39), "keys") })
	n := strings.Count(c.bytes(), "\x1b[2J")
	c.press("ctrl+l")
	c.until("drawn again", func(s *screen) bool { return strings.Count(string(c.raw), "\x1b[2J") > n })
}
