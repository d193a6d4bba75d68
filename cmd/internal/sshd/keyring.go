package sshd

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// User is one user of the configuration.
type User struct {
	Name  string
	Keys  []string            // authorized_keys lines
	Vars  map[string][]string // what the user may see; nil means everything
	Pages []string            // nil means all
	// Private keeps balances hidden.
	Private bool
}

// Principal is who a session belongs to: the key that signed, not a name that
// was typed.
type Principal struct {
	Name        string // the configuration's user, the certificate's principal, or "" for a key from a file
	Fingerprint string // SHA256:… of the key; of a certificate, of the key inside it
	Known       bool   // the configuration names this user: what follows binds
	Vars        map[string][]string
	Pages       []string
	Private     bool
}

// Keyring grants access. Each source, a file or the configuration's users,
// is read whole and swapped at once, so a half-written file never locks anybody
// out, or in; one that cannot be read keeps what it said, and the others count.
type Keyring struct {
	log   *slog.Logger
	users atomic.Pointer[usersSource]
	cur   atomic.Pointer[ring]
	state atomic.Pointer[keyState]

	// Only Reload touches these.
	files []*keyFile
	sum   [sha256.Size]byte // of what cur was made from
}

// usersSource is what the configuration says, or said before it became unreadable.
type usersSource struct {
	users []User
	err   error // why a newer configuration does not count
}

// keyState is how the last Reload went.
type keyState struct {
	good time.Time // when everything was last read without an error
	err  error
}

type ring struct {
	grants []Grant
	byKey  map[string][]int // marshalled key → grants
	users  map[string]User
}

// NewKeyring reads the files and the users' keys. It fails when a file cannot be
// read, or nobody could come in.
func NewKeyring(files []string, users []User, log *slog.Logger) (*Keyring, error) {
	k := &Keyring{log: log}
	for _, path := range files {
		k.files = append(k.files, &keyFile{path: path})
	}
	k.SetUsers(users)
	if _, err := k.Reload(); err != nil {
		return nil, err
	}
	if len(k.cur.Load().grants) == 0 {
		return nil, errors.New("no usable public key: nobody could log in (name an --authorized-keys file, or users: in the config)")
	}
	return k, nil
}

// SetUsers replaces the configuration's users; Reload makes it count.
func (k *Keyring) SetUsers(users []User) { k.users.Store(&usersSource{users: users}) }

// RestrictUsers replaces the configuration's users by what is certain of a
// configuration that cannot be used as a whole: the rights are old until SetUsers.
func (k *Keyring) RestrictUsers(users []User, err error) {
	k.users.Store(&usersSource{users: users, err: err})
}

// Users returns the configuration's users as they were last set.
func (k *Keyring) Users() []User { return k.users.Load().users }

// Age returns for how long the rights have been old: the time since every source
// was last read without an error. It is safe for concurrent use.
func (k *Keyring) Age(now time.Time) (age time.Duration, err error) {
	s := k.state.Load()
	return now.Sub(s.good), s.err
}

// Reload reads everything again and reports whether it differs. A source that
// cannot be read keeps the keys in use and is part of the error; but a file that
// is gone twice in a row holds none. It is not safe for concurrent use with itself.
func (k *Keyring) Reload() (changed bool, err error) {
	var errs []error
	for _, f := range k.files {
		if err := f.reload(); err != nil {
			errs = append(errs, fmt.Errorf("cannot read authorized keys: %w", err))
		}
	}
	source := k.users.Load()
	if source.err != nil {
		errs = append(errs, fmt.Errorf("cannot read users: %w", source.err))
	}
	err = errors.Join(errs...)
	k.noteState(err)
	if err != nil && k.cur.Load() == nil { // at the start there is nothing to go on with
		return false, err
	}
	sum := k.digest(source.users)
	if k.cur.Load() != nil && sum == k.sum {
		return false, err
	}
	next, bad := k.assemble(source.users)
	k.sum = sum
	k.cur.Store(next)
	k.warn(bad)
	k.log.Info("keys read", "keys", len(next.grants))
	return true, err
}

func (k *Keyring) noteState(err error) {
	s := &keyState{good: time.Now(), err: err}
	if old := k.state.Load(); err != nil && old != nil {
		s.good = old.good
	}
	k.state.Store(s)
}

// digest tells apart what the keys are made from.
func (k *Keyring) digest(users []User) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, f := range k.files {
		fmt.Fprintf(h, "%s %d\n", f.path, len(f.text))
		h.Write(f.text)
	}
	for _, u := range users {
		fmt.Fprintf(h, "%+v\n", u)
	}
	h.Sum(sum[:0])
	return sum
}

// assemble makes a ring of the sources as they were last read.
func (k *Keyring) assemble(users []User) (next *ring, bad []error) {
	next = &ring{byKey: make(map[string][]int), users: make(map[string]User)}
	for _, u := range users {
		next.users[u.Name] = u
		for i, line := range u.Keys {
			grants, wrong := ParseKeys(fmt.Sprintf("users.%s.key%d", u.Name, i), []byte(line))
			for j := range grants {
				grants[j].User = u.Name
			}
			next.add(grants)
			bad = append(bad, wrong...)
		}
	}
	// Last: a key that is both a user's and in a file has the user's limits.
	for _, f := range k.files {
		grants, wrong := ParseKeys(f.path, f.text)
		next.add(grants)
		bad = append(bad, wrong...)
	}
	return next, bad
}

// maxWarnings bounds the bad lines that are logged one by one: a file of
// another kind has thousands.
const maxWarnings = 20

func (k *Keyring) warn(bad []error) {
	for _, err := range bad[:min(len(bad), maxWarnings)] {
		k.log.Warn("key skipped", "reason", safeLog(err.Error()))
	}
	if more := len(bad) - maxWarnings; more > 0 {
		k.log.Warn("more keys skipped", "lines", more)
	}
}

func (r *ring) add(grants []Grant) {
	for _, g := range grants {
		id := string(g.Key.Marshal())
		r.byKey[id] = append(r.byKey[id], len(r.grants))
		r.grants = append(r.grants, g)
	}
}

// Authorise decides about one key that a client offers, for the login name and
// address it comes from. It says nothing about whether the client holds the
// key: the handshake does, after this.
func (k *Keyring) Authorise(login string, addr netip.Addr, key gossh.PublicKey, now time.Time) (*Principal, error) {
	return k.reauthorize(login, addr, key, now, now)
}

// reauthorize is Authorise for a session that began at since: the lines of the keys
// hold at now, a certificate held when it was shown.
func (k *Keyring) reauthorize(login string, addr netip.Addr, key gossh.PublicKey, since, now time.Time) (*Principal, error) {
	r := k.cur.Load()
	if cert, ok := key.(*gossh.Certificate); ok {
		return r.certificate(login, addr, cert, since, now)
	}
	err := errors.New("key is not known")
	for _, i := range r.byKey[string(key.Marshal())] {
		g := &r.grants[i]
		if g.Authority {
			continue // an authority's key signs; it does not log in
		}
		if err = g.Allows(now, addr); err == nil {
			return r.principal(g.User, key), nil
		}
	}
	return nil, err
}

func (r *ring) principal(name string, key gossh.PublicKey) *Principal {
	p := &Principal{Name: name, Fingerprint: gossh.FingerprintSHA256(key)}
	if u, ok := r.users[name]; ok {
		p.Known, p.Vars, p.Pages, p.Private = true, u.Vars, u.Pages, u.Private
	}
	return p
}
