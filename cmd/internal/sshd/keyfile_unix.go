//go:build !windows

package sshd

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// openKeyFile opens a file without waiting: a FIFO in its place would block for
// ever.
func openKeyFile(file string) (*os.File, error) {
	return os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// checkSecretMode refuses a private key that others may read.
func checkSecretMode(file string, info fs.FileInfo) error {
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is readable by others (chmod 600 it)", file)
	}
	return nil
}

// checkAccessMode refuses a file of public keys that others may write: whoever
// adds a line to it may come in.
func checkAccessMode(file string, info fs.FileInfo) error {
	if info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s can be written by others (chmod go-w it)", file)
	}
	return nil
}
