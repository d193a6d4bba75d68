//go:build bench

package sshd_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"charm.land/wish/v2"
	bm "charm.land/wish/v2/bubbletea"
	"github.com/charmbracelet/colorprofile"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/sshd"
	"ticktop/cmd/internal/test/peers"
)

// TestScale measures what a session costs: `ticktop serve --demo` against a
// stock server, wish's Bubble Tea middleware with the same dashboard and one
// renderer a session, in turn, each in a process of its own, under the same
// clients and ticks. It prints figures; it fails only when something breaks.
//
//	go test -tags bench -run TestScale -v ./cmd/internal/sshd/ -args -scale 100,1000
func TestScale(t *testing.T) {
	if role := os.Getenv("TICKTOP_SCALE_ROLE"); role != "" {
		serveRole(t, role)
		return
	}
	counts := os.Getenv("TICKTOP_SCALE")
	if counts == "" {
		counts = "50:50,100:0,1000:0"
	}
	fmt.Printf("# %s, %d cores, %s\n", runtime.GOARCH, runtime.NumCPU(), time.Now().Format(time.DateOnly))
	fmt.Println("| server | sessions | pages | frames/s a session | server CPU % of a core | CPU ms a session-frame | RSS MB | KB a session | kB/s a session |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, c := range strings.Split(counts, ",") {
		ours, stock, _ := strings.Cut(c, ":")
		n, _ := strconv.Atoi(ours)
		m, _ := strconv.Atoi(stock)
		if m > 0 {
			measure(t, "stock", m, 2)
		}
		measure(t, "shared", n, 2)
	}
	if n, _ := strconv.Atoi(os.Getenv("TICKTOP_SCALE_DIFFERENT")); n > 0 {
		measure(t, "different", n, n)
	}
}

// serveRole is the child process: a server that prints its address.
func serveRole(t *testing.T, role string) {
	log := slog.New(slog.DiscardHandler)
	env, err := config.NewEnv(func(string) (string, bool) { return "", false }, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := config.Options{Env: env}
	c, err := app.DemoConfig(o, 24)
	if err != nil {
		t.Fatal(err)
	}
	o.Env = env
	demo := app.StartDemo(app.DemoOptions{Seed: 1, Rate: 1000, Symbols: 24}, log)
	defer demo.Close()
	a, err := app.New(app.Options{Load: o, Config: c, Demo: demo, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if role == "stock" {
		serveStock(t, a)
		return
	}
	err = a.Serve(t.Context(), app.ServeOptions{
		Listen: "127.0.0.1:0", HostKey: filepath.Join(t.TempDir(), "k"), MaxSessions: 5000, Anonymous: true,
	}, func(addr net.Addr) { fmt.Println("LISTENING", addr) })
	if err != nil {
		t.Fatal(err)
	}
}

// serveStock is the baseline: what wish's documentation shows.
func serveStock(t *testing.T, a *app.App) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := wish.NewServer(
		wish.WithHostKeyPath(filepath.Join(t.TempDir(), "k")),
		wish.WithMiddleware(bm.Middleware(func(s ssh.Session) (tea.Model, []tea.ProgramOption) {
			m, err := peers.StockModel(a, sshd.Terminal{Term: "xterm-256color", Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, Profile: colorprofile.TrueColor, Cols: 160, Rows: 45})
			if err != nil {
				t.Error(err)
			}
			return m, append(bm.MakeOptions(s), tea.WithFPS(10))
		})))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("LISTENING", l.Addr())
	_ = srv.Serve(l)
}

type child struct {
	cmd  *exec.Cmd
	addr string
}

func start(t *testing.T, role string) *child {
	cmd := exec.Command(os.Args[0], "-test.run", "^TestScale$", "-test.timeout", "30m")
	if role == "different" {
		role = "shared"
	}
	cmd.Env = append(os.Environ(), "TICKTOP_SCALE_ROLE="+role)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(out)
	for sc.Scan() {
		if addr, ok := strings.CutPrefix(sc.Text(), "LISTENING "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &child{cmd, addr}
		}
	}
	t.Fatalf("%s did not start", role)
	return nil
}

// cpu returns the processor seconds, and rss the resident bytes, of the child.
func (c *child) usage(t *testing.T) (cpu float64, rss float64) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+2:]))
	u, _ := strconv.ParseFloat(f[11], 64)
	s, _ := strconv.ParseFloat(f[12], 64)
	pages, _ := strconv.ParseFloat(f[21], 64)
	return (u + s) / 100, pages * float64(os.Getpagesize())
}

// viewer counts what one session is sent, and answers as a terminal would that
// knows synchronised updates, so that both servers mark their frames.
type viewer struct {
	frames, bytes atomic.Int64
	in            io.Writer
}

func (v *viewer) Write(b []byte) (int, error) {
	v.bytes.Add(int64(len(b)))
	if bytes.Contains(b, []byte("\x1b[?2026$p")) {
		go fmt.Fprint(v.in, "\x1b[?2026;2$y")
	}
	v.frames.Add(int64(bytes.Count(b, []byte("\x1b[?2026h"))))
	return len(b), nil
}

func measure(t *testing.T, role string, n, pages int) {
	c := start(t, role)
	defer func() { _ = c.cmd.Process.Kill(); _ = c.cmd.Wait() }()
	_, empty := c.usage(t)
	views := make([]*viewer, n)
	var wg sync.WaitGroup
	requestFilter := make(chan struct{}, 8)
	for i := range views {
		views[i] = &viewer{}
		requestFilter <- struct{}{}
		wg.Go(func() {
			defer func() { <-requestFilter }()
			if err := view(c.addr, views[i], role, i, pages); err != nil {
				t.Errorf("session %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	time.Sleep(3 * time.Second)
	const span = 10 * time.Second
	count := func() (frames, bytes int64) {
		for _, v := range views {
			frames += v.frames.Load()
			bytes += v.bytes.Load()
		}
		return
	}
	f0, b0 := count()
	cpu0, _ := c.usage(t)
	began := time.Now()
	time.Sleep(span)
	f1, b1 := count()
	cpu1, rss := c.usage(t)
	secs := time.Since(began).Seconds()
	frames, cpu := float64(f1-f0), cpu1-cpu0
	fmt.Printf("| %s | %d | %d | %.1f | %.0f | %.3f | %.0f | %.0f | %.1f |\n", role, n, pages,
		frames/secs/float64(n), 100*cpu/secs, 1000*cpu/max(frames, 1), rss/1e6, (rss-empty)/1e3/float64(n), float64(b1-b0)/1e3/secs/float64(n))
}

// view opens one session and leaves it running. "different" gives every
// session a size of its own, so that nothing can be shared.
func view(addr string, v *viewer, role string, i, pages int) error {
	cl, err := gossh.Dial("tcp", addr, &gossh.ClientConfig{User: "x", HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: 60 * time.Second}) //nolint:gosec // our own child
	if err != nil {
		return err
	}
	s, err := cl.NewSession()
	if err != nil {
		return err
	}
	in, err := s.StdinPipe()
	if err != nil {
		return err
	}
	s.Stdout, v.in = v, in
	w, h := 160, 45
	if role == "different" {
		w, h = 130+i%60, 40+i/60
	}
	_ = s.Setenv("COLORTERM", "truecolor")
	if err := s.RequestPty("xterm-256color", h, w, gossh.TerminalModes{}); err != nil {
		return err
	}
	if err := s.Shell(); err != nil {
		return err
	}
	if role != "different" {
		fmt.Fprintf(in, "%d", 1+2*(i%pages)) // the pages that tick: 1 and 3
	}
	return nil
}
