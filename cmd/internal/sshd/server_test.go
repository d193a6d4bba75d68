package sshd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource"
	"ticktop/ui/broadcast"
)

// fakeScreen is a dashboard that shows who it belongs to and its size.
type fakeScreen struct {
	p      Principal
	w, h   int
	solo   bool
	notice string
	closed chan struct{}
}

func (f *fakeScreen) Init() tea.Cmd { return nil }
func (f *fakeScreen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		f.w, f.h = msg.Width, msg.Height
	case tea.KeyPressMsg:
		switch msg.String() {
		case "q":
			return f, tea.Quit
		case "?":
			f.solo = true
		case "y":
			return f, tea.SetClipboard("copied")
		case "P":
			panic("boom")
		}
	}
	return f, nil
}
func (f *fakeScreen) text() string {
	return fmt.Sprintf("user=%s size=%dx%d notice=%s", f.p.Name, f.w, f.h, f.notice)
}
func (f *fakeScreen) View() tea.View { return tea.NewView("ALONE " + f.text()) }
func (f *fakeScreen) Picture() (broadcast.Picture, bool) {
	if f.solo || f.w == 0 {
		return broadcast.Picture{}, false
	}
	text := f.text()
	return broadcast.Picture{
		Key: text, W: f.w, H: f.h,
		Open:   func() (datasource.Feed, error) { return quietFeed{}, nil },
		Render: func(*datasource.Snapshot, time.Time) string { return "shared " + text },
	}, true
}
func (f *fakeScreen) Title() string            { return "ticktop " + f.p.Name }
func (f *fakeScreen) Mouse() tea.MouseMode     { return tea.MouseModeCellMotion }
func (f *fakeScreen) Notice(s datasource.Safe) { f.notice = s.String() }
func (f *fakeScreen) Close()                   { close(f.closed) }

type quietFeed struct{}

func (quietFeed) Snapshot() *datasource.Snapshot {
	return datasource.NewSnapshot(time.Time{}, 0, nil, nil, nil)
}
func (quietFeed) Changed() <-chan struct{}         { return nil }
func (quietFeed) Refresh(...string)                {}
func (quietFeed) History(string) []datasource.Past { return nil }
func (quietFeed) Close()                           {}

// desk is a running server for one test.
type desk struct {
	*Server
	addr string
	logs *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}
func (s *safeBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func serve(t *testing.T, keys *Keyring, edit func(*Options)) *desk {
	t.Helper()
	hub := broadcast.NewHub(broadcast.Options{Interval: 20 * time.Millisecond, StuckAfter: 2 * time.Second})
	t.Cleanup(hub.Close)
	logs := &safeBuffer{}
	o := Options{
		HostKey: newKey(t), Keys: keys, Hub: hub,
		Limits: Limits{NewPerSecond: 1000, PerAddress: 1000},
		Log:    slog.New(slog.NewTextHandler(logs, nil)),
		Open: func(p Principal, _ Terminal) (Screen, error) {
			if p.Name == "nobody" {
				return nil, errors.New("no page is allowed")
			}
			return &fakeScreen{p: p, closed: make(chan struct{})}, nil
		},
		Command: func(_ context.Context, p Principal, args []string, stdout, stderr io.Writer) int {
			if args[0] != "snapshot" {
				fmt.Fprintln(stderr, "only snapshot")
				return 2
			}
			fmt.Fprintf(stdout, "{\"user\":%q}\n", p.Name)
			return 3
		},
	}
	if edit != nil {
		edit(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return &desk{Server: s, addr: l.Addr().String(), logs: logs}
}

func keysOf(t *testing.T, users ...User) *Keyring {
	t.Helper()
	k, err := NewKeyring(nil, users, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (d *desk) dial(user string, keys ...gossh.Signer) (*gossh.Client, error) {
	return gossh.Dial("tcp", d.addr, &gossh.ClientConfig{
		User: user, Auth: []gossh.AuthMethod{gossh.PublicKeys(keys...)},
		HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: 5 * time.Second, //nolint:gosec // a test's own server
	})
}

// shell is a client's terminal.
type shell struct {
	*gossh.Session
	in  io.Writer
	out *safeBuffer
}

func (d *desk) shell(t *testing.T, c *gossh.Client, w, h int) *shell {
	t.Helper()
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	out := &safeBuffer{}
	s.Stdout, s.Stderr = out, out
	in, err := s.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RequestPty("xterm-256color", h, w, gossh.TerminalModes{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Shell(); err != nil {
		t.Fatal(err)
	}
	return &shell{s, in, out}
}

func (s *shell) wants(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if strings.Contains(s.out.String(), text) {
			return
		}
	}
	t.Fatalf("no %q in %q", text, s.out.String())
}

func TestASession(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	c, err := d.dial("whatever", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := d.shell(t, c, 100, 30)
	s.wants(t, "\x1b[?1049h")
	s.wants(t, "shared user=ana size=100x30")
	s.wants(t, "\x1b]2;ticktop ana\x07")
	s.wants(t, "\x1b[?1002h")
	if err := s.WindowChange(20, 90); err != nil {
		t.Fatal(err)
	}
	s.wants(t, "size=90x20")
	fmt.Fprint(s.in, "y")
	s.wants(t, "\x1b]52;c;Y29waWVk")
	fmt.Fprint(s.in, "?")
	s.wants(t, "ALONE")
	fmt.Fprint(s.in, "q")
	if err := s.Wait(); err != nil {
		t.Errorf("quit ends with %v", err)
	}
	if out := s.out.String(); !strings.HasSuffix(out, "\x1b[?25h\x1b[?1049l") {
		t.Errorf("the terminal is not restored: …%q", out[max(0, len(out)-80):])
	}
}

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
	if c, err := d.dial("ana", offered{ana}, bob); err == nil {
		defer c.Close()
		d.shell(t, c, 80, 24).wants(t, "user=bob")
		t.Log("offering ana's key and signing with bob's is bob")
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

// offered has somebody's public key and cannot sign with it.
type offered struct{ gossh.Signer }

func (o offered) Sign(io.Reader, []byte) (*gossh.Signature, error) {
	return nil, errors.New("not my key")
}

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

func TestCommands(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	for _, tc := range []struct {
		command, out string
		status       int
	}{
		{"snapshot --format json", `{"user":"ana"}`, 3},
		{"/bin/sh", "only snapshot", 2},
		{"scp -t /tmp", "only snapshot", 2},
		{"snapshot; id", "only snapshot", 2},
	} {
		c, err := d.dial("ana", ana)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		out, err := s.CombinedOutput(tc.command)
		var exit *gossh.ExitError
		if !errors.As(err, &exit) || exit.ExitStatus() != tc.status || !strings.Contains(string(out), tc.out) {
			t.Errorf("%s: %q, %v; want %q and status %d", tc.command, out, err, tc.out, tc.status)
		}
		c.Close()
	}
}

func TestTerminals(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	for _, tc := range []struct {
		term       string
		cols, rows uint32
		want       string // on the screen; "" when the terminal is refused
	}{
		{"xterm", 1<<32 - 1, 1<<32 - 1, "size=500x200"},
		{"xterm", 0, 0, "size=80x24"},
		{"xterm", 1, 1, "s"}, // one cell of "shared"
		{"tmux-256color", 120, 40, "size=120x40"},
		{"xt\x1b[2Jerm", 80, 24, ""},
		{"", 80, 24, ""},
		{strings.Repeat("x", 5000), 80, 24, ""},
	} {
		c, err := d.dial("ana", ana)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		out := &safeBuffer{}
		s.Stdout, s.Stderr = out, out
		ok, err := s.SendRequest("pty-req", true, gossh.Marshal(struct {
			Term       string
			C, R, W, H uint32
			Modes      string
		}{tc.term, tc.cols, tc.rows, 0, 0, ""}))
		if err != nil || ok != (tc.want != "") {
			t.Errorf("%.20q %dx%d: %v, %v", tc.term, tc.cols, tc.rows, ok, err)
		}
		if ok {
			if err := s.Shell(); err != nil {
				t.Error(err)
			}
			(&shell{Session: s, out: out}).wants(t, tc.want)
			for range 200 { // a storm of resizes
				var win [16]byte
				binary.BigEndian.PutUint32(win[:], 1<<32-1)
				binary.BigEndian.PutUint32(win[4:], 0)
				if _, err := s.SendRequest("window-change", false, win[:]); err != nil {
					t.Fatal(err)
				}
			}
			(&shell{Session: s, out: out}).wants(t, "size=500x24")
		}
		c.Close()
	}
}

func TestLimits(t *testing.T) {
	ana := newKey(t)
	t.Run("a key", func(t *testing.T) {
		d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) { o.Limits.PerKey = 2 })
		for i := range 3 {
			c, err := d.dial("ana", ana)
			if (err == nil) != (i < 2) {
				t.Errorf("connection %d: %v", i, err)
			}
			if err == nil {
				defer c.Close()
			}
		}
	})
	t.Run("an address", func(t *testing.T) {
		d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) { o.Limits.PerAddress = 1 })
		c, err := d.dial("ana", ana)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.dial("ana", ana); err == nil {
			t.Error("a second connection of one address")
		}
		c.Close()
	})
	t.Run("silence before login", func(t *testing.T) {
		d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) {
			o.Limits.Handshake, o.Limits.Unauthenticated = 300*time.Millisecond, 5
		})
		var silent []net.Conn
		for range 50 {
			c, err := net.Dial("tcp", d.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			silent = append(silent, c)
		}
		for _, c := range silent {
			_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
			if _, err := io.Copy(io.Discard, c); errors.Is(err, context.DeadlineExceeded) {
				t.Fatal("a silent connection was kept")
			}
		}
		c, err := d.dial("ana", ana)
		if err != nil {
			t.Fatalf("after the silent ones are gone: %v", err)
		}
		c.Close()
	})
}

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
	if !strings.Contains(d.logs.String(), "key removed") {
		t.Error("the reason is not in the log")
	}
	users[1].Pages = []string{"Overview"}
	keys.SetUsers(users[1:])
	d.Recheck()
	_ = b.Wait()
}

func TestAPanicCostsOneSession(t *testing.T) {
	ana, bob := newKey(t), newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}, User{Name: "bob", Keys: []string{line(bob)}}), nil)
	var shells []*shell
	for _, k := range []gossh.Signer{ana, bob} {
		c, err := d.dial("x", k)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		s := d.shell(t, c, 80, 24)
		s.wants(t, "shared")
		shells = append(shells, s)
	}
	fmt.Fprint(shells[0].in, "P")
	shells[0].wants(t, "internal error ")
	_ = shells[0].Wait()
	fmt.Fprint(shells[1].in, "?")
	shells[1].wants(t, "ALONE")
	if out := d.logs.String(); !strings.Contains(out, "session panicked") || !strings.Contains(out, "id=") {
		t.Errorf("no panic in the log: %s", out)
	}
}

func TestIdle(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) { o.Limits.Idle = 2 * time.Second })
	c, err := d.dial("ana", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := d.shell(t, c, 200, 24)
	s.wants(t, "this session closes in")
	if err := s.Wait(); err != nil {
		t.Errorf("an idle session ends with %v", err)
	}
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

func TestAStuckClientIsCut(t *testing.T) {
	ana, bob := newKey(t), newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}, User{Name: "bob", Keys: []string{line(bob)}}), func(o *Options) {
		o.Open = func(p Principal, _ Terminal) (Screen, error) {
			return &storm{fakeScreen{p: p, closed: make(chan struct{})}}, nil
		}
	})
	c, err := d.dial("x", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ch, reqs, err := c.OpenChannel("session", nil) // its data are never read
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(reqs)
	for kind, payload := range map[string][]byte{
		"pty-req": gossh.Marshal(struct {
			Term       string
			C, R, W, H uint32
			Modes      string
		}{"xterm", 500, 200, 0, 0, ""}),
	} {
		if ok, err := ch.SendRequest(kind, true, payload); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if ok, err := ch.SendRequest("shell", true, nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	gone := make(chan struct{})
	go func() { _ = c.Wait(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(60 * time.Second):
		t.Fatal("a client that never reads is still connected")
	}
	if got := d.o.Hub.Stats().Cut; got != 1 {
		t.Errorf("%d terminals cut, want 1", got)
	}
}

// storm redraws everything all the time.
type storm struct{ fakeScreen }

func (s *storm) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := s.fakeScreen.Update(msg)
	return s, cmd
}

func (s *storm) Picture() (broadcast.Picture, bool) {
	p, ok := s.fakeScreen.Picture()
	n := 0
	p.Open = func() (datasource.Feed, error) { return busyFeed{}, nil }
	p.Render = func(*datasource.Snapshot, time.Time) string {
		n++
		return strings.TrimSuffix(strings.Repeat(strings.Repeat(string(rune('A'+n%26)), p.W)+"\n", p.H), "\n")
	}
	return p, ok
}

type busyFeed struct{ quietFeed }

var always = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (busyFeed) Changed() <-chan struct{} { return always }
