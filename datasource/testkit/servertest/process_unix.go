//go:build unix

package servertest

import (
	"os"
	"syscall"
)

func freezeProcess(p *os.Process, freeze bool) error {
	if freeze {
		return p.Signal(syscall.SIGSTOP)
	}
	return p.Signal(syscall.SIGCONT)
}
