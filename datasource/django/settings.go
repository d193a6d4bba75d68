package django

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"os"
	"slices"
	"strings"
)

// ownHeaders are set by the client itself; an option must not replace them.
var ownHeaders = map[string]bool{
	"Accept": true, "Accept-Encoding": true, "Authorization": true, "Connection": true, "Content-Length": true, "Cookie": true,
	"Host": true, "If-None-Match": true, "Proxy-Authorization": true, "Referer": true, "Te": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true,
}

// privateHeaders checks the further headers. An error never quotes a value.
func privateHeaders(in map[string]string) (http.Header, error) {
	out := http.Header{}
	for name, value := range in {
		key := textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case !isToken(name):
			return nil, fmt.Errorf("api header %.40q is not a header's name", name)
		case ownHeaders[key]:
			return nil, fmt.Errorf("api header %s cannot be set (a token goes in api.token)", key)
		case strings.ContainsFunc(value, func(r rune) bool { return r < 0x20 && r != '\t' || r >= 0x7f }):
			return nil, fmt.Errorf("api header %s has a control character or a letter outside ASCII in its value", key)
		}
		if value = strings.TrimSpace(value); value != "" { // "${KEY:-}" without a key
			out[key] = []string{value}
		}
	}
	return out, nil
}

// headersText is the same for the same headers, and "" for none.
func headersText(h http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintf(&b, "\n%s: %q", name, h[name])
	}
	return b.String()
}

// isToken reports whether s is a token of RFC 9110.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= 0x20 || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// maxPEM bounds the files with certificates and keys.
const maxPEM = 4 << 20

// tlsConfig returns what TLS is done with; nil is Go's default.
func (o *Options) tlsConfig() (*tls.Config, error) {
	if o.CAFile == "" && o.CertFile == "" && o.KeyFile == "" && !o.Insecure {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.Insecure} //nolint:gosec // asked for
	if o.CAFile != "" {
		pem, err := readPEM("ca", o.CAFile)
		if err != nil {
			return nil, err
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("api tls.ca: %s holds no certificate (is it PEM?)", o.CAFile)
		}
	}
	switch {
	case o.CertFile == "" && o.KeyFile == "":
		return c, nil
	case o.CertFile == "" || o.KeyFile == "":
		return nil, errors.New("api tls.cert and tls.key belong together")
	}
	cert, err := readPEM("cert", o.CertFile)
	if err != nil {
		return nil, err
	}
	key, err := readPEM("key", o.KeyFile)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("api tls.cert: %w", err)
	}
	c.Certificates = []tls.Certificate{pair}
	return c, nil
}

func readPEM(option, name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxPEM) {
		err = errors.New("not a small file")
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(name)
	}
	if err != nil {
		var pathErr *os.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return nil, fmt.Errorf("api tls.%s: %s: %w", option, name, err)
	}
	return b, nil
}
