package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// maxSecretFile bounds a *_FILE: a secret is a line, not a disk.
const maxSecretFile = 64 << 10

// Env is the environment that a configuration is read in: the process's own,
// then what a .env file adds to it. The zero Env is empty.
type Env struct {
	Warnings []string // lines of the .env that are passed over

	lookup  func(string) (string, bool)
	dotenv  map[string]string
	raw     map[string]string // values of the .env as they are written
	broken  map[string]error  // variables of the .env that cannot be used
	content []byte            // of the .env
	pipes   map[string][]byte // what was read from a pipe, which can be read only once
}

// NewEnv returns the environment of lookup (os.LookupEnv) and of the .env file
// in dir, where there is one; the real environment wins. A .env that cannot be
// read is an error.
func NewEnv(lookup func(string) (string, bool), dir string) (*Env, error) {
	e := &Env{lookup: lookup}
	if err := e.readDotenv(dir); err != nil {
		return nil, err
	}
	return e, nil
}

// namedBy reports whether the process's own environment sets a variable: what a
// .env says was only found.
func (e *Env) namedBy(name string) bool {
	if e == nil || e.lookup == nil {
		return false
	}
	v, ok := e.lookup(name)
	return ok && v != ""
}

// Lookup returns a variable as it is set.
func (e *Env) Lookup(name string) (string, bool) {
	if e == nil {
		return "", false
	}
	if e.lookup != nil {
		if v, ok := e.lookup(name); ok {
			return v, true
		}
	}
	v, ok := e.dotenv[name]
	return v, ok
}

// Get returns a variable's value: its own or, where it is unset or empty, the
// content of the file that NAME_FILE names, without the last line break.
func (e *Env) Get(name string) (string, error) {
	if err := e.brokenErr(name); err != nil {
		return "", err
	}
	if v, ok := e.Lookup(name); ok && v != "" {
		return v, nil
	}
	if err := e.brokenErr(name + "_FILE"); err != nil {
		return "", err
	}
	path, _ := e.Lookup(name + "_FILE")
	if path == "" {
		return "", nil
	}
	v, err := readSecret(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	return v, nil
}

// readSecret returns the content of a file without the last line break.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("%s: %s", path, causeOf(err))
	}
	if !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0 || info.Size() > maxSecretFile {
		return "", fmt.Errorf("%s: not a small file", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %s", path, causeOf(err))
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

// causeOf returns the cause of a file error without its path, which the caller
// has named already.
func causeOf(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}

// expandText fills in ${NAME}, ${NAME:-default} and ${NAME:?message}; "$${" is a
// plain "${". A variable that is not set and has no default is a mistake,
// except those that may be unset. What is filled in is never read as YAML and
// never expanded again.
func (e *Env) expandText(s string) (string, error) {
	if !strings.Contains(s, "${") {
		return s, nil
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			b.WriteString(s)
			return b.String(), nil
		}
		if i > 0 && s[i-1] == '$' {
			b.WriteString(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			return "", errors.New("\"${\" without its \"}\"")
		}
		v, err := e.expandOne(s[i+2 : i+end])
		if err != nil {
			return "", err
		}
		b.WriteString(s[:i] + v)
		s = s[i+end+1:]
	}
}

func (e *Env) expandOne(expr string) (string, error) {
	name, alt, op := expr, "", byte(0)
	if i := strings.IndexByte(expr, ':'); i >= 0 && i+1 < len(expr) {
		name, op, alt = expr[:i], expr[i+1], expr[i+2:]
	}
	if !envName(name) || op != 0 && op != '-' && op != '?' {
		return "", fmt.Errorf("%q is not an environment variable; use ${NAME} or ${NAME:-default}", "${"+expr+"}")
	}
	v, err := e.Get(name)
	if err != nil || v != "" {
		return v, err
	}
	if op == '?' {
		if alt == "" {
			alt = "must be set"
		}
		return "", fmt.Errorf("environment variable %s: %s", name, alt)
	}
	if _, set := e.Lookup(name); op == 0 && !set && !slices.Contains(mayBeUnset, name) {
		return "", fmt.Errorf("environment variable %s is not set; set it, or write ${%s:-default}", name, name)
	}
	return alt, nil
}

func envName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
