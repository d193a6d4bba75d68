package mask

import (
	"bytes"
	"slices"
	"strings"
)

// Secrets are recognised by name. Package decode masks them, so that a secret never
// becomes a Value: neither a screen nor a snapshot, a recording or an alert can
// show it.
//
//	mask.SecretField("api_key")           true
//	mask.SecretField("bybitApiSecret")    true
//	mask.SecretField("key")               false
//	mask.SecretKey("user:17:credentials") true

// secretNames are parts of names, without case and separators, that only
// secrets have.
var secretNames = [...]string{
	"password", "passwd", "passphrase", "apikey", "apisecret", "privatekey", "secretkey", "accesstoken", "authtoken", "refreshtoken",
	"sessionkey", "sessionid", "credential",
}

// secretWords are secrets as a word of a name, in the singular or the plural.
var secretWords = [...]string{"secret", "cookie", "pwd"}

// SecretField reports whether a field of this name holds a secret.
func SecretField(name string) bool {
	if !suspicious(name) {
		return false
	}
	folded := fold(name)
	for _, s := range secretNames {
		if strings.Contains(folded, s) {
			return true
		}
	}
	for _, w := range secretWords {
		if strings.HasPrefix(folded, w) && len(folded) <= len(w)+1 || strings.HasSuffix(folded, w) || hasWord(name, w) {
			return true
		}
	}
	return false
}

// SecretKey reports whether what a Redis key of this name holds is a secret;
// so are Django's sessions.
func SecretKey(key string) bool {
	return SecretField(key) || strings.Contains(key, "django.contrib.sessions")
}

// Shown reports whether name is in a Shape.Show list.
func Shown(show, name string) bool {
	if show == "" {
		return false
	}
	return slices.ContainsFunc(strings.Split(show, ","), func(s string) bool { return fold(s) == fold(name) })
}

// suspicious is a cheap look that nearly every name fails.
func suspicious(name string) bool {
	if len(name) < 3 {
		return false
	}
	for i := 0; i+2 < len(name); i++ {
		a, b, c := name[i]|0x20, name[i+1]|0x20, name[i+2]|0x20
		switch a {
		case 'p':
			if b == 'a' && c == 's' || b == 'w' && c == 'd' {
				return true
			}
		case 's':
			if b == 'e' && (c == 'c' || c == 's') {
				return true
			}
		case 'k':
			if b == 'e' && c == 'y' {
				return true
			}
		case 't':
			if b == 'o' && c == 'k' {
				return true
			}
		case 'c':
			if b == 'o' && c == 'o' || b == 'r' && c == 'e' {
				return true
			}
		}
	}
	return false
}

// fold is a name without case and separators.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-' || r == ' ' || r == '.' || r == ':' || r == '/':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// hasWord reports whether w is a word of name, between separators or capitals.
func hasWord(name, w string) bool {
	low := strings.ToLower(name)
	for from := 0; ; {
		i := strings.Index(low[from:], w)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(w)
		if end < len(low) && low[end] == 's' {
			end++
		}
		starts := i == 0 || !isLetter(name[i-1]) || isUpper(name[i]) && !isUpper(name[i-1])
		ends := end == len(low) || end >= len(name) || !isLetter(name[end]) || isUpper(name[end])
		if len(low) == len(name) && starts && ends {
			return true
		}
		from = i + 1
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }

// Bytes masks the secrets in a payload that is shown unchanged: the values of
// fields with a secret's name in JSON, in Python's dicts and in lines of
// "name: value". b is not written to.
func Bytes(b []byte, show string) []byte {
	var out []byte
	kept := 0
	for i := 0; i < len(b); i++ {
		if b[i] != ':' {
			continue
		}
		name := nameBefore(b, i)
		if name == "" || !SecretField(name) || Shown(show, name) {
			continue
		}
		from, to := valueAfter(b, i+1)
		if to <= from || from < kept {
			continue
		}
		out = append(append(out, b[kept:from]...), Text...)
		kept, i = to, to-1
	}
	if out == nil {
		return b
	}
	return append(out, b[kept:]...)
}

// Raw is Bytes for what a key holds: all of it where the key itself is called a
// secret, and where bytes that are no text name one.
func Raw(b []byte, key, show string) []byte {
	switch {
	case len(b) == 0 || show == "*":
		return b
	case SecretKey(key) && !Shown(show, key):
		return []byte(Text)
	case bytes.IndexByte(b, 0) >= 0 && SecretField(string(b)):
		return []byte(Text)
	}
	return Bytes(b, show)
}

// nameBefore is the name that ends before the colon at i, with or without quotes.
func nameBefore(b []byte, i int) string {
	end := i
	for end > 0 && b[end-1] == ' ' {
		end--
	}
	escaped := false
	if end > 0 && (b[end-1] == '"' || b[end-1] == '\'') {
		quote := b[end-1]
		end--
		if end > 0 && b[end-1] == '\\' {
			end, escaped = end-1, true
		}
		start := bytes.LastIndexByte(b[:end], quote)
		if start < 0 || escaped && start == 0 {
			return ""
		}
		return string(b[start+1 : end])
	}
	start := end
	for start > 0 && (isLetter(b[start-1]) || b[start-1] >= '0' && b[start-1] <= '9' || b[start-1] == '_' || b[start-1] == '-' || b[start-1] == '.') {
		start--
	}
	return string(b[start:end])
}

// valueAfter is where the value after a colon lies: the inside of a text, a
// whole object or array, else all up to a comma, a bracket or the line's end.
func valueAfter(b []byte, i int) (from, to int) {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	if i >= len(b) {
		return i, i
	}
	escaped := b[i] == '\\' && i+1 < len(b) && b[i+1] == '"' // JSON text inside JSON
	if escaped {
		i++
	}
	switch c := b[i]; c {
	case '"', '\'':
		end := i + 1
		for end < len(b) && (b[end] != c || b[end-1] == '\\' && !escaped) {
			end++
		}
		if escaped && end > i+1 {
			end--
		}
		return i + 1, min(end, len(b))
	case '{', '[':
		depth, inText := 0, false
		for end := i; end < len(b); end++ {
			switch {
			case b[end] == '"' && b[end-1] != '\\':
				inText = !inText
			case inText:
			case b[end] == '{' || b[end] == '[':
				depth++
			case b[end] == '}' || b[end] == ']':
				if depth--; depth == 0 {
					return i, end + 1
				}
			}
		}
		return i, len(b)
	}
	end := i
	for end < len(b) && b[end] != ',' && b[end] != '}' && b[end] != ']' && b[end] != '\n' {
		end++
	}
	if word := string(bytes.TrimSpace(b[i:end])); word == "null" || word == "None" || word == "true" || word == "false" {
		return i, i
	}
	return i, end
}
