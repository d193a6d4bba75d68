package sshd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

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

// TestCommandsWithATerminalEnd: a command looks at no resizes, so nothing may
// wait for it to.
func TestCommandsWithATerminalEnd(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	c, err := d.dial("x", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s.Stdout = &out
	if err := s.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if err := s.WindowChange(10, 80); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Run("snapshot"); err == nil || !strings.Contains(out.String(), "ana") {
		t.Errorf("%v: %q", err, out.String())
	}
}

// TestTurns: one key's commands come one after the other, and all keys' together
// are few.
func TestTurns(t *testing.T) {
	tn := newCommandTurns()
	var now, most, own atomic.Int64
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			key := fmt.Sprint(i)
			if i < 2 {
				key = "loop"
			}
			done, ok := tn.take(t.Context(), key)
			if !ok {
				t.Error("no turn")
				return
			}
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			if key == "loop" && own.Add(1) > 1 {
				t.Error("two of one key at once")
			}
			runtime.Gosched()
			if key == "loop" {
				own.Add(-1)
			}
			now.Add(-1)
			done()
		})
	}
	wg.Wait()
	if most.Load() > maxCommands {
		t.Errorf("%d at once", most.Load())
	}
	settled(t, "nothing is remembered", func() bool { tn.mu.Lock(); defer tn.mu.Unlock(); return len(tn.keys) == 0 })
	done, _ := tn.take(t.Context(), "a")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok := tn.take(ended, "a"); ok {
		t.Error("a turn was given twice")
	}
	done()
}
