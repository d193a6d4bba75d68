package sshd

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"slices"
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

// Keyring decides who comes in. It is read whole and swapped at once, so a
// half-written file never locks anybody out, or in.
type Keyring struct {
	files []string
	users atomic.Pointer[[]User]
	log   *slog.Logger
	cur   atomic.Pointer[ring]
	// Only Reload touches these.
	sum  [sha256.Size]byte // of what cur was made from
	gone map[string]bool   // files that were not there the last time
}

type ring struct {
	grants []Grant
	byKey  map[string][]int // marshalled key → grants
	users  map[string]User
}

// NewKeyring reads the files and the users' keys. It fails when nobody could
// come in.
func NewKeyring(files []string, users []User, log *slog.Logger) (*Keyring, error) {
	k := &Keyring{files: files, log: log, gone: make(map[string]bool)}
	k.users.Store(&users)
	if _, err := k.Reload(); err != nil {
		return nil, err
	}
	if len(k.cur.Load().grants) == 0 {
		return nil, errors.New("no usable public key: nobody could log in (name an --authorized-keys file, or users: in the config)")
	}
	return k, nil
}

// SetUsers replaces the configuration's users; Reload makes it count.
func (k *Keyring) SetUsers(users []User) { k.users.Store(&users) }

// Reload reads everything again and reports whether it differs. On an error
// the keys in use stay; but a file that is gone twice in a row holds none. It is not safe for concurrent use with itself.
func (k *Keyring) Reload() (changed bool, err error) {
	h := sha256.New()
	next := &ring{byKey: make(map[string][]int), users: make(map[string]User)}
	var fromFiles []Grant
	var bad []error
	for _, file := range k.files {
		b, err := k.read(file)
		if err != nil {
			return false, fmt.Errorf("cannot read authorized keys: %w", err)
		}
		fmt.Fprintf(h, "%s %d\n", file, len(b))
		h.Write(b)
		grants, wrong := ParseKeys(file, b)
		fromFiles, bad = append(fromFiles, grants...), append(bad, wrong...)
	}
	for _, u := range *k.users.Load() {
		fmt.Fprintf(h, "%+v\n", u)
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
	next.add(fromFiles)
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	if k.cur.Load() != nil && sum == k.sum {
		return false, nil
	}
	k.sum = sum
	k.cur.Store(next)
	k.warn(bad)
	k.log.Info("keys read", "keys", len(next.grants))
	return true, nil
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

// read returns what is in a file of keys. One that was there and is gone may be
// between two steps of an editor; the second time it has no keys.
func (k *Keyring) read(file string) ([]byte, error) {
	b, err := readBounded(file)
	if !errors.Is(err, fs.ErrNotExist) {
		delete(k.gone, file)
		return b, err
	}
	if k.cur.Load() == nil || !k.gone[file] {
		k.gone[file] = true
		return nil, err
	}
	return nil, nil
}

// readBounded reads a file. It must be one that can be read again: what comes
// through a pipe is gone at the second look, and every session with it.
func readBounded(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file (it is read again every two seconds)", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxKeysFile+1))
	if err == nil && len(b) > maxKeysFile {
		return nil, fmt.Errorf("%s is too big (over %d bytes)", file, maxKeysFile)
	}
	return b, err
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
	return k.still(login, addr, key, now, now)
}

// still is Authorise for a session that began at since: the lines of the keys
// hold at now, a certificate held when it was shown.
func (k *Keyring) still(login string, addr netip.Addr, key gossh.PublicKey, since, now time.Time) (*Principal, error) {
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

// certificate accepts a user certificate that a cert-authority line vouches
// for. OpenSSH's rules: the certificate names the principal, an empty list of
// principals is nobody, critical options that are not understood refuse it.
func (r *ring) certificate(login string, addr netip.Addr, cert *gossh.Certificate, since, now time.Time) (*Principal, error) {
	if cert.CertType != gossh.UserCert {
		return nil, errors.New("not a user certificate")
	}
	if len(cert.ValidPrincipals) == 0 {
		return nil, errors.New("certificate names no principal")
	}
	if err := strongEnough(cert.Key); err != nil {
		return nil, err
	}
	if cert.Signature == nil || cert.Signature.Format == gossh.KeyAlgoRSA {
		return nil, errors.New("certificate is signed with SHA-1")
	}
	err := errors.New("certificate authority is not known")
	for _, i := range r.byKey[string(cert.SignatureKey.Marshal())] {
		g := &r.grants[i]
		if !g.Authority {
			continue
		}
		if err = g.Allows(now, addr); err != nil {
			continue
		}
		name := ""
		if name, err = certName(g, login, cert); err != nil {
			continue
		}
		checker := gossh.CertChecker{
			Clock:                    func() time.Time { return since },
			SupportedCriticalOptions: []string{"source-address"}, // the handshake enforces it
		}
		if err = checker.CheckCert(name, cert); err != nil {
			continue
		}
		if g.User != "" { // this user's own authority: it speaks for nobody else
			return r.principal(g.User, cert.Key), nil
		}
		if _, ok := r.users[name]; !ok && len(r.users) > 0 {
			return nil, errors.New("principal is not a user of the configuration")
		}
		return r.principal(name, cert.Key), nil
	}
	return nil, err
}

// certName picks the principal that a certificate stands for: one of the
// authority's list, or else the user whose authority it is, or else the login
// name.
func certName(g *Grant, login string, cert *gossh.Certificate) (string, error) {
	if len(g.Principals) == 0 {
		want := login
		if g.User != "" {
			want = g.User
		}
		if slices.Contains(cert.ValidPrincipals, want) {
			return want, nil
		}
		return "", errors.New("certificate is for another principal")
	}
	for _, p := range g.Principals {
		if slices.Contains(cert.ValidPrincipals, p) {
			return p, nil
		}
	}
	return "", errors.New("certificate has none of the principals")
}

func (r *ring) principal(name string, key gossh.PublicKey) *Principal {
	p := &Principal{Name: name, Fingerprint: gossh.FingerprintSHA256(key)}
	if u, ok := r.users[name]; ok {
		p.Known, p.Vars, p.Pages, p.Private = true, u.Vars, u.Pages, u.Private
	}
	return p
}
