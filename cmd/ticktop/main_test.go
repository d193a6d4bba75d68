package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"ticktop/datasource/testkit/servertest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ticktop": main})
}

// databases is how many scripts can have a Redis database of their own.
const databases = 64

// TestScripts runs the real main against a real Redis and a real Django REST
// application. Each script has an empty database ($REDIS) and shares the API
// ($API, $TOKEN); $DEAD is an address where nothing listens, $BLIND the server for
// a user blind, whom a script makes.
func TestScripts(t *testing.T) {
	redis := servertest.Redis(t, servertest.Config("databases", fmt.Sprint(databases)))
	locked := servertest.Redis(t, servertest.Password("right"))
	api := servertest.Django(t)
	proxy := servertest.Proxy(t, "127.0.0.1:1")
	proxy.Set(servertest.Reset)
	var next atomic.Int32
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			db := next.Add(1)
			if db >= databases {
				return fmt.Errorf("more than %d scripts", databases)
			}
			e.Setenv("REDIS", fmt.Sprintf("redis://%s/%d", redis.Addr(), db))
			e.Setenv("LOCKED", locked.Addr())
			e.Setenv("BLIND", fmt.Sprintf("redis://blind:pw@%s/0", redis.Addr()))
			e.Setenv("API", api.URL())
			e.Setenv("TOKEN", servertest.DjangoToken)
			e.Setenv("DEAD", proxy.Addr())
			e.Setenv("HOME", e.WorkDir+"/home")
			e.Setenv("TERM", "xterm-256color")
			e.Values["redis"] = redis
			e.Values["db"] = db
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"redis": cmdRedis, "status": cmdStatus},
	})
}

// cmdRedis sends one command to the script's database.
func cmdRedis(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: redis COMMAND ARGUMENT…")
	}
	c := ts.Value("redis").(*servertest.Server).Dial()
	defer c.Close()
	if _, err := c.Do("SELECT", fmt.Sprint(ts.Value("db"))); err != nil {
		ts.Fatalf("select: %v", err)
	}
	words := make([]any, len(args))
	for i, a := range args {
		words[i] = a
	}
	if _, err := c.Do(words...); err != nil {
		ts.Fatalf("%s: %v", strings.Join(args, " "), err)
	}
}

// cmdStatus runs ticktop and checks its exit status: status 3 ticktop snapshot.
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		var code int
		if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &code); scanErr != nil {
			ts.Fatalf("%v", err)
		}
		got = code
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// TestEveryCommandHasHelp keeps the tree of commands whole.
func TestEveryCommandHasHelp(t *testing.T) {
	root := newRoot()
	for _, name := range []string{"demo", "snapshot", "discover", "check", "simulate", "record", "replay", "alerts", "man", "version", "config", "paths"} {
		cmd, _, err := root.Find([]string{name})
		if err != nil || cmd == root || cmd.Short == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
