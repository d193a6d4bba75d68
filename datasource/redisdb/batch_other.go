//go:build !linux && !darwin && !freebsd

package redisdb

import "net"

// batchReads has no counterpart where poll(2) is missing.
func batchReads(c net.Conn, _ bool) net.Conn { return c }

func startBatching(net.Conn) {}
