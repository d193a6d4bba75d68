package state

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"sync"
)

// Users keeps one text a user, each in its own file below the state
// directory, so that no user can reach another's. Save never waits: a goroutine
// writes, and of several texts only the newest. A nil Users remembers nothing.
type Users struct {
	dir    string
	failed func(error) // called once, for the first text that could not be written

	mu      sync.Mutex
	pending map[string]string // by user, not yet written
	closed  bool
	wake    chan struct{}
	done    chan struct{}
}

// usersDir is below the state directory, and the section and the key in each
// file.
const (
	usersDir     = "users"
	usersSection = "screen"
)

// OpenUsers returns the users of a state directory. Close ends its goroutine.
func OpenUsers(dir string, failed func(error)) *Users {
	u := &Users{dir: filepath.Join(dir, usersDir), failed: failed, pending: map[string]string{}, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go u.run()
	return u
}

// store is a user's own file. Its name tells nobody who that is.
func (u *Users) store(user string) *Store {
	sum := sha256.Sum256([]byte(user))
	return Open(filepath.Join(u.dir, hex.EncodeToString(sum[:16])))
}

// Load returns what was saved last of a user with a configuration; "" for
// nothing.
func (u *Users) Load(user, config string) string {
	if u == nil || user == "" {
		return ""
	}
	u.mu.Lock()
	text, ok := u.pending[user+"\x00"+config]
	u.mu.Unlock()
	if !ok {
		text, _ = u.store(user).Value(usersSection, config)
	}
	return text
}

// Save keeps a text of a user with a configuration.
func (u *Users) Save(user, config, text string) {
	if u == nil || user == "" {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return
	}
	u.pending[user+"\x00"+config] = text
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

// Close writes what is left.
func (u *Users) Close() {
	if u == nil {
		return
	}
	u.mu.Lock()
	if !u.closed {
		u.closed = true
		close(u.wake)
	}
	u.mu.Unlock()
	<-u.done
}

func (u *Users) run() {
	defer close(u.done)
	said := false
	for range u.wake {
		said = u.write(said)
	}
	u.write(said)
}

// write writes what is pending. What was saved meanwhile stays pending.
func (u *Users) write(said bool) bool {
	u.mu.Lock()
	now := make(map[string]string, len(u.pending))
	for key, text := range u.pending {
		now[key] = text
	}
	u.mu.Unlock()
	for key, text := range now {
		user, config := cutKey(key)
		err := u.store(user).Set(usersSection, config, text)
		if err != nil && !said && u.failed != nil {
			said = true
			u.failed(err)
		}
		u.mu.Lock()
		if u.pending[key] == text {
			delete(u.pending, key)
		}
		u.mu.Unlock()
	}
	return said
}

func cutKey(key string) (user, config string) {
	for i := range len(key) {
		if key[i] == 0 {
			return key[:i], key[i+1:]
		}
	}
	return key, ""
}
