// Package state keeps what ticktop remembers between runs: the preset that was
// chosen for an address, and which found files may be used. One small JSON file
// below the state directory holds it. Losing it loses nothing but choices.
package state

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Bounds of what is remembered: the oldest choices go first.
const (
	maxFile    = 1 << 20
	maxEntries = 500
)

// fileName is the file below the state directory.
const fileName = "state.json"

// Store is what is remembered. The zero Store, and a nil one, remember nothing.
type Store struct {
	path string
	mu   sync.Mutex
}

// Open returns the store of a state directory. Nothing is read or made yet.
func Open(dir string) *Store { return &Store{path: filepath.Join(dir, fileName)} }

// Path is where the file is, or would be.
func (s *Store) Path() string { return s.path }

// entry is one thing that is remembered.
type entry struct {
	Section string `json:"section"`
	Key     string `json:"key"`
	Value   string `json:"value"`
}

// Value returns what is remembered under a key of a section. A file that is
// missing or broken is an empty one.
func (s *Store) Value(section, key string) (string, bool) {
	if s == nil || s.path == "" {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := s.read()
	if err != nil {
		return "", false
	}
	for _, e := range entries {
		if e.Section == section && e.Key == key {
			return e.Value, true
		}
	}
	return "", false
}

// Set remembers a value, in place of the one before.
func (s *Store) Set(section, key, value string) error {
	if s == nil || s.path == "" {
		return errors.New("nothing is remembered (--no-state)")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := s.read()
	if err != nil && !errors.Is(err, errBroken) {
		return err
	}
	kept := make([]entry, 0, len(entries)+1)
	for _, e := range entries {
		if e.Section != section || e.Key != key {
			kept = append(kept, e)
		}
	}
	kept = append(kept, entry{section, key, value})
	return s.write(kept[max(len(kept)-maxEntries, 0):])
}

// errBroken is a file that is not ours, or only half of it.
var errBroken = errors.New("not a state file")

func (s *Store) read() ([]entry, error) {
	f, err := os.Open(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	var entries []entry
	if len(data) > maxFile || json.Unmarshal(data, &entries) != nil {
		return nil, errBroken
	}
	return entries, nil
}

// write replaces the file in one step: another process reads the old one or the
// new one.
func (s *Store) write(entries []entry) error {
	data, err := json.MarshalIndent(entries, "", " ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(s.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, fileName+".*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(append(data, '\n'))
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), s.path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("state: %w", err)
	}
	return nil
}

// The sections.
const (
	presetSection = "preset"
	trustSection  = "trust"
)

// Preset returns the preset that was chosen for an address; it has no secrets.
func (s *Store) Preset(address string) (string, bool) { return s.Value(presetSection, address) }

// SetPreset remembers the preset for an address.
func (s *Store) SetPreset(address, name string) error {
	if have, _ := s.Preset(address); have == name {
		return nil
	}
	return s.Set(presetSection, address, name)
}

// Trusted reports whether a file with this content may be used.
func (s *Store) Trusted(path string, content []byte) bool {
	sum, ok := s.Value(trustSection, path)
	return ok && sum == fingerprint(content)
}

// Trust remembers that a file with this content may be used; another content
// may not.
func (s *Store) Trust(path string, content []byte) error {
	return s.Set(trustSection, path, fingerprint(content))
}

func fingerprint(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
