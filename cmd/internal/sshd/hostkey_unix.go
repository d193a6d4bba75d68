//go:build !windows

package sshd

import (
	"fmt"
	"os"
)

// private refuses a key file that others may read.
func private(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("host key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("host key %s is readable by others (chmod 600 it)", file)
	}
	return nil
}
