package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"ticktop/cmd/internal/app"
)

// exitLimit is how long a program that was asked to end may take, lastWords how
// much of it is kept for giving the terminal back without it.
const (
	exitLimit = 5 * time.Second
	lastWords = 500 * time.Millisecond
)

// signals are what the process gets from outside: the first that means the
// end ends the context, and gives the exit status.
type signals struct {
	ch     chan os.Signal
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	ended   syscall.Signal
	reloads chan struct{} // what a SIGHUP goes to instead; nil: it means the end
}

type signalsKey struct{}

// withSignals returns a context that ends with the first SIGINT, SIGTERM or
// SIGHUP. A program that does not stop within exitLimit after it is ended.
func withSignals(parent context.Context) (context.Context, *signals) {
	s := &signals{ch: make(chan os.Signal, 2)}
	ctx, cancel := context.WithCancelCause(parent)
	s.cancel = cancel
	signal.Notify(s.ch, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go s.watchSignals()
	return context.WithValue(ctx, signalsKey{}, s), s
}

// signalsOf returns the signals of a command's context; outside of run, such as
// in a test, nothing comes of them.
func signalsOf(ctx context.Context) *signals {
	if s, ok := ctx.Value(signalsKey{}).(*signals); ok {
		return s
	}
	return &signals{ch: make(chan os.Signal, 2), cancel: func(error) {}}
}

// alsoOnAbort makes SIGQUIT and SIGABRT end the program in good order, too: with
// a terminal to give back, the Go runtime's list of goroutines on it is no help.
func (s *signals) alsoOnAbort() { signal.Notify(s.ch, syscall.SIGQUIT, syscall.SIGABRT) }

// onHangup makes a SIGHUP mean that something is to be read again.
func (s *signals) onHangup() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reloads == nil {
		s.reloads = make(chan struct{}, 1)
	}
	return s.reloads
}

// exitStatus returns 128 + the signal that ended the program, 0 for none.
func (s *signals) exitStatus() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == 0 {
		return 0
	}
	return 128 + int(s.ended)
}

func (s *signals) stop() {
	signal.Stop(s.ch)
	s.cancel(context.Canceled)
}

func (s *signals) watchSignals() {
	for {
		received, ok := (<-s.ch).(syscall.Signal)
		if !ok || received == syscall.SIGHUP && s.passReload() {
			continue
		}
		s.mu.Lock()
		s.ended = received
		s.mu.Unlock()
		s.cancel(errors.New(signalName(received)))
		select {
		case <-time.After(exitLimit - lastWords):
		case <-s.ch: // a second one means now
		}
		app.GiveBack()
		os.Exit(128 + int(received))
	}
}

// passReload passes a SIGHUP on where somebody waits for it.
func (s *signals) passReload() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reloads == nil {
		return false
	}
	select {
	case s.reloads <- struct{}{}:
	default: // one is due already
	}
	return true
}

// signalName is what an operator knows a signal by.
func signalName(s syscall.Signal) string {
	names := map[syscall.Signal]string{
		syscall.SIGINT: "SIGINT", syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP", syscall.SIGQUIT: "SIGQUIT", syscall.SIGABRT: "SIGABRT",
	}
	if name, ok := names[s]; ok {
		return name
	}
	return s.String()
}
