//go:build unix

package app

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
)

// jobSignals are what a window and a shell tell a job: its size, and that it
// goes on. SIGTSTP is not among them: a Go program that has once caught it
// cannot be stopped by it any more. ctrl+z is a key here.
type jobSignals struct {
	ch   chan os.Signal
	goes context.CancelFunc // ends the wait of stopping
}

func newJobSignals() *jobSignals {
	s := &jobSignals{ch: make(chan os.Signal, 4), goes: func() {}}
	signal.Notify(s.ch, syscall.SIGWINCH, syscall.SIGCONT)
	return s
}

// watch handles the signals; the function it returns ends that. After a SIGCONT
// retake is called: whatever stopped the job may have come without a warning.
func (s *jobSignals) watch(send func(tea.Msg), retake func()) (stop func()) {
	done := make(chan struct{})
	go func() {
		for {
			var sig os.Signal
			select {
			case sig = <-s.ch:
			case <-done:
				return
			}
			if sig == syscall.SIGCONT {
				retake()
			}
			if w, h, err := term.GetSize(os.Stdout.Fd()); err == nil {
				send(tea.WindowSizeMsg{Width: w, Height: h})
			}
		}
	}()
	return func() { signal.Stop(s.ch); close(done) }
}

// orphaned is after how long a process that has stopped itself, and still runs,
// takes it that nobody is there who could let it go on: the kernel does not stop
// a job without a shell, such as the only program of a container or a window.
const orphaned = 300 * time.Millisecond

// stopping is called when the process is about to stop itself, resumed when it
// goes on, both from one goroutine.
func (s *jobSignals) stopping() {
	ctx, cancel := context.WithCancel(context.Background())
	s.goes = cancel
	// Bubble Tea waits for a SIGCONT. In a process that was stopped this loop is,
	// too, and one more when it goes on changes nothing.
	go func() {
		for {
			select {
			case <-time.After(orphaned):
				_ = syscall.Kill(os.Getpid(), syscall.SIGCONT)
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (s *jobSignals) resumed() { s.goes() }
