//go:build linux || darwin

package e2e

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// limit bounds every wait. It is far from what anything takes, so that a busy
// machine fails nothing.
const limit = 20 * time.Second

// terminal says how a program is started in a pseudo terminal.
type terminal struct {
	args []string // of ticktop
	argv []string // another program in its place
	w, h int      // 120×40 when 0
	env  []string
	dir  string // its own folder when ""
	free bool   // a shell writes to the terminal too
	old  bool   // the terminal measures runes
}

// console is a program in a pseudo terminal, with the screen it drew.
type console struct {
	t      *testing.T
	cmd    *exec.Cmd
	tty    *os.File
	before *unix.Termios

	mu      sync.Mutex
	scr     *screen
	raw     []byte
	changed chan struct{} // closed when something was drawn
	ended   chan struct{}
	err     error
}

// startDemo starts the demo in 120×40, on the tests' own desk, and waits until it is
// drawn.
func startDemo(t *testing.T, args ...string) *console {
	t.Helper()
	c := start(t, terminal{args: append([]string{"demo", "--seed", "1", "--config", desk(t)}, args...)})
	c.until("the demo is drawn", ready)
	c.focused("Quotes") // whose cursor selects what other panels show
	c.press("K")
	c.focused("Account")
	return c
}

// desk is the path of the configuration that the tests type on.
func desk(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("testdata/desk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// ready: the overview of the demo with its values.
func ready(s *screen) bool {
	return s.has("EURUSD") && s.has("Balance") && (s.has("redis ●") && s.has("pubsub ●") || s.has("redis *") && s.has("pubsub *"))
}

// environ is an environment without anything of the machine's own.
func environ(dir string, more ...string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "XDG_CONFIG_HOME=" + dir + "/config", "XDG_STATE_HOME=" + dir + "/state",
		"XDG_CACHE_HOME=" + dir + "/cache", "XDG_DATA_HOME=" + dir + "/data", "XDG_RUNTIME_DIR=" + dir,
		"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "TZ=UTC",
	}
	return append(env, more...)
}

func start(t *testing.T, o terminal) *console {
	t.Helper()
	if o.w == 0 {
		o.w, o.h = 120, 40
	}
	if o.dir == "" {
		o.dir = t.TempDir()
	}
	if o.argv == nil {
		o.argv = append([]string{binary}, o.args...)
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatalf("pseudo terminal: %v", err)
	}
	c := &console{t: t, cmd: exec.Command(o.argv[0], o.argv[1:]...), tty: master, changed: make(chan struct{}), ended: make(chan struct{})}
	if c.before, err = unix.IoctlGetTermios(int(slave.Fd()), ioctlGetTermios); err != nil {
		t.Fatal(err)
	}
	answers := make(chan string, 64)
	c.scr = newScreen(o.w, o.h, func(s string) { answers <- s })
	c.scr.free, c.scr.old = o.free, o.old
	if err := pty.Setsize(master, &pty.Winsize{Rows: uint16(o.h), Cols: uint16(o.w)}); err != nil {
		t.Fatal(err)
	}
	c.cmd.Dir, c.cmd.Env = o.dir, environ(o.dir, o.env...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = slave, slave, slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	go func() {
		for s := range answers {
			_, _ = io.WriteString(master, s)
		}
	}()
	drained := make(chan struct{})
	go func() { defer close(drained); defer close(answers); c.read() }()
	go func() {
		c.err = c.cmd.Wait()
		<-drained
		close(c.ended)
	}()
	t.Cleanup(c.close)
	return c
}

func (c *console) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := c.tty.Read(buf)
		c.mu.Lock()
		c.raw = append(c.raw, buf[:n]...)
		c.scr.feed(buf[:n])
		if err != nil {
			c.scr.flush()
		}
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// close ends the program, and fails the test when it ever wrote what it may not.
func (c *console) close() {
	_ = c.cmd.Process.Kill()
	select {
	case <-c.ended:
	case <-time.After(limit):
		c.t.Error("still running after SIGKILL")
	}
	_ = c.tty.Close()
	for _, v := range c.scr.violations {
		c.t.Errorf("terminal: %s", v)
	}
	if c.t.Failed() {
		c.t.Logf("the last screen:\n%s", c.scr)
	}
}

// until waits for a screen that is as wanted.
func (c *console) until(what string, ok func(*screen) bool) {
	c.t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		c.mu.Lock()
		done, changed := c.scr.whole() && ok(c.scr), c.changed
		c.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-c.ended:
			c.mu.Lock()
			done = ok(c.scr)
			c.mu.Unlock()
			if !done {
				c.t.Fatalf("ended (%v) before: %s\n%s", c.err, what, c.text())
			}
			return
		case <-timer.C:
			c.t.Fatalf("not within %v: %s\n%s", limit, what, c.text())
		}
	}
}

// see waits until all of the texts are on the screen.
func (c *console) see(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		c.until("there is "+text, func(s *screen) bool { return s.has(text) })
	}
}

// gone waits until a text is not on the screen.
func (c *console) gone(text string) {
	c.t.Helper()
	c.until("there is no "+text, func(s *screen) bool { return !s.has(text) })
}

// look calls f with the newest whole screen.
func (c *console) look(f func(*screen)) {
	c.t.Helper()
	c.until("the frame is whole", func(s *screen) bool { f(s); return true })
}

// text is the screen as it stands, in the middle of a frame or not.
func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.scr.String()
}

func (c *console) bytes() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.raw)
}

// sequences are what a terminal sends for keys that are no character.
var sequences = map[string]string{
	"tab": "\t", "shift+tab": "\x1b[Z", "enter": "\r", "esc": "\x1b", "space": " ", "backspace": "\x7f",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
	"pgup": "\x1b[5~", "pgdown": "\x1b[6~",
	"ctrl+up": "\x1b[1;5A", "ctrl+down": "\x1b[1;5B", "ctrl+right": "\x1b[1;5C", "ctrl+left": "\x1b[1;5D",
}

// press presses keys, by their names in the key table. After esc wait for its
// effect: with the next key it would be an alt chord.
func (c *console) press(keys ...string) {
	c.t.Helper()
	for _, key := range keys {
		seq, ok := sequences[key]
		switch {
		case ok:
		case strings.HasPrefix(key, "ctrl+") && len(key) == 6:
			seq = string(rune(key[5] & 0x1f))
		default:
			seq = key
		}
		c.typ(seq)
	}
}

// typ sends characters as they are.
func (c *console) typ(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.tty, text); err != nil {
		c.t.Fatalf("typing %q: %v", text, err)
	}
}

// size changes the window.
func (c *console) size(w, h int) {
	c.t.Helper()
	c.mu.Lock()
	c.scr.resize(w, h)
	c.mu.Unlock()
	if err := pty.Setsize(c.tty, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		c.t.Fatal(err)
	}
}

// status waits for the end and returns the exit status, 128 and more for
// signals.
func (c *console) status() int {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(limit):
		c.t.Fatalf("still running\n%s", c.text())
	}
	return exitStatus(c.t, c.err)
}

func exitStatus(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		t.Fatal(err)
	case !exit.Exited():
		return 1000 + int(exit.Sys().(syscall.WaitStatus).Signal()) // killed, not ended
	}
	return exit.ExitCode()
}

// alive waits until the clock of the bar has moved on: keys pressed before
// have been handled, and the program goes on.
func (c *console) alive() {
	c.t.Helper()
	var now string
	c.look(func(s *screen) { now = clock(s) })
	c.until("the clock goes on", func(s *screen) bool { t := clock(s); return t != "" && t != now })
	c.look(func(s *screen) { now = clock(s) })
	c.until("the clock goes on", func(s *screen) bool { t := clock(s); return t != "" && t != now })
}

var timeOfDay = regexp.MustCompile(`\d\d:\d\d:\d\d`)

// clock is the time of day in the corner of the bar.
func clock(s *screen) string {
	return timeOfDay.FindString(s.line(0))
}
