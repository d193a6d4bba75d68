package servertest

import (
	"net"

	"golang.org/x/sys/unix"
)

// dropPackets has the kernel drop every packet for a socket before TCP sees it (a
// filter of one instruction, "keep nothing"), so that nothing is acknowledged:
// what a cable that was pulled looks like to the other end. On a listener it
// leaves every SYN without an answer.
func dropPackets(c filtered, deaf bool) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	drop := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K}}
	program := unix.SockFprog{Len: uint16(len(drop)), Filter: &drop[0]}
	var failed error
	err = raw.Control(func(fd uintptr) {
		if deaf {
			failed = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program)
			return
		}
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0)
		if failed == unix.ENOENT { // it has none
			failed = nil
		}
	})
	if err != nil {
		return err
	}
	return failed
}

var (
	_ filtered = (*net.TCPConn)(nil)
	_ filtered = (*net.TCPListener)(nil)
)
