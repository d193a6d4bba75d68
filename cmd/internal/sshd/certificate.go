package sshd

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

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
	if err := checkKeyStrength(cert.Key); err != nil {
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
	if g.Principals == nil {
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
