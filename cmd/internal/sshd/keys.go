package sshd

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"path"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// Bounds of an authorized_keys file, and of a line of it.
const (
	maxKeysFile = 4 << 20
	maxKeyLine  = 64 << 10
)

// Grant is one line of an authorized_keys file, or one user of the
// configuration: a key and what it is good for.
type Grant struct {
	Key        gossh.PublicKey
	User       string    // the configuration's user; "" for a key from a file
	Comment    string    // as written and not safe to show
	From       []string  // addresses, CIDR blocks or patterns; empty means anywhere
	Not        []string  // the same, forbidden
	Expires    time.Time // zero means never
	Authority  bool      // cert-authority: the key signs certificates
	Principals []string  // cert-authority: which principals; nil means the login name
	Place      string    // "file:line", for logs
}

// LineError is a line of an authorized_keys file that was skipped.
type LineError struct {
	File string
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// ParseKeys parses the text of an authorized_keys file, sshd(8). Honoured
// options: from, expiry-time, cert-authority, principals, and those that take
// away what is never given. Any other option refuses its line: a restriction that is not understood must not be dropped.
func ParseKeys(file string, text []byte) (grants []Grant, bad []error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // an editor's byte order mark
	n := 0
	for raw := range bytes.SplitSeq(text, []byte("\n")) {
		n++
		line := strings.TrimSpace(string(raw))
		if line == "" || line[0] == '#' {
			continue
		}
		g, err := parseGrant(line)
		if err != nil {
			bad = append(bad, &LineError{file, n, err})
			continue
		}
		g.Place = fmt.Sprintf("%s:%d", file, n)
		grants = append(grants, g)
	}
	return grants, bad
}

func parseGrant(line string) (Grant, error) {
	if len(line) > maxKeyLine {
		return Grant{}, errors.New("line is too long")
	}
	key, comment, options, rest, err := gossh.ParseAuthorizedKey([]byte(line))
	switch {
	case err != nil:
		return Grant{}, errors.New("not a public key line")
	case len(bytes.TrimSpace(rest)) > 0:
		return Grant{}, errors.New("more than one key on a line")
	}
	if err := checkKeyStrength(key); err != nil {
		return Grant{}, err
	}
	g := Grant{Key: key, Comment: comment}
	for _, o := range options {
		if err := g.option(o); err != nil {
			return Grant{}, err
		}
	}
	if g.Principals != nil && !g.Authority {
		return Grant{}, errors.New("principals without cert-authority")
	}
	return g, nil
}

// option applies one option as OpenSSH does: a value stands in quotes, a flag has
// none, and from= and principals= may be there once.
func (g *Grant) option(o string) error {
	name, value, valued := strings.Cut(o, "=")
	name = strings.ToLower(name)
	switch name {
	case "from", "expiry-time", "principals":
		unquoted, err := unquote(value)
		if err != nil {
			return fmt.Errorf("%s=: %w", name, err)
		}
		return g.valueOption(name, unquoted)
	case "cert-authority", "restrict", "no-agent-forwarding", "no-port-forwarding", "no-x11-forwarding", "no-user-rc", "pty":
		if valued {
			return fmt.Errorf("option %s takes no value", name)
		}
		g.Authority = g.Authority || name == "cert-authority"
		return nil // nothing of the others is ever given, or it is given anyway
	default:
		return fmt.Errorf("option %q is not supported, so the key is refused", name)
	}
}

func (g *Grant) valueOption(name, value string) error {
	switch name {
	case "from":
		if g.From != nil {
			return errors.New("from= is there twice")
		}
		return g.from(value)
	case "principals":
		if g.Principals != nil {
			return errors.New("principals= is there twice")
		}
		return g.principals(value)
	default: // expiry-time: the earliest counts
		t, err := expiryTime(value)
		if err != nil {
			return err
		}
		if g.Expires.IsZero() || t.Before(g.Expires) {
			g.Expires = t
		}
		return nil
	}
}

// unquote returns what stands between the quotes of an option's value.
func unquote(s string) (string, error) {
	inner, ok := strings.CutPrefix(s, `"`)
	if ok {
		inner, ok = strings.CutSuffix(inner, `"`)
	}
	if !ok {
		return "", errors.New("the value must stand in double quotes")
	}
	return strings.ReplaceAll(inner, `\"`, `"`), nil
}

// principals reads the names that an authority's certificates may be for. Blanks
// are part of a name. A list without any is nobody, and not everybody.
func (g *Grant) principals(list string) error {
	g.Principals = []string{}
	for p := range strings.SplitSeq(list, ",") {
		if p != "" {
			g.Principals = append(g.Principals, p)
		}
	}
	if len(g.Principals) == 0 {
		return errors.New("principals= names nobody, so nobody may come in")
	}
	return nil
}

func (g *Grant) from(list string) error {
	for p := range strings.SplitSeq(list, ",") {
		p = strings.TrimSpace(p)
		neg := strings.HasPrefix(p, "!")
		p = strings.TrimPrefix(p, "!")
		if p == "" {
			return errors.New("from= has an empty pattern")
		}
		if _, err := path.Match(p, ""); err != nil {
			return fmt.Errorf("from= pattern %q", p)
		}
		if neg && !looksLikeAddress(p) { // dropped in silence, it would let in whom it forbids
			return fmt.Errorf("from= forbids %q, which is no address: host names are not looked up", p)
		}
		if neg {
			g.Not = append(g.Not, p)
		} else {
			g.From = append(g.From, p)
		}
	}
	if len(g.From) == 0 {
		return errors.New("from= only forbids, so nobody may come in")
	}
	return nil
}

// looksLikeAddress reports whether a pattern of from= can match an address.
func looksLikeAddress(p string) bool {
	if _, err := netip.ParsePrefix(p); err == nil {
		return true
	}
	return strings.Trim(p, "0123456789abcdefABCDEF.:*?") == ""
}

// expiryTime reads sshd's YYYYMMDD[HHMM[SS]][Z]; without Z it is local time.
func expiryTime(s string) (time.Time, error) {
	loc := time.Local
	if t, ok := strings.CutSuffix(s, "Z"); ok {
		s, loc = t, time.UTC
	}
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if len(s) == len(layout) {
			t, err := time.ParseInLocation(layout, s, loc)
			if err != nil {
				return time.Time{}, fmt.Errorf("expiry-time %q is not a time", s)
			}
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("expiry-time %q is not YYYYMMDD[HHMM[SS]][Z]", s)
}

// Allows reports whether the grant holds at this time for this address.
func (g *Grant) Allows(now time.Time, addr netip.Addr) error {
	if !g.Expires.IsZero() && !now.Before(g.Expires) {
		return errors.New("key has expired")
	}
	if len(g.From) == 0 {
		return nil
	}
	addr = addr.Unmap().WithZone("")
	for _, p := range g.Not {
		if matchAddr(p, addr) {
			return errors.New("address is forbidden for this key")
		}
	}
	for _, p := range g.From {
		if matchAddr(p, addr) {
			return nil
		}
	}
	return errors.New("address is not allowed for this key")
}

// matchAddr matches an address against an address, a CIDR block or a pattern
// of '*' and '?'. Host names are not looked up: an address decides.
func matchAddr(pattern string, addr netip.Addr) bool {
	if prefix, err := netip.ParsePrefix(pattern); err == nil {
		return prefix.Contains(addr)
	}
	if a, err := netip.ParseAddr(pattern); err == nil {
		return a.Unmap() == addr
	}
	ok, err := path.Match(pattern, addr.String())
	return err == nil && ok
}
