package sshd

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
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

func (f *fakeScreen) SharedView() (broadcast.View, bool) {
	if f.solo || f.w == 0 {
		return broadcast.View{}, false
	}
	text := f.text()
	return broadcast.View{
		Key: text, W: f.w, H: f.h,
		Open:   func() (datasource.Feed, error) { return quietFeed{}, nil },
		Render: func(*datasource.Snapshot, time.Time) string { return "shared " + text },
	}, true
}

func (f *fakeScreen) Title() string { return "ticktop " + f.p.Name }

func (f *fakeScreen) Mouse() tea.MouseMode { return tea.MouseModeCellMotion }

func (f *fakeScreen) Notice(s datasource.Safe) { f.notice = s.String() }

func (f *fakeScreen) Close() { close(f.closed) }

type quietFeed struct{}

func (quietFeed) Snapshot() *datasource.Snapshot {
	return datasource.NewSnapshot(time.Time{}, 0, nil, nil, nil)
}

func (quietFeed) Changed() <-chan struct{} { return nil }

func (quietFeed) Refresh(...string) {}

func (quietFeed) History(string) []datasource.Past { return nil }

func (quietFeed) Close() {}

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
	logs := &safeBuffer{}
	hub := broadcast.NewHub(broadcast.Options{
		Interval: 20 * time.Millisecond, StuckAfter: 2 * time.Second, Logger: slog.New(slog.NewTextHandler(logs, nil)),
	})
	t.Cleanup(hub.Close)
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

// settled waits until f holds.
func settled(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func newKey(tb testing.TB) gossh.Signer {
	tb.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := gossh.NewSignerFromKey(k)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func line(s gossh.Signer) string {
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(s.PublicKey())))
}

func listen(tb testing.TB) net.Listener {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	return l
}
