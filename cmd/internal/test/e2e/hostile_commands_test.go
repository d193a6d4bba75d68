//go:build linux || darwin

package e2e

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/hostile"
	"ticktop/datasource/testkit/servertest"
)

// words are what every argument, flag and variable is tried with.
var words = []string{
	"\x1b]52;c;cm0gLXJmIH4=\x07", "\x1b]0;owned\x07", "\x1b[2J\x1b[H", "\u009b2J", "\x9b2J", "one\ntwo\rthree", "\u202e123", "EUR\u200bUSD",
	"\U000e0041\u3164", "-", "%s%n{{.}}", "",
}

// invocation is a command with one hostile word in it: in its arguments where
// they hold {}, in the environment where that does.
type invocation struct {
	args []string
	env  string
}

func invocations() []invocation {
	arg := func(args ...string) invocation { return invocation{args: args} }
	env := func(env string, args ...string) invocation { return invocation{args, env} }
	out := []invocation{
		arg("{}"), arg("--{}"), arg("-{}"), arg("snapshot", "{}"), arg("help", "{}"), arg("completion", "{}"), arg("completion", "bash"), arg("version", "{}"),
		arg("man", "{}"), arg("config", "{}"), arg("__complete", "{}"), arg("__complete", "snapshot", "--format", "{}"),
		arg("snapshot", "--account", "{}"), arg("snapshot", "--var", "account={}"), arg("snapshot", "--var", "{}=1"), arg("snapshot", "--var", "{}"),
		arg("snapshot", "--symbols", "{}"), arg("snapshot", "--format", "json", "--symbols", "{}"), arg("snapshot", "--format", "csv", "--symbols", "{}"),
		arg("snapshot", "--theme", "{}"), arg("snapshot", "--color", "{}"), arg("snapshot", "--format", "{}"), arg("snapshot", "--config", "/nowhere/{}"),
		arg("snapshot", "--redis", "{}"), arg("snapshot", "--redis", "redis://{}@127.0.0.1:1"), arg("snapshot", "--redis", "unix:///nowhere/{}.sock"),
		arg("snapshot", "--api", "{}"), arg("snapshot", "--api", "http://127.0.0.1:1/{}"), arg("snapshot", "--log-file", "/nowhere/{}"),
		arg("check", "--account", "{}"), arg("check", "--config", "{}"), arg("check", "--api", "http://127.0.0.1:1", "--account", "{}"),
		arg("discover", "--listen", "0", "--match", "{}"), arg("simulate", "--redis", "{}"), arg("simulate", "--symbols", "{}"),
		arg("record", "/nowhere/{}"), arg("record", "--demo", "--for", "1ms", "{}.rec"), arg("replay", "{}"), arg("alerts", "{}"), arg("alerts", "test", "{}"),
		arg("serve", "--listen", "{}", "--demo"), arg("serve", "--authorized-keys", "/nowhere/{}"), arg("serve", "--metrics", "{}", "--demo", "--listen", "127.0.0.1:0"),
		arg("paths", "--config", "{}"),
	}
	for _, name := range []string{"XDG_CONFIG_HOME=/nowhere/", "XDG_STATE_HOME=/nowhere/", "HOME=/nowhere/", "TICKTOP_CONFIG="} {
		out = append(out, env(name+"{}", "paths"))
	}
	for _, name := range []string{"TICKTOP_CONFIG=", "REDIS_URL=", "REDIS_URL=redis://{}:", "REDIS_URL_FILE=/nowhere/", "DJANGO_API_URL=", "DJANGO_API_TOKEN=", "CACHE_TTL=", "TERM=", "TZ=", "LANG="} {
		out = append(out, env(name+"{}", "check"), env(name+"{}", "snapshot"))
	}
	return out
}

// TestHostileCommands: no command prints a control character, whatever it is
// given and however it ends; nor does it crash, or say nothing when it fails.
func TestHostileCommands(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	texts := hostile.Texts()
	poison(t, redis.Dial(), texts)
	all := invocations()
	if testing.Short() {
		all = all[:12]
	}
	for i, in := range all {
		word := words[i%len(words)]
		try(t, redis.URL(), in, word)
		if slices.ContainsFunc(in.args, func(a string) bool { return strings.Contains(a, "{}") }) && !strings.Contains(word, "\x1b") {
			try(t, redis.URL(), in, words[0])
		}
	}
}

func try(t *testing.T, redis string, in invocation, word string) {
	t.Helper()
	var args []string
	for _, a := range in.args {
		args = append(args, strings.ReplaceAll(a, "{}", word))
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.WaitDelay = time.Second
	cmd.Dir = t.TempDir()
	cmd.Env = environ(cmd.Dir, "REDIS_URL="+redis)
	if in.env != "" {
		cmd.Env = append(cmd.Env, strings.ReplaceAll(in.env, "{}", word))
	}
	out, err := cmd.CombinedOutput()
	status := exitStatus(t, err)
	if ctx.Err() != nil || status < 0 || status > 4 {
		t.Errorf("%q %q: exit status %d, %v\n%s", args, in.env, status, ctx.Err(), out)
	}
	if status != 0 && len(strings.TrimSpace(string(out))) == 0 {
		t.Errorf("%q %q: exit status %d and not a word", args, in.env, status)
	}
	for _, v := range printed(out) {
		t.Errorf("%q %q: %s\n%.400q", args, in.env, v, out)
	}
}

// printed are the violations of what a command printed: lines of text, no
// sequence at all where standard output is no terminal.
func printed(out []byte) []string {
	s := newScreen(200, 100, func(string) {})
	s.plain = true
	s.feed([]byte(strings.ReplaceAll(string(out), "\n", "\r\n")))
	s.flush()
	if s.bells > 0 {
		s.violate("%d bells", s.bells)
	}
	return s.violations
}

// TestHostileRecording: what a recording holds is as strange as what was
// recorded; it is reported as text, and alerts are tried on it.
func TestHostileRecording(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	texts := hostile.Texts()
	poison(t, redis.Dial(), texts)
	shout(t, redis.Dial(), texts)
	config, file := hostileDesk(t, texts), filepath.Join(t.TempDir(), "tape")
	f, err := os.OpenFile(config, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("alerts: [{when: \"missing(gone)\", name: \"\\e]52;c;AA\\a\\u202e日経\"}]\n")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"record", file, "--for", "2s", "--config", config},
		{"replay", file, "--config", config},
		{"alerts", "test", file, "--config", config},
		{"snapshot", "--config", config}, {"snapshot", "--config", config, "--format", "json"}, {"snapshot", "--config", config, "--format", "csv"},
		{"check", "--config", config}, {"discover", "--listen", "500ms"},
	} {
		try(t, redis.URL(), invocation{args: args}, "")
	}
}
