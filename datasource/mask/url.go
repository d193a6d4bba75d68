package mask

import (
	"regexp"
	"strings"
)

// Masked replaces a secret wherever one would be shown.
const Masked = "***"

// secretQuery finds the query options of a URL that hold secrets.
var secretQuery = regexp.MustCompile(`(?i)([?&](?:[a-z_.-]*(?:password|passwd|passphrase|pwd|token|secret|api[_-]?key|auth|credential)[a-z_.-]*)=)[^&#\s"']*`)

// userinfo finds the credentials of a URL anywhere in a text. The password may
// itself hold '@', '/' or '?', so everything up to the last '@' of the word
// goes.
var userinfo = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://)([^\s"'<>@]*@)+`)

// URLs returns a text in which every URL has lost its secrets: the password,
// a name without a password, and query options that are named like secrets. It
// works on URLs too broken to parse, and rather hides too much.
//
//	mask.URLs("dial redis://ana:pw@h: refused") "dial redis://ana:***@h: refused"
//	mask.URLs("redis://S3CRET@h")               "redis://***@h"
func URLs(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	text = userinfo.ReplaceAllStringFunc(text, func(m string) string {
		scheme, rest, _ := strings.Cut(m, "://")
		return scheme + "://" + credentials(strings.TrimSuffix(rest, "@")) + "@"
	})
	return secretQuery.ReplaceAllString(text, "${1}"+Masked)
}

// URL is URLs for a text that should be one URL: what is before its
// last '@' is hidden also where it has no scheme, or blanks and quotes in it.
func URL(raw string) string {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok || strings.ContainsAny(scheme, ":@ ") { // what is before may be a password
		if i := strings.LastIndexByte(raw, '@'); i >= 0 {
			return Masked + raw[i:]
		}
		return secretQuery.ReplaceAllString(raw, "${1}"+Masked)
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		raw = scheme + "://" + credentials(rest[:i]) + rest[i:]
	}
	return secretQuery.ReplaceAllString(raw, "${1}"+Masked)
}

// credentials masks what is before the '@' of an address. A name without a
// password may be the secret, and so may one with odd characters.
func credentials(user string) string {
	if user == ":PASSWORD" || user == "USER:PASSWORD" { // of a hint
		return user
	}
	name, password, _ := strings.Cut(user, ":")
	if password == "" || strings.ContainsAny(name, "/?#@;=+ \t\r\n\"'<>") {
		return Masked
	}
	return name + ":" + Masked
}
