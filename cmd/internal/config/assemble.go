package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// Defaults where neither flag, environment nor file says anything.
const (
	defaultRedis    = "redis://localhost:6379/0"
	defaultCacheTTL = 60 * time.Second
	defaultPoll     = time.Second
	defaultTimeout  = 3 * time.Second
	defaultNotify   = "bell"
)

// fillIn gives a file that leaves parts out the built-in ones: without data
// the built-in data and their variables; without pages the built-in pages, or
// plain ones for its own data.
func fillIn(f, builtin *file, d *decoder) {
	if len(f.Data) == 0 {
		f.Data = builtin.Data
		for _, it := range builtin.Vars {
			if _, ok := f.Vars.Get(it.Key); !ok {
				f.Vars = append(f.Vars, it)
			}
		}
		if len(f.Pages) == 0 {
			f.Pages = builtin.Pages
		}
	}
	if len(f.Pages) == 0 {
		auto, ad := parseFile(d.file, autoPages(f.Data), d.env)
		f.Pages = auto.Pages
		d.errs = append(d.errs, ad.errs...)
	}
}

// assemble puts flag, environment, file and default together, in this order of
// precedence.
func (c *Config) assemble(o Options) {
	f := c.file
	c.Redis = Redis{
		URL:      URL(c.firstSet("redis.url", "--redis", o.Redis, "REDIS_URL", string(f.Redis.URL), defaultRedis)),
		Username: c.firstSet("redis.username", "", "", "REDIS_USERNAME", f.Redis.Username, ""),
		Password: Secret(c.firstSet("redis.password", "", "", "REDIS_PASSWORD", string(f.Redis.Password), "")),
		CA:       f.Redis.TLS.CA, Cert: f.Redis.TLS.Cert, Key: f.Redis.TLS.Key, Insecure: f.Redis.TLS.Insecure,
		PasswordFile: f.Redis.PasswordFile,
		Sharded:      f.Redis.Sharded,
		Poll:         orDefault(f.Redis.Poll, defaultPoll),
	}
	c.API = API{
		URL:       URL(c.firstSet("api.url", "--api", o.API, "DJANGO_API_URL", string(f.API.URL), "")),
		Token:     Secret(c.firstSet("api.token", "", "", "DJANGO_API_TOKEN", string(f.API.Token), "")),
		TokenFile: f.API.TokenFile,
		Scheme:    orWord(f.API.Scheme, "Token"),
		Timeout:   orDefault(f.API.Timeout, defaultTimeout),
		Share:     f.API.Share,
		CA:        f.API.TLS.CA, Cert: f.API.TLS.Cert, Key: f.API.TLS.Key, Insecure: f.API.TLS.Insecure,
		Headers: f.API.Headers,
	}
	c.secretFiles(o)
	c.cacheTTL()
	c.takeVars(o.Vars)
	c.readHooks()
	c.readUsers()
	c.Zone = c.readZone("timezone", "--timezone", o.Timezone, f.Timezone)
	c.SourceZone = c.readZone("source_timezone", "", "", f.Source)
	c.Serve = Serve{
		MaxSessions: f.Serve.MaxSessions, PerUser: f.Serve.PerUser, PerAddress: f.Serve.PerAddress,
		Idle: f.Serve.Idle.Std(), MaxAge: f.Serve.MaxAge.Std(),
	}
	c.Look = Look{
		Theme: c.flagOrFile("theme", "--theme", o.Theme, f.Theme), Symbols: orWord(f.Symbols, "braille"), Color: c.flagOrFile("color", "--color", o.Color, orWord(f.Color, "auto")),
		Notify: orWord(f.Notify, defaultNotify), Keys: f.Keys, Private: f.Private, Mouse: f.Mouse == nil || *f.Mouse,
	}
}

// firstSet returns the first of flag, environment, file and default that is set.
func (c *Config) firstSet(path, flagName, flag, env, file, fallback string) string {
	if flag != "" {
		c.origin[path] = flagName
		return flag
	}
	v, err := c.dec.env.Get(env)
	if err != nil {
		c.envFailed(path, env, err)
	}
	if path == "redis.password" { // may begin or end with a space
		return orWord(c.notedFromEnv(path, env, strings.TrimRight(v, "\r\n")), orWord(file, fallback))
	}
	return orWord(c.notedFromEnv(path, env, strings.TrimSpace(v)), strings.TrimSpace(orWord(file, fallback)))
}

// envFailed records that a variable of the environment cannot be used, with its
// own place where it has one.
func (c *Config) envFailed(path, env string, err error) {
	var placed *Error
	if errors.As(err, &placed) {
		c.dec.errs = append(c.dec.errs, placed)
		return
	}
	c.origin[path] = env
	c.failAt(path, err.Error(), "")
}

// notedFromEnv notes that a value comes from an environment variable, where it has one.
// Line breaks and blanks around it, which secrets have when they were made by a
// shell, are gone.
func (c *Config) notedFromEnv(path, env, v string) string {
	if v != "" {
		c.origin[path] = env
	}
	return v
}

// flagOrFile is first without an environment variable.
func (c *Config) flagOrFile(path, flagName, flag, file string) string {
	if flag != "" {
		c.origin[path] = flagName
		return flag
	}
	return file
}

// failAt records a mistake where it was made: on the command line, in the
// environment, or at its place in the file.
func (c *Config) failAt(path, msg, hint string) {
	from, ok := c.origin[path]
	if !ok {
		c.dec.failPath(path, msg, hint)
		return
	}
	c.dec.errs = append(c.dec.errs, &Error{Msg: from + ": " + strings.TrimPrefix(msg, from+": "), Hint: hint})
}

// secretFiles leaves a secret that came from a NAME_FILE to be read again by
// the client, so that a rotated one is picked up without a restart.
func (c *Config) secretFiles(o Options) {
	follow := func(name string, secret *Secret, file *string) {
		direct, _ := c.dec.env.Lookup(name)
		if path, _ := c.dec.env.Lookup(name + "_FILE"); direct == "" && path != "" {
			*secret, *file = "", path
		}
	}
	follow("REDIS_PASSWORD", &c.Redis.Password, &c.Redis.PasswordFile)
	follow("DJANGO_API_TOKEN", &c.API.Token, &c.API.TokenFile)
	if c.Redis.Password != "" {
		c.Redis.PasswordFile = ""
	}
	if c.API.Token != "" {
		c.API.TokenFile = ""
	}
}

// cacheTTL takes CACHE_TTL, whole seconds or a duration, before the file.
func (c *Config) cacheTTL() {
	c.CacheTTL = orDefault(c.file.CacheTTL, defaultCacheTTL)
	v, err := c.dec.env.Get("CACHE_TTL")
	if v = strings.TrimSpace(v); err == nil && v != "" {
		c.origin["cache_ttl"] = "CACHE_TTL"
		var d time.Duration
		if d, err = parseDuration(v); err == nil && d > 0 {
			c.CacheTTL = d
		} else if err == nil {
			err = fmt.Errorf("%q is not longer than nothing", v)
		}
	}
	if err != nil {
		c.envFailed("cache_ttl", "CACHE_TTL", err)
	}
}

// takeVars takes the file's variables, then those of the command line: a list
// variable's are separated by commas.
func (c *Config) takeVars(flags map[string]string) {
	c.Vars, c.Lists, c.Choices, c.Lookups = map[string][]string{}, map[string]bool{}, map[string][]string{}, map[string]bool{}
	for _, it := range c.file.Vars {
		c.Vars[it.Key] = uniqueWords(it.Value.Values)
		c.Lists[it.Key] = it.Value.List
		c.Lookups[it.Key] = it.Value.Lookup != nil
	}
	listed := c.listNames()
	for name, value := range flags {
		if _, known := c.Vars[name]; !known && !listed[name] {
			c.unknown = append(c.unknown, name)
		}
		c.origin["vars."+name] = flagOf(name)
		delete(c.Lookups, name) // what is named is not looked up
		if c.Lists[name] || listed[name] {
			c.Vars[name], c.Lists[name] = uniqueWords(strings.Split(value, ",")), true
		} else {
			c.Vars[name] = []string{value}
		}
	}
	for name, values := range c.file.Choices {
		c.Choices[name] = uniqueWords(values)
	}
}

// flagOf is the flag that sets a variable.
func flagOf(name string) string {
	if name == "account" || name == "symbols" {
		return "--" + name
	}
	return "--var " + name
}

// listNames are the variables that some "for" goes through.
func (c *Config) listNames() map[string]bool {
	out := map[string]bool{}
	for _, it := range c.file.Data {
		for _, list := range it.Value.For {
			out[list] = true
		}
	}
	return out
}

// readZone reads the name of a time zone; nil for none.
func (c *Config) readZone(path, flagName, flag, file string) *time.Location {
	name := c.flagOrFile(path, flagName, flag, file)
	switch strings.ToLower(name) {
	case "":
		return nil
	case "local":
		return time.Local
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		c.failAt(path, fmt.Sprintf("unknown time zone %q", name), "UTC, Local or a name such as Europe/London")
	}
	return loc
}

// sourceZoneName is the zone as a Shape has it.
func (c *Config) sourceZoneName() string {
	if c.SourceZone == nil {
		return ""
	}
	return c.SourceZone.String()
}

// uniqueWords drops empty and repeated words and the blanks around them.
func uniqueWords(in []string) []string {
	out := make([]string, 0, len(in))
	for _, s := range in {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// readHooks reads what happens when an alert fires.
func (c *Config) readHooks() {
	h := c.file.Hooks
	c.Hooks = Hooks{Exec: h.Exec, Webhook: h.Webhook, Level: c.dec.readLevel("hooks.level", h.Level), Timeout: orDefault(h.Timeout, 10*time.Second)}
}

func (d *decoder) readLevel(path, word string) datasource.Level {
	l, ok := datasource.ParseLevel(orWord(word, "warning"))
	if !ok {
		d.failPath(path, fmt.Sprintf("unknown level %q", word), didYouMean(word, []string{"info", "warning", "critical"}))
	}
	return l
}

func (c *Config) readUsers() {
	for _, u := range c.file.Users {
		user := User{Name: u.Name, Keys: u.Key, Pages: u.Pages, Private: u.Private, Vars: map[string][]string{}}
		for name, v := range u.Vars {
			user.Vars[name] = uniqueWords(v.Values)
		}
		c.Users = append(c.Users, user)
	}
}

func orWord(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

func orDefault(d Duration, fallback time.Duration) time.Duration {
	if d <= 0 {
		return fallback
	}
	return d.Std()
}
