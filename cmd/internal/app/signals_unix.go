//go:build unix

package app

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
)

// jobSignals are what a window and a shell tell a job: its size, that it is to
// stop, and that it goes on. ctrl+z is a key here, and no signal.
type jobSignals struct {
	ch      chan os.Signal
	stop    *stopSignal
	outside atomic.Bool        // a signal asked for the stop that is under way, not a key
	goes    context.CancelFunc // ends the wait of stopping
}

func newJobSignals() *jobSignals {
	s := &jobSignals{ch: make(chan os.Signal, 4), stop: newStopSignal(), goes: func() {}}
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
			case <-s.stop.received():
				s.outside.Store(true)
				send(tea.SuspendMsg{})
				continue
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
	return func() { signal.Stop(s.ch); close(done); s.stop.end() }
}

// orphaned is after how long a process that has stopped itself, and still runs,
// takes it that it has no shell: the kernel does not stop such a job, as the only
// program of a container or a window is.
const orphaned = 300 * time.Millisecond

// stopping is called when the process is about to stop itself, resumed when it
// goes on, both from one goroutine.
func (s *jobSignals) stopping() {
	ctx, cancel := context.WithCancel(context.Background())
	s.goes = cancel
	s.stop.arm()
	if s.outside.Swap(false) {
		go insist(ctx.Done())
		return
	}
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

func (s *jobSignals) resumed() {
	s.goes()
	s.stop.disarm()
}
