package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strings"

	"ticktop/datasource/mask"
	"ticktop/datasource/suggest"
)

// masked replaces a secret wherever one would be shown.
const masked = mask.Masked

// Secret is text that is never shown: every way of printing, logging or
// marshalling it gives "***". Reveal is the only way to its content.
type Secret string

// Reveal returns the secret itself, for the code that sends it.
func (s Secret) Reveal() string { return string(s) }

// String returns "***", or "" for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return masked
}

// Format masks the secret for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue masks the secret in structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText masks the secret in JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// URL is an address that may carry a password: every way of printing it shows
// "***" in its place. Reveal returns it whole.
type URL string

// Reveal returns the address with its password.
func (u URL) Reveal() string { return string(u) }

// String returns the address without secrets.
func (u URL) String() string { return mask.URL(string(u)) }

// Format redacts for every verb.
func (u URL) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, u.String()) }

// LogValue redacts in structured logs.
func (u URL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText redacts in JSON and YAML.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// RedactURL returns a text in which no URL has a password or another secret.
func RedactURL(text string) string { return mask.URLs(text) }

// secretKeys are the keys of the configuration whose values are never shown.
var secretKeys = []string{"token", "password", "secret"}

var yamlPair = regexp.MustCompile(`([A-Za-z_]+)(["']?\s*:\s+)("[^"]*"|'[^']*'|[^\s,}#]+)`)

// redactLine masks the secrets of one line of a configuration, also those of
// a misspelt key, so that it can be shown in an error.
func redactLine(line string) string {
	line = yamlPair.ReplaceAllStringFunc(line, func(m string) string {
		p := yamlPair.FindStringSubmatch(m)
		if suggest.Nearest(p[1], secretKeys) == "" || strings.HasPrefix(strings.Trim(p[3], `"'`), "${") {
			return m
		}
		return p[1] + p[2] + masked
	})
	return RedactURL(line)
}

// checkURL reports whether raw can be an address with one of the schemes.
func checkURL(raw string, schemes ...string) error {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok || rest == "" {
		return fmt.Errorf("%q is not a URL; it should look like %s://host", mask.URL(raw), schemes[0])
	}
	for _, s := range schemes {
		if strings.EqualFold(s, scheme) {
			if s == "http" || s == "https" {
				if u, err := url.Parse(raw); err != nil || u.Host == "" {
					return fmt.Errorf("%q is not a URL; it should look like %s://host", mask.URL(raw), scheme)
				}
			}
			return nil
		}
	}
	return fmt.Errorf("unknown scheme %q in %q; use %s://", scheme, mask.URL(raw), strings.Join(schemes, "://, "))
}
