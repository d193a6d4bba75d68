//go:build linux || darwin

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ticktop/datasource/testkit/servertest"
)

// restored checks that the terminal is as it was before: main screen, cursor,
// no mouse, pastes as ever, and cooked.
func (c *console) restored() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.scr.modes[25] {
		c.t.Error("the cursor was not shown again")
	}
	if !c.scr.modes[7] {
		c.t.Error("lines do not wrap any more")
	}
	for mode, what := range map[int]string{1049: "the alternate screen", 1002: "the mouse", 1003: "the mouse", 1006: "the mouse", 2004: "bracketed paste", 2026: "synchronised output"} {
		if c.scr.modes[mode] {
			c.t.Errorf("%s was not left", what)
		}
	}
	after, err := unix.IoctlGetTermios(int(c.tty.Fd()), ioctlGetTermios)
	if err != nil {
		c.t.Fatal(err)
	}
	if after.Lflag != c.before.Lflag || after.Oflag != c.before.Oflag || after.Iflag != c.before.Iflag || after.Cflag != c.before.Cflag {
		c.t.Errorf("terminal modes are %+v, were %+v", after, c.before)
	}
	for _, word := range []string{"goroutine ", "panic"} {
		if strings.Contains(string(c.raw), word) {
			c.t.Errorf("a stack was printed")
		}
	}
}

// TestQuit: q and ctrl+c end the program in good order; q closes first what is
// open, ctrl+c does not ask.
func TestQuit(t *testing.T) {
	t.Parallel()
	c := startDemo(t)
	for _, box := range []struct{ key, title string }{{"?", "Help"}, {"E", "Problems and state changes"}, {"!", "Alerts"}, {"T", "Theme"}, {"F", "Faults"}} {
		c.press(box.key)
		c.open(box.title)
		c.press("q")
		c.shut(box.title)
	}
	c.press("z")
	c.until("one panel", func(s *screen) bool { p, _ := s.panels(); return len(p) == 1 })
	c.press("q")
	c.until("all panels", func(s *screen) bool { p, _ := s.panels(); return len(p) == 9 })
	c.press("q")
	if got := c.status(); got != 0 {
		t.Errorf("q: exit status %d", got)
	}
	c.restored()

	c = startDemo(t)
	c.press("?")
	c.open("Help")
	c.press("ctrl+c")
	if got := c.status(); got != 0 {
		t.Errorf("ctrl+c: exit status %d", got)
	}
	c.restored()
}

// TestSignals: whatever ends it, and whatever goes on, the terminal is given
// back and the exit status tells the signal.
func TestSignals(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	for _, s := range []struct {
		signal syscall.Signal
		status int
	}{{syscall.SIGTERM, 143}, {syscall.SIGHUP, 129}, {syscall.SIGINT, 130}, {syscall.SIGQUIT, 131}, {syscall.SIGABRT, 134}} {
		for _, hung := range []bool{false, true} {
			t.Run(s.signal.String()+map[bool]string{true: " while redis hangs"}[hung], func(t *testing.T) {
				var c *console
				if hung {
					c = start(t, terminal{args: []string{"--redis", redis.URL()}})
					c.see("redis ●")
					redis.Stop()
					defer redis.Cont()
					c.see("no answer")
				} else {
					c = startDemo(t)
				}
				begin := time.Now()
				if err := c.cmd.Process.Signal(s.signal); err != nil {
					t.Fatal(err)
				}
				if got := c.status(); got != s.status {
					t.Errorf("exit status %d, want %d", got, s.status)
				}
				servertest.Measured(t, "SIGTERM, SIGHUP, SIGINT", 5*time.Second, time.Since(begin), "terminal restored and ended, while Redis hangs too")
				c.restored()
			})
		}
	}
}

// TestSuspend: in a shell, ctrl+z gives the terminal back and fg takes it, with
// the dashboard as it was.
func TestSuspend(t *testing.T) {
	t.Parallel()
	c := start(t, terminal{argv: []string{"sh", "-i"}, env: []string{"PS1=prompt> ", "ENV="}, free: true})
	c.see("prompt>")
	c.typ(binary + " demo --config " + desk(t) + "\n")
	c.until("the demo is drawn", func(s *screen) bool { return s.modes[1049] && ready(s) })
	c.press("2")
	c.onPage(1)
	// A question that is still on its way would be answered to the shell.
	c.until("the background was asked for", func(s *screen) bool { return strings.Contains(string(c.raw), "\x1b]11;?") })
	for range 2 {
		c.press("ctrl+z")
		c.until("the shell is back", func(s *screen) bool { return !s.modes[1049] && !s.modes[1002] && s.modes[25] })
		// The screen is given back a moment before the job stops; what is typed in
		// between is nobody's.
		c.until("the shell says so", func(s *screen) bool {
			_, after, ok := strings.Cut(string(c.raw), "Stopped")
			return ok && strings.Contains(after, "prompt>")
		})
		c.typ("echo back-$((40+2))\n")
		c.until("the shell works", func(s *screen) bool { return strings.Contains(string(c.raw), "back-42") })
		c.mu.Lock()
		c.raw = nil
		c.mu.Unlock()
		c.typ("fg\n")
		c.until("the dashboard is back", func(s *screen) bool { return s.modes[1049] && s.modes[1002] && s.has(pages[1].only) })
		c.onPage(1)
		c.alive()
	}
	c.press("q")
	c.until("the shell is back", func(s *screen) bool { return !s.modes[1049] })
	c.typ("exit $?\n")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	c.restored()
}

// TestBrokenConfig: one line with file, line and column, its excerpt, and no
// screen.
func TestBrokenConfig(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "ticktop.yaml")
	if err := os.WriteFile(path, []byte("data: {hits: {string: hits}}\npages:\n  - nme: One\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		args []string
		want []string
	}{
		{"unknown key", []string{"--config", path}, []string{"ticktop: " + path + ":3:5: unknown key \"nme\"", "did you mean", "nme: One"}},
		{"found by itself", nil, []string{":3:5: unknown key \"nme\""}},
		{"no such file", []string{"--config", dir + "/none.yaml"}, []string{"none.yaml: cannot be read"}},
		{"wrong scheme", []string{"--redis", "http://localhost:6379", "--config", desk(t)}, []string{`unknown scheme`}},
		{"wrong port", []string{"--redis", "redis://localhost:x/0", "--config", desk(t)}, []string{"ticktop: "}},
		{"wrong theme", []string{"--theme", "pink", "--config", desk(t)}, []string{"ticktop: ", "pink"}},
		{"wrong account", []string{"--account", "..", "--config", desk(t)}, []string{"ticktop: --account"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := start(t, terminal{args: tc.args, dir: dir, w: 200, h: 20})
			if got := c.status(); got != 2 {
				t.Errorf("exit status %d, want 2", got)
			}
			for _, want := range tc.want {
				if !strings.Contains(c.bytes(), want) {
					t.Errorf("%q does not say %q", c.bytes(), want)
				}
			}
			if strings.Contains(c.bytes(), "\x1b[?1049h") {
				t.Error("a screen was opened for it")
			}
			c.restored()
		})
	}
}

// TestWrongPassword: the screen says so, the password is shown nowhere, and
// nothing storms the server.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t, servertest.Password("right"))
	c := start(t, terminal{args: []string{"--redis", "redis://:hunter2@" + redis.Addr() + "/0", "--config", desk(t)}})
	c.see("redis ✕", "pubsub ✕", "redis: wrong password", "redis://:PASSWORD@HOST")
	c.press("E")
	c.open("Problems and state changes")
	c.press("q")
	c.shut("Problems and state changes")
	c.press("q")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	if strings.Contains(c.bytes(), "hunter2") {
		t.Error("the password is on the screen")
	}
	c.restored()
}

// TestRedisComesLater: a Redis that is not there at the start is said, waited
// for, and found without a key; what it holds then is shown.
func TestRedisComesLater(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	redis.Kill()
	c := start(t, terminal{args: []string{"--redis", redis.URL(), "--config", desk(t)}})
	c.see("redis ✕", "pubsub ✕", "redis: refused", "is the server running")
	redis.Restart()
	redis.Do("HSET", "account:ACC-1001", "equity", "12345.67", "balance", "11111.11")
	c.see("redis ●", "pubsub ●", "12,345.67", "11,111.11")
	redis.Kill() // the last values stay
	c.see("redis ✕", "12,345.67", "stale")
	redis.Restart()
	redis.Do("HSET", "account:ACC-1001", "equity", "22345.67", "balance", "11111.11")
	c.see("redis ●", "22,345.67")
	c.until("live again", func(s *screen) bool {
		p, ok := s.panel("Account")
		return ok && !strings.Contains(s.line(p.y+p.h-1), "stale")
	})
}

// TestDeadAPI: keys are missing and the API is not there: both causes are said.
func TestDeadAPI(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	proxy := servertest.Proxy(t, "127.0.0.1:1")
	proxy.Set(servertest.Reset)
	c := start(t, terminal{args: []string{"--redis", redis.URL(), "--api", "http://" + proxy.Addr(), "--config", desk(t)}})
	c.see("redis ●", "api ✕")
	c.press("4")
	c.onPage(3)
	c.row("account", "error")
}

// TestFallback: what is not in Redis comes from Django and says so.
func TestFallback(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	api := servertest.Django(t)
	c := start(t, terminal{args: []string{"--redis", redis.URL(), "--api", api.URL(), "--config", desk(t)}, env: []string{"DJANGO_API_TOKEN=" + servertest.DjangoToken}})
	c.until("the account is the API's", func(s *screen) bool {
		p, ok := s.panel("Account")
		return ok && strings.Contains(s.line(p.y+p.h-1), "api")
	})
	c.see("api ●")
	redis.Do("HSET", "account:ACC-1001", "equity", "33333.33")
	c.see("33,333.33")
}
