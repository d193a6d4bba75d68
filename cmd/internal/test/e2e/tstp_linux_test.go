package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// state returns the letter of a process's state.
func state(pid int) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "gone"
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return rest[:1]
}

// TestSuspendFromOutside: a SIGTSTP that no key sent gives the terminal to the
// shell, as ctrl+z does, and fg takes it again (case 36).
func TestSuspendFromOutside(t *testing.T) {
	t.Parallel()
	c := start(t, terminal{argv: []string{"sh", "-i"}, env: []string{"PS1=prompt> ", "ENV="}, free: true})
	c.see("prompt>")
	c.typ("sh -c 'echo pid-$$-; exec " + binary + " demo --config " + desk(t) + "'\n")
	c.until("the demo is drawn", func(s *screen) bool { return s.modes[1049] && ready(s) })
	pid, _ := strconv.Atoi(regexp.MustCompile(`pid-(\d+)-`).FindStringSubmatch(c.bytes())[1])
	for range 3 {
		if err := syscall.Kill(pid, syscall.SIGTSTP); err != nil {
			t.Fatal(err)
		}
		c.until("the shell is back", func(s *screen) bool { return !s.modes[1049] && !s.modes[1002] && !s.modes[2004] && s.modes[25] })
		c.until("the shell says so", func(s *screen) bool {
			_, after, ok := strings.Cut(string(c.raw), "Stopped")
			return ok && strings.Contains(after, "prompt>")
		})
		servertest.Until(t, 5*time.Second, "the process is stopped", func() bool { return state(pid) == "T" })
		c.typ("echo back-$((40+2))\n")
		c.until("the shell works", func(s *screen) bool { return strings.Contains(string(c.raw), "back-42") })
		c.mu.Lock()
		c.raw = nil
		c.mu.Unlock()
		c.typ("fg\n")
		c.until("the dashboard is back", func(s *screen) bool { return s.modes[1049] && s.modes[1002] && ready(s) })
		c.alive()
	}
	c.press("ctrl+z") // the key works as before
	c.until("the shell is back", func(s *screen) bool { return !s.modes[1049] && strings.Contains(string(c.raw), "Stopped") })
	c.typ("fg\n")
	c.until("the dashboard is back", func(s *screen) bool { return s.modes[1049] && ready(s) })
	c.press("q")
	c.until("the shell is back", func(s *screen) bool { return !s.modes[1049] })
	c.typ("exit $?\n")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	c.restored()
}

// TestSuspendFromOutsideWithoutShell: the kernel does not stop the only program of
// a window or a container; whoever asked for it from outside means it (case 36).
func TestSuspendFromOutsideWithoutShell(t *testing.T) {
	t.Parallel()
	c := startDemo(t)
	pid := c.cmd.Process.Pid
	for range 2 {
		_ = c.cmd.Process.Signal(syscall.SIGTSTP)
		c.until("the terminal is given back", func(s *screen) bool { return !s.modes[1049] && !s.modes[1002] && s.modes[25] })
		servertest.Until(t, 5*time.Second, "the process is stopped", func() bool { return state(pid) == "T" })
		_ = c.cmd.Process.Signal(syscall.SIGCONT)
		c.until("the dashboard is back", func(s *screen) bool { return s.modes[1049] && s.modes[1002] && ready(s) })
		c.alive()
	}
	_ = c.cmd.Process.Signal(syscall.SIGTSTP)
	servertest.Until(t, 5*time.Second, "the process is stopped", func() bool { return state(pid) == "T" })
	_ = c.cmd.Process.Signal(syscall.SIGCONT) // ended while it is in the background
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	if got := c.status(); got != 143 {
		t.Errorf("exit status %d", got)
	}
	c.restored()
}
