package servertest

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel end the child when the test binary is killed
// before its cleanups could run.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
