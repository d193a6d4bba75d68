package sshd

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// linkOf asks the kernel; known is false where there is no TCP.
func linkOf(c net.Conn) (l link, known bool) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return link{}, false
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return link{}, false
	}
	var info *unix.TCPInfo
	if cerr := raw.Control(func(fd uintptr) { info, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) }); cerr != nil || err != nil {
		return link{}, false
	}
	return link{acked: info.Bytes_acked, lastAck: time.Duration(info.Last_ack_recv) * time.Millisecond}, true
}
