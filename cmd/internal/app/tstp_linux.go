package app

import (
	"os"
	"os/signal"
	"syscall"
	"time"
	"unsafe"
)

// A SIGTSTP from outside must give the terminal back before the process stops. A
// Go program that has once caught it cannot be stopped by it any more: the
// runtime keeps its handler. So the default action is put back by hand for as
// long as the process is about to stop itself.

// sigset is the size of the kernel's signal set, in bytes.
const sigset = 8

// kernelAction is space for the kernel's struct sigaction on every architecture;
// all zero it is the default action.
type kernelAction [64]byte

func sigaction(sig syscall.Signal, set, old *kernelAction) error {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), sigset, 0, 0) //nolint:gosec // the kernel's interface
	if errno != 0 {
		return errno
	}
	return nil
}

// stopSignal is SIGTSTP as the process handles it.
type stopSignal struct {
	ch      chan os.Signal
	handler kernelAction // the runtime's
	given   bool         // the default action is in force
}

func newStopSignal() *stopSignal {
	s := &stopSignal{ch: make(chan os.Signal, 1)}
	signal.Notify(s.ch, syscall.SIGTSTP)
	return s
}

// received is sent to when the process was asked to stop.
func (s *stopSignal) received() <-chan os.Signal { return s.ch }

// arm makes SIGTSTP stop the process, disarm makes it a message again. Both are
// called from one goroutine.
func (s *stopSignal) arm() {
	s.given = !s.given && sigaction(syscall.SIGTSTP, &kernelAction{}, &s.handler) == nil || s.given
}

func (s *stopSignal) disarm() {
	if s.given {
		_ = sigaction(syscall.SIGTSTP, &s.handler, nil)
		s.given = false
	}
	select { // one that came while the process was about to stop has been obeyed
	case <-s.ch:
	default:
	}
}

func (s *stopSignal) end() {
	s.disarm()
	signal.Stop(s.ch)
}

// insist stops a process that SIGTSTP does not, because it has no shell: whoever
// asked from outside is there to let it go on. The wait is in steps: what is left
// of it after a stop must not stop the process again.
func insist(over <-chan struct{}) {
	const steps = 30
	for range steps {
		select {
		case <-over:
			return
		case <-time.After(orphaned / steps):
		}
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
}
