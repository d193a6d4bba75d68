package config

import (
	"fmt"
	"os"
	"path/filepath"
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

// destination is one server that something is sent to.
type destination struct {
	name    string // "redis", "api"
	address string // for people
	by      source
	things  []sent
}

// askTrust has the user decide on what found files would do.
func (c *Config) askTrust(yamlPath string, yaml []byte, yamlFound bool, ask Asker) error {
	r := &trustReview{config: c, env: c.dec.env, yamlFound: yamlFound}
	for by, what := range r.violations() {
		path, content := DotenvName, []byte(nil)
		if r.env != nil {
			content = r.env.content
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

// trustReview finds what found files would send that they do not hold.
type trustReview struct {
	config    *Config
	env       *Env
	yamlFound bool // the configuration file was found, not named
}

// violations lists what found files would send that they do not hold, by the
// file that would.
func (r *trustReview) violations() map[source][]string {
	out := map[source][]string{}
	add := func(by source, what string) {
		if !slices.Contains(out[by], what) {
			out[by] = append(out[by], what)
		}
	}
	for _, d := range []destination{r.redisDestination(), r.apiDestination()} {
		for _, s := range d.things {
			switch {
			case d.by == byDotenv || d.by == byYAML:
				if s.from != d.by {
					add(d.by, fmt.Sprintf("send %s to %s", s.what, d.address))
				}
			case s.from == byFile:
				add(r.fileNamer(d.name), fmt.Sprintf("send %s to %s", s.what, d.address))
			}
		}
	}
	if r.yamlFound && len(r.config.Hooks.Exec) > 0 {
		add(byYAML, "run "+r.config.Hooks.Exec[0]+" when an alert fires")
	}
	if r.yamlFound && r.config.Hooks.Webhook != "" {
		add(byYAML, "send alerts to "+r.config.Hooks.Webhook.String())
	}
	return out
}

// fileNamer returns which found file names a file whose content is sent.
func (r *trustReview) fileNamer(name string) source {
	if r.yamlFound && (name == "redis" && r.config.file.Redis.PasswordFile != "" || name == "api" && r.config.file.API.TokenFile != "") {
		return byYAML
	}
	return byDotenv
}

// yamlWriter is who wrote the configuration file.
func (r *trustReview) yamlWriter() source {
	if r.yamlFound {
		return byYAML
	}
	return byUser
}

// addressOf returns who names the address at path, which REDIS_URL or its like
// may give.
func (r *trustReview) addressOf(path, env, inFile string) source {
	e := r.env
	switch origin := r.config.origin[path]; {
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
	for _, x := range r.expansions() {
		if x.path == path {
			raw = x.raw
		}
	}
	return e.addressBy(raw, r.yamlWriter())
}

// credentialFrom returns a secret that comes from env, else from the file at path.
func (r *trustReview) credentialFrom(path, env string, inFile, viaFile string) []sent {
	e := r.env
	if r.config.origin[path] == env {
		by, _ := e.setBy(env)
		out := []sent{{env + " of the environment", by}}
		if by == byDotenv {
			out = append(out, e.variablesIn(e.rawDotenv(env), "")...)
		}
		return out
	}
	if viaFile != "" {
		by := byUser
		if r.yamlFound {
			by = byFile
		}
		return []sent{{"the content of " + viaFile, by}}
	}
	if inFile == "" {
		return nil
	}
	for _, x := range r.expansions() {
		if x.path == path {
			return e.variablesIn(x.raw, "")
		}
	}
	return []sent{{path, r.yamlWriter()}}
}

// inURL returns what of the environment is in an address.
func (r *trustReview) inURL(path, env string) []sent {
	e := r.env
	if r.config.origin[path] == env {
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
	return r.expandedIn(path)
}

// expandedIn returns what of the environment is in the sections of the file.
func (r *trustReview) expandedIn(prefixes ...string) []sent {
	var out []sent
	for _, x := range r.expansions() {
		for _, p := range prefixes {
			if x.path == p || strings.HasPrefix(x.path, p+".") {
				out = append(out, r.env.variablesIn(x.raw, " (in "+x.path+")")...)
			}
		}
	}
	return out
}

// expansions are the ${…} of the file with the paths of their places.
func (r *trustReview) expansions() []expansion {
	if len(r.config.dec.expanded) == 0 {
		return nil
	}
	paths := make(map[Pos]string, len(r.config.dec.pos))
	for path, at := range r.config.dec.pos {
		if len(path) > len(paths[at]) && !strings.HasSuffix(path, keyMark) {
			paths[at] = path
		}
	}
	out := slices.Clone(r.config.dec.expanded)
	for i := range out {
		out[i].path = paths[out[i].at]
	}
	return out
}

func (r *trustReview) redisDestination() destination {
	f := r.config.file.Redis
	d := destination{name: "redis", address: "redis " + r.config.Redis.URL.String()}
	d.by = r.addressOf("redis.url", "REDIS_URL", string(f.URL))
	d.things = append(d.things, r.inURL("redis.url", "REDIS_URL")...)
	d.things = append(d.things, r.credentialFrom("redis.username", "REDIS_USERNAME", f.Username, "")...)
	d.things = append(d.things, r.credentialFrom("redis.password", "REDIS_PASSWORD", string(f.Password), f.PasswordFile)...)
	if f.TLS.Cert != "" && r.yamlFound {
		d.things = append(d.things, sent{"the content of " + f.TLS.Cert, byFile})
	}
	d.things = append(d.things, r.expandedIn("data", "vars")...)
	return d
}

func (r *trustReview) apiDestination() destination {
	f := r.config.file.API
	d := destination{name: "api", address: "api " + r.config.API.URL.String()}
	if r.config.API.URL == "" {
		return d
	}
	d.by = r.addressOf("api.url", "DJANGO_API_URL", string(f.URL))
	d.things = append(d.things, r.inURL("api.url", "DJANGO_API_URL")...)
	d.things = append(d.things, r.credentialFrom("api.token", "DJANGO_API_TOKEN", string(f.Token), f.TokenFile)...)
	d.things = append(d.things, r.expandedIn("data", "vars", "api.headers")...)
	if f.TLS.Cert != "" && r.yamlFound {
		d.things = append(d.things, sent{"the content of " + f.TLS.Cert, byFile})
	}
	if r.looksUpForAPI() && r.addressOf("redis.url", "REDIS_URL", string(r.config.file.Redis.URL)) != d.by {
		d.things = append(d.things, sent{"what it looks up in Redis", byRedis})
	}
	return d
}

// looksUpForAPI reports whether what a lookup finds in Redis goes into a path
// of the API.
func (r *trustReview) looksUpForAPI() bool {
	for i := range r.config.file.Data {
		x := &r.config.file.Data[i].Value
		named := namesIn(x.Fallback.Path)
		for own, list := range x.For {
			if named[own] && r.config.Lookups[list] {
				return true
			}
		}
		for name := range named {
			if r.config.Lookups[strings.SplitN(name, ".", 2)[0]] {
				return true
			}
		}
	}
	return false
}
