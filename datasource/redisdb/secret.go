package redisdb

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
)

// secret hands out the credentials for every new connection.
type secret struct {
	user, password string
	file           string
}

func newSecret(o *Options, t *target) *secret {
	s := &secret{user: t.user, password: t.password, file: o.PasswordFile}
	if o.Username != "" {
		s.user = o.Username
	}
	if o.Password != "" {
		s.password = o.Password
	}
	return s
}

// errSecret marks an unreadable credentials file: it is classified like a
// refused password, with another text.
var errSecret = errors.New("password file")

// credentials reads the file again each time, so that a new password is used
// from the next connection on. The file holds the password, or user:password
// where no user is configured; a newline at its end does not count.
func (s *secret) credentials(context.Context) (user, password string, err error) {
	if s.file == "" {
		return s.user, s.password, nil
	}
	b, err := os.ReadFile(s.file)
	if err != nil {
		return "", "", fmt.Errorf("%w: %w", errSecret, err)
	}
	text := strings.TrimRight(string(b), "\r\n")
	if name, rest, ok := strings.Cut(text, ":"); ok && s.user == "" && name != "" && !strings.ContainsAny(name, " \t") {
		return name, rest, nil
	}
	return s.user, text, nil
}

// tlsFiles makes the TLS configuration from files, again for every connection.
type tlsFiles struct {
	ca, cert, key string
	insecure      bool
}

// errTLS marks an error of ours that TLS cannot work as configured.
var errTLS = errors.New("tls")

func (f *tlsFiles) tlsConfig() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: f.insecure} //nolint:gosec // asked for by name, and shown by check
	if f.ca != "" {
		pem, err := os.ReadFile(f.ca)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errTLS, err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%w: %s holds no certificate", errTLS, f.ca)
		}
	}
	if f.cert == "" && f.key == "" {
		return c, nil
	}
	if f.cert == "" || f.key == "" {
		return nil, fmt.Errorf("%w: a client certificate needs both its certificate and its key", errTLS)
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errTLS, err)
	}
	c.Certificates = []tls.Certificate{pair}
	return c, nil
}
