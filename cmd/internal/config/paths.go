package config

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

// Paths are the places on this machine, by the XDG base directory
// specification, also on macOS; on Windows below %AppData% and %LocalAppData%.
type Paths struct {
	Search []string // where a configuration is looked for, in order
	State  string   // directory of logs
	Cache  string   // directory of things that can be made again
}

// workingFile is looked for in the working directory.
const workingFile = "ticktop.yaml"

// FindPaths returns the places for an environment. explicit is --config; it
// and $TICKTOP_CONFIG, when set, are the only places.
func FindPaths(env *Env, explicit string) Paths {
	home := dirOf(env, "HOME", "")
	if home == "" {
		home = homeWithoutEnv()
	}
	configHome, state, cache, system := filepath.Join(home, ".config"), filepath.Join(home, ".local", "state"), filepath.Join(home, ".cache"), "/etc"
	if runtime.GOOS == "windows" {
		configHome = dirOf(env, "AppData", configHome)
		local := dirOf(env, "LocalAppData", state)
		state, cache, system = local, local, dirOf(env, "ProgramData", system)
	}
	p := Paths{
		State: filepath.Join(dirOf(env, "XDG_STATE_HOME", state), "ticktop"),
		Cache: filepath.Join(dirOf(env, "XDG_CACHE_HOME", cache), "ticktop"),
	}
	if named, _ := env.Lookup("TICKTOP_CONFIG"); explicit == "" {
		explicit = named
	}
	if explicit != "" {
		p.Search = []string{explicit}
		return p
	}
	p.Search = []string{
		workingFile,
		filepath.Join(dirOf(env, "XDG_CONFIG_HOME", configHome), "ticktop", "config.yaml"),
		filepath.Join(system, "ticktop", "config.yaml"),
	}
	return p
}

// homeWithoutEnv is the home of a process without $HOME, as a unit of systemd may be:
// what the system knows of the user or, for one it does not know, the root, as
// containers have it. Never the working directory.
func homeWithoutEnv() string {
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return home
	}
	if u, err := user.Current(); err == nil && filepath.IsAbs(u.HomeDir) {
		return u.HomeDir
	}
	return string(filepath.Separator)
}

// dirOf returns the directory that a variable names; relative ones are invalid
// by the specification and ignored.
func dirOf(env *Env, name, fallback string) string {
	if v, _ := env.Lookup(name); v != "" && filepath.IsAbs(v) {
		return v
	}
	return fallback
}
