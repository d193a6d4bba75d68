package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/state"
	"ticktop/ui/keymap"
)

// flags are the common flags; every command takes those that mean something to
// it.
type flags struct {
	config, redis, api, account, symbols string
	preset, timezone                     string
	noState                              bool
	mayAsk                               bool      // the command has the terminal to itself so far
	warned                               sync.Once // of lines in the .env
	vars                                 []string
	theme, color, logFile, record        string
	private                              bool
}

func (f *flags) bindFlags(root *cobra.Command) {
	p := root.PersistentFlags()
	p.StringVar(&f.config, "config", "", "configuration `FILE`")
	p.StringVar(&f.preset, "preset", "", "`NAME` of a configuration that comes with ticktop; config presets lists them")
	p.StringVar(&f.redis, "redis", "", "Redis address, `URL`: redis://host:6379/0, rediss://, unix://, …")
	p.StringVar(&f.api, "api", "", "base `URL` of the Django API")
	p.StringVar(&f.account, "account", "", "account to show, by its `ID`")
	p.StringVar(&f.symbols, "symbols", "", "symbols to show: `A,B`; for demo and simulate also how many")
	p.StringArrayVar(&f.vars, "var", nil, "set a variable of the configuration: `NAME=VALUE` (repeatable)")
	p.StringVar(&f.theme, "theme", "", "theme by its `NAME`, or auto to follow the terminal's background")
	p.StringVar(&f.timezone, "timezone", "", "`ZONE` that times are shown in, such as Europe/London (default the terminal's)")
	p.BoolVar(&f.noState, "no-state", false, "remember nothing, and use nothing that is remembered")
	p.StringVar(&f.color, "color", "", "colour `WHEN`: auto, always or never")
	p.StringVar(&f.logFile, "log-file", "", "log to `FILE` instead of the state directory")
	p.StringVar(&f.record, "record", "", "record what is shown to `FILE`")
	p.BoolVar(&f.private, "private", false, "hide balances")
}

// usagef is an error of the command line: exit status 2.
func usagef(format string, args ...any) error {
	return &app.UsageError{Err: fmt.Errorf(format, args...)}
}

// configOptions turns the flags into what config.Load takes.
func (f *flags) configOptions() (config.Options, error) {
	env, err := config.NewEnv(os.LookupEnv, ".")
	if err != nil {
		return config.Options{}, err
	}
	f.warned.Do(func() {
		for _, w := range env.Warnings {
			printSafe(os.Stderr, "ticktop: %s", w)
		}
	})
	vars := map[string]string{}
	for _, kv := range f.vars {
		k, v, ok := strings.Cut(kv, "=")
		if !ok || k == "" {
			return config.Options{}, usagef("--var %q is not name=value", kv)
		}
		vars[k] = v
	}
	if f.account != "" {
		vars["account"] = f.account
	}
	if f.symbols != "" {
		if len(splitList(f.symbols)) == 0 {
			return config.Options{}, usagef("--symbols %q names no symbol", f.symbols)
		}
		vars["symbols"] = f.symbols
	}
	return config.Options{File: f.config, Preset: f.preset, Env: env, Overrides: config.Overrides{
		Redis: f.redis, API: f.api, Vars: vars, Theme: f.theme, Color: f.color, Timezone: f.timezone,
	}, Keys: checkKeys, Trust: f.trustAsker(env)}, nil
}

// openState is what is remembered between runs; nil with --no-state.
func (f *flags) openState(env *config.Env) *state.Store {
	if f.noState {
		return nil
	}
	return state.Open(config.FindPaths(env, "").State)
}

// checkKeys lets a configuration be checked against the actions of the screen.
func checkKeys(remap map[string][]string) error {
	_, err := keymap.New(remap)
	return err
}

// loadConfig reads the configuration as the flags say.
func (f *flags) loadConfig() (*config.Config, config.Options, error) {
	o, err := f.configOptions()
	if err != nil {
		return nil, o, err
	}
	c, err := config.Load(o)
	f.mayAsk = false // a reload asks nobody
	return c, o, err
}

// loadFor is load for a command that shows a Redis: without a configuration the
// preset that fits is taken. With progress, what discover makes of the keys is
// the last resort before the built-in dashboard.
func (f *flags) loadFor(ctx context.Context, progress func(keys int)) (*app.Choice, error) {
	c, o, err := f.loadConfig()
	if err != nil {
		return nil, err
	}
	if c.Name != config.BuiltIn || o.Preset != "" {
		if err := c.UnknownVars(); err != nil {
			return nil, err
		}
		return &app.Choice{Config: c, Load: o}, nil
	}
	store, address := f.openState(o.Env), c.Redis.URL.String()
	remembered, _ := store.Preset(address)
	chosen := app.Choose(ctx, c, o, remembered, nil, progress)
	if err := chosen.Config.UnknownVars(); err != nil {
		return nil, err
	}
	if name := chosen.Load.Preset; progress != nil && name != "" && store != nil {
		_ = store.SetPreset(address, name) // forgotten is chosen again
	}
	return chosen, nil
}

// symbolCount reads --symbols where it says how many (demo, simulate); names are
// returned as they are.
func (f *flags) symbolCount() (n int, names []string, err error) {
	if f.symbols == "" {
		return 0, nil, nil
	}
	if n, err = strconv.Atoi(f.symbols); err == nil {
		if n < 1 {
			return 0, nil, usagef("--symbols %d: at least one is needed", n)
		}
		return n, nil, nil
	}
	names = splitList(f.symbols)
	if len(names) == 0 {
		return 0, nil, usagef("--symbols %q names no symbol", f.symbols)
	}
	return 0, names, nil
}

// splitList is what stands between commas.
func splitList(s string) (items []string) {
	for _, item := range strings.Split(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// openLog opens the log: --log-file, else one in the state directory. A file
// that was named and cannot be written is an error.
func (f *flags) openLog(env *config.Env) (*slog.Logger, io.Closer, error) {
	path := f.logFile
	if path == "" {
		path = filepath.Join(config.FindPaths(env, "").State, "ticktop.log")
	} else if err := app.CheckLog(path); err != nil {
		return nil, nil, usagef("--log-file: %w", err)
	}
	log, closer := app.OpenLog(path, slog.LevelInfo)
	return log, closer, nil
}
