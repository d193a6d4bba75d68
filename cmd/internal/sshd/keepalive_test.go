//go:build linux

package sshd

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"ticktop/datasource/testkit/servertest"
)

// TestKeepAlive_Overdue: a client that could have answered is told from one that
// the network has lost.
func TestKeepAlive_Overdue(t *testing.T) {
	asked := time.Now()
	type look struct {
		after   time.Duration
		acked   uint64
		lastAck time.Duration
	}
	for _, tc := range []struct {
		name  string
		looks []look
		want  time.Duration // when it is cut; 0: never
	}{
		{"stopped", []look{{2 * time.Second, 1100, 2 * time.Second}, {4 * time.Second, 1100, 3 * time.Second}, {6 * time.Second, 1100, 5 * time.Second}}, 6 * time.Second},
		{"stopped, frames go on", []look{{2 * time.Second, 5000, 0}, {4 * time.Second, 9000, 0}, {6 * time.Second, 9900, 0}}, 6 * time.Second},
		{"no network", []look{{6 * time.Second, 900, 8 * time.Second}, {30 * time.Second, 900, 32 * time.Second}, {44 * time.Second, 900, 46 * time.Second}}, 0},
		{"no network for long", []look{{44 * time.Second, 900, 46 * time.Second}, {46 * time.Second, 900, 48 * time.Second}}, 46 * time.Second},
		{"asked when the network was gone already", []look{{6 * time.Second, 1000, 9 * time.Second}}, 0},
		{"a slow line", []look{{2 * time.Second, 200, 0}, {4 * time.Second, 400, 0}, {6 * time.Second, 600, 0}, {8 * time.Second, 800, 0}}, 0},
		{"a slow line, then stopped", []look{{6 * time.Second, 600, 0}, {10 * time.Second, 1000, 0}, {11 * time.Second, 1100, 0}, {12 * time.Second, 1100, 0}}, 12 * time.Second},
	} {
		q := question{asked: asked, before: 1000}
		cut := time.Duration(0)
		for _, l := range tc.looks {
			if q.overdue(asked.Add(l.after), link{acked: l.acked, lastAck: l.lastAck}, true) && cut == 0 {
				cut = l.after
			}
		}
		if cut != tc.want {
			t.Errorf("%s: cut after %v, want %v", tc.name, cut, tc.want)
		}
	}
	q := question{asked: asked}
	if q.overdue(asked.Add(19*time.Second), link{}, false) || !q.overdue(asked.Add(21*time.Second), link{}, false) {
		t.Error("where nothing is known it takes another time")
	}
}

// TestKeepAlive_StoppedClientIsCut: OpenSSH's client is stopped (ctrl+z of its
// shell, a frozen machine) while its dashboard is quiet, and while it is busy.
func TestKeepAlive_StoppedClientIsCut(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	for name, busy := range map[string]bool{"quiet": false, "busy": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOpenSSH(t, "")
			d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{o.key("ana")}}), func(opt *Options) {
				if busy {
					opt.Open = func(p Principal, _ Terminal) (Screen, error) {
						return &storm{fakeScreen{p: p, closed: make(chan struct{})}}, nil
					}
				}
			})
			o.addr = d.addr
			cmd := exec.Command("ssh", o.args("ana", "-tt")...)
			cmd.Env = append(os.Environ(), "TERM=xterm-256color")
			tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait(); tty.Close() }()
			go func() {
				b := make([]byte, 64<<10)
				for {
					if _, err := tty.Read(b); err != nil {
						return
					}
				}
			}()
			settled(t, "the session is open", func() bool { return d.Sessions() == 1 })
			time.Sleep(4 * time.Second) // a question is answered
			if d.Sessions() != 1 {
				t.Fatal("a client that answers was cut")
			}
			if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			settled(t, "the session is over", func() bool { return d.Sessions() == 0 })
			took := time.Since(begun)
			servertest.Measured(t, "SSH client is stopped, dashboard "+name, 10*time.Second, took, "it is cut")
			if took > 10*time.Second {
				t.Errorf("cut after %v", took)
			}
			logs := d.logs.String()
			if !strings.Contains(logs, `reason="no answer"`) && !strings.Contains(logs, "terminal stopped reading") {
				t.Errorf("the reason is not in the log: %s", logs)
			}
		})
	}
}
