package config

import (
	"fmt"
	"regexp"
	"strings"
)

// source says who names an address or a secret.
type source uint8

const (
	byUser   source = iota // the command line, the real environment, a named file
	byDotenv               // the .env that was found
	byYAML                 // the ticktop.yaml that was found
	byFile                 // another file, whose content nobody has seen
	byRedis                // what a lookup finds in Redis
)

// sent is one thing that goes to an address.
type sent struct {
	what string
	from source
}

// expansion is one ${…} of the file that was filled in.
type expansion struct {
	at   Pos
	raw  string
	path string // "redis.url"; "" where nothing is sent
}

var variableForm = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)[^}]*\}`)

// hostOf returns the host part of an address whose variables are not filled in,
// each as "\x00NAME\x00".
func hostOf(raw string) string {
	raw = variableForm.ReplaceAllString(raw, "\x00$1\x00")
	if _, rest, ok := strings.Cut(raw, "://"); ok {
		raw = rest
	}
	if i := strings.IndexAny(raw, "/?#"); i >= 0 {
		raw = raw[:i]
	}
	if i := strings.LastIndexByte(raw, '@'); i >= 0 {
		raw = raw[i+1:]
	}
	if i := strings.LastIndexByte(raw, ':'); i >= 0 && !strings.Contains(raw[i:], "]") {
		raw = raw[:i]
	}
	return raw
}

// onlyVariable returns the one variable that a text is made of.
func onlyVariable(s string) (string, bool) {
	name, ok := strings.CutPrefix(s, "\x00")
	name, closed := strings.CutSuffix(name, "\x00")
	return name, ok && closed && !strings.Contains(name, "\x00") && name != ""
}

// setBy returns who sets a variable, and false when nobody does.
func (e *Env) setBy(name string) (source, bool) {
	if e.namedBy(name) {
		return byUser, true
	}
	if e != nil {
		if v := e.dotenv[name]; v != "" {
			return byDotenv, true
		}
		for _, n := range []string{name + "_FILE"} {
			if e.namedBy(n) {
				return byUser, true
			}
			if e.dotenv[n] != "" {
				return byFile, true
			}
		}
	}
	return byUser, false
}

// addressBy returns who names the host of an address that is written as raw in
// a file of the given source.
func (e *Env) addressBy(raw string, writer source) source {
	name, ok := onlyVariable(hostOf(raw))
	if !ok {
		return writer
	}
	by, set := e.setBy(name)
	switch {
	case !set: // its default is
		return writer
	case by == byDotenv && writer == byYAML:
		return e.addressBy(e.rawDotenv(name), byDotenv)
	}
	return by
}

// rawDotenv returns the value of a variable as the .env has it.
func (e *Env) rawDotenv(name string) string { return e.raw[name] }

// variablesIn returns what of the environment is in a text, as things that are
// sent.
func (e *Env) variablesIn(raw string, what string) []sent {
	var out []sent
	for _, m := range variableForm.FindAllStringSubmatch(raw, -1) {
		by, set := e.setBy(m[1])
		if !set {
			continue
		}
		out = append(out, sent{fmt.Sprintf("%s of the environment%s", m[1], what), by})
		if by == byDotenv {
			out = append(out, e.variablesIn(e.rawDotenv(m[1]), what)...)
		}
	}
	return out
}
