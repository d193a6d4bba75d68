package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

// DotenvName is the file of variables that is read in the working directory.
const DotenvName = ".env"

// maxDotenv bounds a .env file.
const maxDotenv = 1 << 20

// mayBeUnset are the variables that need not be set where they are named.
var mayBeUnset = []string{
	"REDIS_URL", "REDIS_USERNAME", "REDIS_PASSWORD", "CACHE_TTL", "DJANGO_API_URL", "DJANGO_API_TOKEN",
	"TICKTOP_CONFIG", "NO_COLOR", "CLICOLOR_FORCE",
}

// readDotenv reads the .env of a directory into e. Only the syntax of docker
// compose is known: its own reader does the reading.
func (e *Env) readDotenv(dir string) error {
	path := filepath.Join(dir, DotenvName)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && info.IsDir(): // a folder of that name is somebody's virtual environment
		return nil
	case err != nil:
		return &Error{File: DotenvName, Msg: "cannot be read: " + causeOf(err)}
	case !info.Mode().IsRegular():
		return &Error{File: DotenvName, Msg: "is not a regular file", Hint: "remove it, or set the variables in the environment"}
	case info.Size() > maxDotenv:
		return &Error{File: DotenvName, Msg: "is larger than 1 MiB"}
	}
	if err := checkOwner(info); err != nil {
		return &Error{File: DotenvName, Msg: err.Error(), Hint: "it could send your token elsewhere: remove it, or make it yours alone"}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return &Error{File: DotenvName, Msg: "cannot be read: " + causeOf(err)}
	}
	e.content = data
	e.parseDotenv(string(data))
	return nil
}

// assignment is the beginning of a line that sets a variable.
var assignment = regexp.MustCompile(`^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*[=:]\s*`)

// parseDotenv reads the statements one by one, so that what is wrong with one
// does not hide the others and can be told by its line.
func (e *Env) parseDotenv(text string) {
	e.dotenv, e.raw, e.broken = map[string]string{}, map[string]string{}, map[string]error{}
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		at := i + 1
		m := assignment.FindStringSubmatchIndex(line)
		if m == nil {
			e.warnLine(at, "is not an assignment (NAME=value)")
			continue
		}
		name := line[m[2]:m[3]]
		statement, closed := line, true
		if q := firstByte(line[m[1]:]); q == '\'' || q == '"' {
			for closed = quoteEnds(statement[m[1]:], q); !closed && i+1 < len(lines); closed = quoteEnds(statement[m[1]:], q) {
				i++
				statement += "\n" + lines[i]
			}
		}
		if !closed {
			e.breakVar(name, at, "the quote is not closed")
			i = at - 1 // the lines after it are read
			continue
		}
		e.assignLine(name, at, statement, m[1])
	}
}

func firstByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

// quoteEnds reports whether the quote that s begins with is closed in it.
func quoteEnds(s string, quote byte) bool {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case quote:
			return true
		}
	}
	return false
}

// withOperator finds the variables of ${NAME:-default} and its like, which may
// be unset.
var withOperator = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*):?[-+?]`)

// plainly finds the variables of $NAME and ${NAME}.
var plainly = regexp.MustCompile(`\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)

// mayDefault returns the variables that a value only names with an operator.
func mayDefault(value string) []string {
	value = strings.NewReplacer("$$", "", `\$`, "").Replace(value)
	plain := map[string]bool{}
	for _, m := range plainly.FindAllStringSubmatch(value, -1) {
		plain[m[1]+m[2]] = true
	}
	var out []string
	for _, m := range withOperator.FindAllStringSubmatch(value, -1) {
		if !plain[m[1]] {
			out = append(out, m[1])
		}
	}
	return out
}

// assignLine has compose's reader read one statement. value is where its value
// begins.
func (e *Env) assignLine(name string, line int, statement string, value int) {
	optional := mayDefault(statement[value:])
	var missing []string
	var inherited error
	lookup := func(other string) (string, bool) {
		v, ok := e.Lookup(other)
		if err := e.broken[other]; err != nil && inherited == nil && !e.namedBy(other) {
			inherited = err
		}
		if ok || slices.Contains(optional, other) {
			return v, ok
		}
		if !slices.Contains(mayBeUnset, other) {
			missing = append(missing, other)
		}
		return "", true // said by us, not by the library
	}
	out, err := dotenv.UnmarshalWithLookup(statement, lookup)
	switch {
	case inherited != nil:
		e.broken[name] = inherited
	case len(missing) > 0:
		hint := fmt.Sprintf("set %s, write ${%s:-default}, or put a value with $ in single quotes: %s='…'", missing[0], missing[0], name)
		e.broken[name] = &Error{File: fmt.Sprintf("%s:%d", DotenvName, line), Msg: fmt.Sprintf("%s: variable %s is not set", name, missing[0]), Hint: hint}
	case err != nil: // the library quotes the line, which may hold a secret
		e.breakVar(name, line, "cannot be read")
	default:
		v, ok := out[name]
		if !ok {
			e.breakVar(name, line, "cannot be read")
			return
		}
		delete(e.broken, name)
		e.dotenv[name], e.raw[name] = v, braceNames(statement[value:])
	}
}

// braceNames writes $NAME as ${NAME}, without the quotes around the value; what
// is in single quotes holds no variables.
func braceNames(value string) string {
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, "'") {
		return ""
	}
	value = strings.NewReplacer("$$", "", `\$`, "").Replace(strings.Trim(value, `"`))
	return plainly.ReplaceAllString(value, "$${${1}${2}}")
}

// breakVar notes that a variable is set but cannot be read. It is an error for
// the one who uses the variable.
func (e *Env) breakVar(name string, line int, msg string) {
	e.broken[name] = &Error{File: fmt.Sprintf("%s:%d", DotenvName, line), Msg: name + ": " + msg, Hint: "put a value with quotes, # or $ in single quotes"}
}

// warnLine notes a line that is passed over.
func (e *Env) warnLine(line int, msg string) {
	if len(e.Warnings) < maxErrs {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%s:%d: %s", DotenvName, line, msg))
	}
}

// brokenErr returns why a variable of the .env cannot be used, unless the real
// environment sets it.
func (e *Env) brokenErr(name string) error {
	if e == nil || e.broken == nil || e.namedBy(name) {
		return nil
	}
	return e.broken[name]
}
