//go:build !linux && !darwin && !freebsd

package redisdb

import "net"

// batched has no counterpart where poll(2) is missing.
func batched(c net.Conn) net.Conn { return c }

func arm(net.Conn) {}
