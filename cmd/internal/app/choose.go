package app

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/discover"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// Budgets of a start without a configuration: a Redis that does not answer in
// time gets the built-in dashboard, which says so.
const (
	chooseTimeout    = 1500 * time.Millisecond
	chooseKeys       = 5000
	discoverTimeout  = 15 * time.Second
	discoverMaxKeys  = 50_000
	discoverListen   = 2 * time.Second
	discoveredConfig = "discovered"
	apiGuessLimit    = 3 * time.Second
)

// Choice is the configuration of a start without one.
type Choice struct {
	Config *config.Config
	Load   config.Options // for a reload
	Found  *discover.Result
	Empty  bool // there are no keys, and no API answers

	note      string   // why keys told nothing
	elsewhere []string // Empty: databases of this Redis that have keys
}

// Notice is what the dashboard says of the choice; "" for nothing.
func (c *Choice) Notice() datasource.Safe {
	if c.Found == nil {
		return datasource.Clean(c.note, 0)
	}
	return datasource.Clean("discovered "+discover.Count(c.Found.Families)+" · W writes ticktop.yaml", 0)
}

// Card is what is shown over the dashboard of an empty Redis: what to do next.
// It is nil for any other choice.
func (c *Choice) Card() []datasource.Safe {
	if !c.Empty {
		return nil
	}
	address := c.Config.Redis.URL.String()
	api := "and there is no API (DJANGO_API_URL)."
	if c.Config.API.URL != "" {
		api = "and the API does not answer."
	}
	database := "Is it the right database? The number at the end of the address says which."
	if len(c.elsewhere) > 0 {
		database = "Is it the right database? There is " + strings.Join(c.elsewhere[:min(len(c.elsewhere), 4)], ", ") + ": the number at the end of the address says which."
	}
	lines := []string{
		address + " answers, but it has no keys, " + api,
		"",
		database,
		"Is the producer running? Keys of the built-in dashboard appear here by themselves.",
		"",
		"ticktop demo       a simulated desk: nothing else is needed",
		"ticktop simulate   a market simulator that fills this database",
		"ticktop discover   prints a configuration for what a Redis holds",
	}
	out := make([]datasource.Safe, len(lines))
	for i, l := range lines {
		out[i] = datasource.Clean(l, datasource.MaxCell)
	}
	return out
}

// Choose finds the configuration for a Redis that none was written for: the
// preset whose keys are there, else the one whose API answers, else, where
// progress is not nil, what discover makes of it, else the built-in one. A preset
// remembered for the address comes first where any of its keys is there, or
// none of any preset's.
func Choose(ctx context.Context, c *config.Config, o config.Options, remembered string, log *slog.Logger, progress func(keys int)) *Choice {
	builtIn := &Choice{Config: c, Load: o}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	redis, err := OpenRedis(c.Redis, log)
	if err != nil {
		return builtIn
	}
	defer redis.Close()
	quick, cancel := context.WithTimeout(ctx, chooseTimeout)
	defer cancel()
	found, err := redis.Discover(quick, redisdb.DiscoverOptions{MaxKeys: chooseKeys, KeysOnly: true})
	if err != nil {
		return presetChoice(builtIn, remembered)
	}
	if len(found.Notes) > 0 && len(found.Keys) == 0 {
		chosen := presetChoice(builtIn, remembered)
		chosen.note = found.Notes[0]
		return chosen
	}
	m := &presetMatcher{builtIn: builtIn, keys: found.Keys}
	name := m.best()
	if remembered != "" && (len(found.Keys) == 0 || m.share(remembered, 0) > 0) {
		name = remembered
	}
	if name != "" {
		chosen := presetChoice(builtIn, name)
		if len(found.Keys) == 0 && c.API.URL == "" {
			chosen.noteEmpty(quick, redis)
		}
		return chosen
	}
	if len(found.Keys) == 0 {
		if name := presetByAPI(ctx, c, log); name != "" {
			return presetChoice(builtIn, name)
		}
		builtIn.noteEmpty(ctx, redis)
		return builtIn
	}
	if progress == nil {
		return builtIn
	}
	return discoverConfig(ctx, builtIn, redis, log, progress)
}

// noteEmpty notes that there are no keys, and where there are some.
func (c *Choice) noteEmpty(ctx context.Context, redis *redisdb.Client) {
	ctx, cancel := context.WithTimeout(ctx, chooseTimeout)
	defer cancel()
	c.Empty = true
	if others, err := redis.OtherUsers(ctx); err == nil {
		c.elsewhere = others.Databases
	}
}

// presetChoice loads a preset. The built-in dashboard is there already.
func presetChoice(builtIn *Choice, name string) *Choice {
	if name == "" {
		return builtIn
	}
	o := builtIn.Load
	o.Preset = name
	if name == config.PresetBuiltIn && builtIn.isBuiltIn() {
		return &Choice{Config: builtIn.Config.AsPreset(name), Load: o}
	}
	c, err := config.Load(o)
	if err != nil {
		return builtIn
	}
	return &Choice{Config: c, Load: o}
}

// discoverConfig makes a configuration of what is in Redis.
func discoverConfig(ctx context.Context, builtIn *Choice, redis *redisdb.Client, log *slog.Logger, progress func(keys int)) *Choice {
	ctx, cancel := context.WithTimeout(ctx, discoverTimeout)
	defer cancel()
	o := discover.Options{DiscoverOptions: redisdb.DiscoverOptions{MaxKeys: discoverMaxKeys, Listen: discoverListen, Progress: progress}}
	o.API, o.APIName = DiscoverAPI(builtIn.Config, log)
	r, err := discover.Run(ctx, redis, o)
	if err != nil || r.Families == 0 {
		log.Info("nothing was discovered", "err", err)
		return builtIn
	}
	c, err := config.Parse(discoveredConfig, r.Config, builtIn.Load)
	if err != nil {
		log.Warn("what was discovered makes no configuration", "err", err)
		return builtIn
	}
	c.Path = "" // no file
	return &Choice{Config: c, Load: builtIn.Load, Found: r}
}

// isBuiltIn reports whether the configuration is the built-in one.
func (c *Choice) isBuiltIn() bool {
	return c.Load.File == "" && c.Load.Preset == "" && c.Config.Path == ""
}

// presetMatcher finds the preset whose keys a Redis has. A configuration costs
// milliseconds to read, so that of a preset is only read where the names of the
// keys fit it.
type presetMatcher struct {
	builtIn *Choice
	keys    []redisdb.Key
}

// best returns the preset most of whose keys are there, with the types that it
// reads them as.
func (m *presetMatcher) best() string {
	best, share := "", 0.0
	for _, name := range config.PresetNames() {
		if s := m.share(name, max(share, 0.49)); s > max(share, 0.49) {
			best, share = name, s
		}
	}
	return best
}

// share returns how many of the keys that tell a preset are there, from 0 to 1,
// or 0 where that is not more than least.
func (m *presetMatcher) share(name string, least float64) float64 {
	p, err := config.FindPreset(name)
	if err != nil || len(p.Keys) == 0 {
		return 0
	}
	part := func(fits func(pattern string) bool) float64 {
		hits := 0
		for _, pattern := range p.Keys {
			if fits(pattern) {
				hits++
			}
		}
		return float64(hits) / float64(len(p.Keys))
	}
	named := part(func(pattern string) bool {
		return slices.ContainsFunc(m.keys, func(k redisdb.Key) bool { return matchStars(pattern, k.Name) })
	})
	if named <= least {
		return 0
	}
	c := m.builtIn.Config
	if name != config.PresetBuiltIn || !m.builtIn.isBuiltIn() {
		if c, err = config.Load(config.Options{Preset: name}); err != nil {
			return 0
		}
	}
	kinds := c.KeyPatterns()
	return part(func(pattern string) bool { return anyKey(m.keys, pattern, kinds) })
}

// anyKey reports whether a key matches a preset's pattern and is of the type
// that the preset reads such keys as.
func anyKey(keys []redisdb.Key, pattern string, kinds map[string]datasource.Kind) bool {
	for _, k := range keys {
		if !matchStars(pattern, k.Name) {
			continue
		}
		for at, kind := range kinds {
			if matchStars(at, k.Name) && kind.String() == k.Type {
				return true
			}
		}
	}
	return false
}

// matchStars matches a pattern in which * is anything but a colon.
func matchStars(pattern, s string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !strings.HasPrefix(s, head) {
		return false
	}
	s = s[len(head):]
	if !star {
		return s == ""
	}
	for i := 0; i <= len(s); i++ {
		if matchStars(rest, s[i:]) {
			return true
		}
		if i < len(s) && s[i] == ':' {
			return false
		}
	}
	return false
}

// presetByAPI returns the preset whose API answers.
func presetByAPI(ctx context.Context, c *config.Config, log *slog.Logger) string {
	api, err := OpenAPI(c.API, log)
	if err != nil || api == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for _, p := range config.Presets() {
		for _, path := range p.API {
			if getPath(ctx, api, path) != nil {
				return p.Name
			}
		}
	}
	return ""
}

// getPath is what the API answers at a path; nil for a failure.
func getPath(ctx context.Context, api datasource.Reader, path string) []byte {
	ref := datasource.Ref{Name: "answer", Kind: datasource.KindString, Key: "answer", Fallback: datasource.Endpoint{Path: path}}
	raws, err := api.Read(ctx, []datasource.Request{{Ref: &ref}})
	if err != nil || len(raws) != 1 || raws[0].Err != nil || raws[0].Missing {
		return nil
	}
	return raws[0].Bytes
}

// DiscoverAPI lets discover look for fallbacks in the API of a configuration;
// both are empty without one.
func DiscoverAPI(c *config.Config, log *slog.Logger) (get discover.Getter, name string) {
	api, err := OpenAPI(c.API, log)
	if err != nil || api == nil {
		return nil, ""
	}
	return func(ctx context.Context, path string) []byte {
		ctx, cancel := context.WithTimeout(ctx, apiGuessLimit)
		defer cancel()
		return getPath(ctx, api, path)
	}, api.String()
}
