//go:build !linux

package redisdb

import "syscall"

func setUserTimeout(string, string, syscall.RawConn) error { return nil }
