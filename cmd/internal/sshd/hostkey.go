package sshd

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	gossh "golang.org/x/crypto/ssh"
)

// HostKey reads the server's key, or makes an ed25519 one where the file does
// not exist. The file is created exclusively with mode 0600, so two servers
// that start at once end up with one key; an existing file that others can read
// is refused.
func HostKey(file string) (gossh.Signer, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	err := makeHostKey(file)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("host key: %w", err)
	}
	return readHostKey(file)
}

func makeHostKey(file string) error {
	if _, err := os.Lstat(file); err == nil {
		return fs.ErrExist
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	block, err := gossh.MarshalPrivateKey(key, "ticktop host key")
	if err != nil {
		return err
	}
	// Written beside its place and linked into it, so that nobody ever reads
	// half a key.
	tmp, err := os.CreateTemp(filepath.Dir(file), ".host_key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.Write(pem.EncodeToMemory(block)); err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err = os.Link(tmp.Name(), file); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return exclusive(file, pem.EncodeToMemory(block)) // no hard links here
}

func exclusive(file string, b []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

func readHostKey(file string) (gossh.Signer, error) {
	b, err := readKeyFile(file, maxHostKey, checkSecretMode)
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	s, err := gossh.ParsePrivateKey(b)
	if err == nil {
		s, err = hostSigner(s)
	}
	if err != nil {
		return nil, fmt.Errorf("host key %s cannot be used: %w", file, err)
	}
	return s, nil
}

// maxHostKey bounds the file of a private key.
const maxHostKey = 64 << 10
