package sshd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// readKeyFile reads a file of at most limit bytes whose mode check accepts. It
// must be one that can be read again: what comes through a pipe is gone at the
// second look, and every session with it.
func readKeyFile(file string, limit int64, check func(string, fs.FileInfo) error) ([]byte, error) {
	f, err := openKeyFile(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat() // of what was opened: the name may be another's by now
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file (it is read again and again)", file)
	}
	if err := check(file, info); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, fmt.Errorf("%s is too big (over %d bytes)", file, limit)
	}
	return b, err
}

// keyFile is one authorized_keys file.
type keyFile struct {
	path   string
	text   []byte // as last read
	read   bool   // it was read at least once
	absent bool   // it was not there the last time
}

// reload reads the file again. On an error its last text stays. A file that was
// there and is gone may be between two steps of an editor; the second time it
// has no keys.
func (f *keyFile) reload() error {
	text, err := readKeyFile(f.path, maxKeysFile, checkAccessMode)
	gone := errors.Is(err, fs.ErrNotExist)
	if gone && f.read && f.absent {
		f.text = nil
		return nil
	}
	f.absent = gone
	if err != nil {
		return err
	}
	f.text, f.read = text, true
	return nil
}
