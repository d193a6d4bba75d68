//go:build !windows

package config

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// checkOwner refuses a file that is found, not named, and that somebody else may have
// left in the working directory: it would say where the token is sent to.
func checkOwner(info fs.FileInfo) error {
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return nil
	case int(st.Uid) != os.Geteuid() && st.Uid != 0:
		return errors.New("belongs to another user")
	case info.Mode().Perm()&0o002 != 0:
		return errors.New("can be written by everybody")
	}
	return nil
}
