//go:build linux || darwin

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"ticktop/datasource/testkit/servertest"
)

// console is ticktop in a pseudo terminal of 120×40.
type console struct {
	t    *testing.T
	cmd  *exec.Cmd
	pty  *os.File
	done chan error

	mu  sync.Mutex
	out bytes.Buffer
}

func startConsole(t *testing.T, args ...string) *console {
	t.Helper()
	c := &console{t: t, cmd: exec.Command("ticktop", args...), done: make(chan error, 1)}
	dir := t.TempDir()
	c.cmd.Dir = dir
	c.cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=xterm-256color", "COLORTERM=truecolor", "XDG_STATE_HOME="+dir, "LANG=C.UTF-8")
	f, err := pty.StartWithSize(c.cmd, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		servertest.Skip(t, "no pseudo terminal: %v", err)
	}
	c.pty = f
	read := make(chan struct{})
	go func() {
		defer close(read)
		buf := make([]byte, 32<<10)
		for {
			n, err := f.Read(buf)
			c.mu.Lock()
			c.out.Write(buf[:n])
			c.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	go func() {
		err := c.cmd.Wait()
		select {
		case <-read:
		case <-time.After(time.Second): // the terminal stays open here
		}
		c.done <- err
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		_ = f.Close()
	})
	return c
}

func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

// waitFor waits until the terminal was sent a text.
func (c *console) waitFor(text string) {
	c.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !strings.Contains(c.text(), text) {
		if time.Now().After(deadline) {
			c.t.Fatalf("%q was not drawn; the last was %q", text, tail(c.text()))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func tail(s string) string { return s[max(0, len(s)-400):] }

func (c *console) press(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.pty, keys); err != nil {
		c.t.Fatal(err)
	}
}

// wait returns the exit status, which must come within the contract's time.
func (c *console) wait() int {
	c.t.Helper()
	select {
	case err := <-c.done:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		if err != nil {
			c.t.Fatal(err)
		}
		return 0
	case <-time.After(exitLimit + 5*time.Second):
		c.t.Fatalf("still running; the last was %q", tail(c.text()))
		return -1
	}
}

// restored checks that the terminal is as it was: main screen, cursor, no
// mouse, and cooked.
func (c *console) restored(before unix.Termios) {
	c.t.Helper()
	out := c.text()
	last := func(s string) int { return strings.LastIndex(out, s) }
	if last("\x1b[?1049l") < last("\x1b[?1049h") {
		c.t.Error("the alternate screen was not left")
	}
	if last("\x1b[?25h") < last("\x1b[?25l") {
		c.t.Error("the cursor was not shown again")
	}
	if last("\x1b[?1002l") < last("\x1b[?1002h") {
		c.t.Error("the mouse was not released")
	}
	after, err := unix.IoctlGetTermios(int(c.pty.Fd()), ioctlGetTermios)
	if err != nil {
		c.t.Fatal(err)
	}
	if after.Lflag != before.Lflag || after.Oflag != before.Oflag || after.Iflag != before.Iflag {
		c.t.Errorf("terminal modes differ: %+v, were %+v", after, before)
	}
}

func TestTerminalIsRestored(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(c *console)
		want int
	}{
		{"q", func(c *console) { c.press("q") }, 0},
		{"ctrl+c", func(c *console) { c.press("\x03") }, 0},
		{"SIGTERM", func(c *console) { _ = c.cmd.Process.Signal(syscall.SIGTERM) }, 143},
		{"SIGINT", func(c *console) { _ = c.cmd.Process.Signal(syscall.SIGINT) }, 130},
		{"SIGHUP", func(c *console) { _ = c.cmd.Process.Signal(syscall.SIGHUP) }, 129},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			probe, tty, err := pty.Open()
			if err != nil {
				servertest.Skip(t, "no pseudo terminal: %v", err)
			}
			before, err := unix.IoctlGetTermios(int(tty.Fd()), ioctlGetTermios)
			_, _ = probe.Close(), tty.Close()
			if err != nil {
				t.Fatal(err)
			}
			con := startConsole(t, "demo")
			con.waitFor("EURUSD")
			c.end(con)
			if got := con.wait(); got != c.want {
				t.Errorf("exit status %d, want %d", got, c.want)
			}
			con.restored(*before)
			if strings.Contains(con.text(), "goroutine ") {
				t.Error("a stack was printed")
			}
		})
	}
}

// drawnAgain waits for a whole picture after what was written before.
func (c *console) drawnAgain(before int) {
	c.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		text := c.text()[before:]
		if _, after, ok := strings.Cut(text, "\x1b[?1049h"); ok && strings.Contains(after, "EURUSD") {
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("not drawn again; the last was %q", tail(c.text()))
		}
	}
}

// TestSuspend: where there is no shell to suspend to, such as in a container,
// ctrl+z is no end: the kernel does not stop the process, and it goes on. What
// happens in a shell is for e2e.
func TestSuspend(t *testing.T) {
	c := startConsole(t, "demo")
	c.waitFor("EURUSD")
	for range 2 {
		before := len(c.text())
		c.press("\x1a")
		c.drawnAgain(before)
		if !strings.Contains(c.text()[before:], "\x1b[?1049l") {
			t.Error("the terminal was not given away first")
		}
	}
	c.press("q")
	if got := c.wait(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// TestStopped: a SIGSTOP comes without a warning, and the shell, which has the terminal
// meanwhile leaves it as they like it.
func TestStopped(t *testing.T) {
	c := startConsole(t, "demo")
	c.waitFor("EURUSD")
	raw, err := unix.IoctlGetTermios(int(c.pty.Fd()), ioctlGetTermios)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	cooked := *raw
	cooked.Lflag |= unix.ICANON | unix.ECHO
	if err := unix.IoctlSetTermios(int(c.pty.Fd()), ioctlSetTermios, &cooked); err != nil {
		t.Fatal(err)
	}
	before := len(c.text())
	if err := c.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	c.drawnAgain(before)
	after, err := unix.IoctlGetTermios(int(c.pty.Fd()), ioctlGetTermios)
	if err != nil || after.Lflag != raw.Lflag {
		t.Errorf("not raw again: %v, %+v", err, after)
	}
	c.press("q")
	if got := c.wait(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// heldDemo is the demo on a terminal that nobody reads, until its writes wait.
func heldDemo(t *testing.T) (cmd *exec.Cmd, master, tty *os.File, before *unix.Termios) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		servertest.Skip(t, "no pseudo terminal: %v", err)
	}
	t.Cleanup(func() { _, _ = master.Close(), tty.Close() })
	if before, err = unix.IoctlGetTermios(int(tty.Fd()), ioctlGetTermios); err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 40, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd = exec.Command("ticktop", "demo")
	cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=xterm-256color", "XDG_STATE_HOME="+dir, "LANG=C.UTF-8")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // and no controlling terminal: no SIGHUP
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, master, tty, before
}

// ends waits for the end of cmd and returns its exit status.
func ends(t *testing.T, cmd *exec.Cmd, limit time.Duration) int {
	t.Helper()
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	select {
	case <-done:
		return cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		t.Fatalf("still running after %v", limit)
		return -1
	}
}

// TestHeldTerminal: a terminal that takes nothing (ctrl+s, a dead line) does not
// keep the program, and is cooked when that ends; so it is when a second signal
// means now.
func TestHeldTerminal(t *testing.T) {
	for _, n := range []int{1, 2} {
		cmd, master, tty, before := heldDemo(t)
		full := func() bool { // what is written waits when there is as much as fits
			a, err := unix.IoctlGetInt(int(master.Fd()), ioctlWaiting)
			time.Sleep(time.Second)
			b, _ := unix.IoctlGetInt(int(master.Fd()), ioctlWaiting)
			return err != nil || a > 0 && a == b
		}
		for deadline := time.Now().Add(20 * time.Second); !full() && time.Now().Before(deadline); {
		}
		for range n {
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
		if got := ends(t, cmd, exitLimit); got != 143 {
			t.Errorf("%d signals: exit status %d", n, got)
		}
		after, err := unix.IoctlGetTermios(int(tty.Fd()), ioctlGetTermios)
		if err != nil || after.Lflag != before.Lflag || after.Oflag != before.Oflag || after.Iflag != before.Iflag {
			t.Errorf("%d signals: terminal modes are %+v, were %+v (%v)", n, after, before, err)
		}
	}
}

// TestTerminalGone: without a terminal there is nothing to do, even when no
// signal says that it has gone.
func TestTerminalGone(t *testing.T) {
	cmd, master, tty, _ := heldDemo(t)
	buf := make([]byte, 32<<10)
	for seen := ""; !strings.Contains(seen, "EURUSD"); {
		n, err := master.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		seen += string(buf[:n])
	}
	_, _ = tty.Close(), master.Close()
	if got := ends(t, cmd, exitLimit); got != 1 {
		t.Errorf("exit status %d", got)
	}
}

// TestResize: the picture follows the window.
func TestResize(t *testing.T) {
	c := startConsole(t, "demo")
	c.waitFor("EURUSD")
	if err := pty.Setsize(c.pty, &pty.Winsize{Rows: 10, Cols: 40}); err != nil {
		t.Fatal(err)
	}
	c.waitFor("60×16")
	c.press("q")
	c.wait()
}

// TestReload edits the configuration under a running dashboard: a good one is
// taken over, a broken one leaves the last good one up and says why.
func TestReload(t *testing.T) {
	c := startConsole(t, "--redis", "redis://127.0.0.1:1/0", "--config", writeConfig(t, "One"))
	path := c.cmd.Args[4]
	c.waitFor("One")
	replaceFile(t, path, pageConfig("Two"))
	c.waitFor("Two")
	replaceFile(t, path, "pages: [{nme: Three}]\n")
	c.waitFor("config not reloaded")
	replaceFile(t, path, pageConfig("Four"))
	c.waitFor("Four")
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	c.waitFor("is gone")
	replaceFile(t, path, pageConfig("Five"))
	c.waitFor("Five")
	c.press("q")
	if got := c.wait(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

func pageConfig(name string) string {
	return "data: {hits: {string: hits}}\npages:\n  - name: " + name + "\n    rows: [{widgets: [{type: text, data: hits}]}]\n"
}

func writeConfig(t *testing.T, name string) string {
	t.Helper()
	path := t.TempDir() + "/ticktop.yaml"
	if err := os.WriteFile(path, []byte(pageConfig(name)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// replaceFile saves as editors do: a new file, renamed into place.
func replaceFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}
