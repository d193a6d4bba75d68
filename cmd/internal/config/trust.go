package config

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A file that merely lies in the working directory may send only what it holds
// itself to an address that it names. Where it would send something else, the
// content of another file or a secret of the environment, or run a hook, it
// must be trusted once.

// Asker decides whether a found file may be used. what lists what the file
// would do, one line each. nil allows nothing.
type Asker func(path string, content []byte, what []string) error

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

// destination is one server that something is sent to.
type destination struct {
	name    string // "redis", "api"
	address string // for people
	by      source
	things  []sent
}

// violations lists what found files would send that they do not hold, by the
// file that would.
func (c *Config) violations(yamlFound bool) map[source][]string {
	out := map[source][]string{}
	add := func(by source, what string) {
		if !slices.Contains(out[by], what) {
			out[by] = append(out[by], what)
		}
	}
	for _, d := range []destination{c.redisDestination(yamlFound), c.apiDestination(yamlFound)} {
		for _, s := range d.things {
			switch {
			case d.by == byDotenv || d.by == byYAML:
				if s.from != d.by {
					add(d.by, fmt.Sprintf("send %s to %s", s.what, d.address))
				}
			case s.from == byFile:
				add(c.fileNamer(d.name, yamlFound), fmt.Sprintf("send %s to %s", s.what, d.address))
			}
		}
	}
	if yamlFound && len(c.Hooks.Exec) > 0 {
		add(byYAML, "run "+c.Hooks.Exec[0]+" when an alert fires")
	}
	if yamlFound && c.Hooks.Webhook != "" {
		add(byYAML, "send alerts to "+c.Hooks.Webhook.String())
	}
	return out
}

// fileNamer returns which found file names a file whose content is sent.
func (c *Config) fileNamer(name string, yamlFound bool) source {
	if yamlFound && (name == "redis" && c.file.Redis.PasswordFile != "" || name == "api" && c.file.API.TokenFile != "") {
		return byYAML
	}
	return byDotenv
}

// writerOf is who wrote the configuration file.
func writerOf(yamlFound bool) source {
	if yamlFound {
		return byYAML
	}
	return byUser
}

// addressOf returns who names the address at path, which REDIS_URL or its like
// may give.
func (c *Config) addressOf(path, env, inFile string, yamlFound bool) source {
	e := c.dec.env
	switch origin := c.origin[path]; {
	case strings.HasPrefix(origin, "--"):
		return byUser
	case origin == env:
		by, _ := e.setBy(env)
		if by == byDotenv {
			return e.addressBy(e.rawDotenv(env), byDotenv)
		}
		if by == byFile {
			return byDotenv
		}
		return by
	case inFile == "":
		return byUser
	}
	raw := inFile
	for _, x := range c.expansions() {
		if x.path == path {
			raw = x.raw
		}
	}
	return e.addressBy(raw, writerOf(yamlFound))
}

// credentialFrom returns a secret that comes from env, else from the file at path.
func (c *Config) credentialFrom(path, env string, inFile, viaFile string, yamlFound bool) []sent {
	e := c.dec.env
	if c.origin[path] == env {
		by, _ := e.setBy(env)
		out := []sent{{env + " of the environment", by}}
		if by == byDotenv {
			out = append(out, e.variablesIn(e.rawDotenv(env), "")...)
		}
		return out
	}
	if viaFile != "" {
		by := byUser
		if yamlFound {
			by = byFile
		}
		return []sent{{"the content of " + viaFile, by}}
	}
	if inFile == "" {
		return nil
	}
	for _, x := range c.expansions() {
		if x.path == path {
			return e.variablesIn(x.raw, "")
		}
	}
	return []sent{{path, writerOf(yamlFound)}}
}

// inURL returns what of the environment is in an address.
func (c *Config) inURL(path, env string) []sent {
	e := c.dec.env
	if c.origin[path] == env {
		by, _ := e.setBy(env)
		switch by {
		case byDotenv:
			return e.variablesIn(e.rawDotenv(env), "")
		case byFile:
			return []sent{{"the content of " + e.dotenv[env+"_FILE"], byFile}}
		case byUser, byYAML, byRedis:
		}
		return nil
	}
	return c.expandedIn(path)
}

// expandedIn returns what of the environment is in the sections of the file.
func (c *Config) expandedIn(prefixes ...string) []sent {
	var out []sent
	for _, x := range c.expansions() {
		for _, p := range prefixes {
			if x.path == p || strings.HasPrefix(x.path, p+".") {
				out = append(out, c.dec.env.variablesIn(x.raw, " (in "+x.path+")")...)
			}
		}
	}
	return out
}

// expansions are the ${…} of the file with the paths of their places.
func (c *Config) expansions() []expansion {
	if len(c.dec.expanded) == 0 {
		return nil
	}
	paths := make(map[Pos]string, len(c.dec.pos))
	for path, at := range c.dec.pos {
		if len(path) > len(paths[at]) && !strings.HasSuffix(path, keyMark) {
			paths[at] = path
		}
	}
	out := slices.Clone(c.dec.expanded)
	for i := range out {
		out[i].path = paths[out[i].at]
	}
	return out
}

func (c *Config) redisDestination(yamlFound bool) destination {
	f := c.file.Redis
	d := destination{name: "redis", address: "redis " + c.Redis.URL.String()}
	d.by = c.addressOf("redis.url", "REDIS_URL", string(f.URL), yamlFound)
	d.things = append(d.things, c.inURL("redis.url", "REDIS_URL")...)
	d.things = append(d.things, c.credentialFrom("redis.username", "REDIS_USERNAME", f.Username, "", yamlFound)...)
	d.things = append(d.things, c.credentialFrom("redis.password", "REDIS_PASSWORD", string(f.Password), f.PasswordFile, yamlFound)...)
	if f.TLS.Cert != "" && yamlFound {
		d.things = append(d.things, sent{"the content of " + f.TLS.Cert, byFile})
	}
	d.things = append(d.things, c.expandedIn("data", "vars")...)
	return d
}

func (c *Config) apiDestination(yamlFound bool) destination {
	f := c.file.API
	d := destination{name: "api", address: "api " + c.API.URL.String()}
	if c.API.URL == "" {
		return d
	}
	d.by = c.addressOf("api.url", "DJANGO_API_URL", string(f.URL), yamlFound)
	d.things = append(d.things, c.inURL("api.url", "DJANGO_API_URL")...)
	d.things = append(d.things, c.credentialFrom("api.token", "DJANGO_API_TOKEN", string(f.Token), f.TokenFile, yamlFound)...)
	d.things = append(d.things, c.expandedIn("data", "vars", "api.headers")...)
	if f.TLS.Cert != "" && yamlFound {
		d.things = append(d.things, sent{"the content of " + f.TLS.Cert, byFile})
	}
	if c.looksUpForAPI() && c.addressOf("redis.url", "REDIS_URL", string(c.file.Redis.URL), yamlFound) != d.by {
		d.things = append(d.things, sent{"what it looks up in Redis", byRedis})
	}
	return d
}

// looksUpForAPI reports whether what a lookup finds in Redis goes into a path
// of the API.
func (c *Config) looksUpForAPI() bool {
	for i := range c.file.Data {
		x := &c.file.Data[i].Value
		named := namesIn(x.Fallback.Path)
		for own, list := range x.For {
			if named[own] && c.Lookups[list] {
				return true
			}
		}
		for name := range named {
			if c.Lookups[strings.SplitN(name, ".", 2)[0]] {
				return true
			}
		}
	}
	return false
}

// askTrust has the user decide on what found files would do.
func (c *Config) askTrust(yamlPath string, yaml []byte, yamlFound bool, ask Asker) error {
	for by, what := range c.violations(yamlFound) {
		path, content := DotenvName, []byte(nil)
		if c.dec.env != nil {
			content = c.dec.env.content
		}
		if by == byYAML {
			path, content = yamlPath, yaml
		}
		abs, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		if ask == nil {
			return Untrusted(path, what)
		}
		if err := ask(abs, content, what); err != nil {
			return err
		}
	}
	return nil
}

// Untrusted is the mistake of a found file that nobody has allowed what it
// would do.
func Untrusted(path string, what []string) error {
	name := path
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, path); err == nil && !strings.HasPrefix(rel, "..") {
			name = rel
		}
	}
	return &Error{File: name, Msg: "was only found here and would " + strings.Join(what, "; "), Hint: "if that is right: ticktop config trust"}
}
