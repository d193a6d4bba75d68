package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ticktop/datasource/testkit/servertest"
)

// leastRights is the ACL of docs/security.md: what the dashboard needs, and what
// check and discover add. A test keeps both the same.
const (
	leastRights    = "-@all +get +getrange +strlen +hgetall +hscan +hlen +sscan +scard +zrange +zcard +lrange +llen +xrevrange +xlen +pttl +ping +subscribe +psubscribe +unsubscribe +punsubscribe"
	discoverRights = "+scan +type +info +pubsub|channels"
)

const readOnlyScript = `
! exec ticktop snapshot --config desk.yaml
exec ticktop record --config desk.yaml --for 2s tape
! exec ticktop snapshot --format csv
exec ticktop check --config desk.yaml
exec ticktop discover --listen 500ms
-- desk.yaml --
vars:
  members: {set: a:set}
  listed:  {list: a:names}
  asked:   {hash: a:hash}
data:
  set:     {set: a:set}
  of:      {string: "a:of:{m}", for: {m: members}}
  also:    {string: "a:of:{m}", for: {m: listed}}
  fields:  {string: "a:of:{m}", for: {m: asked}}
  newest:  {list: a:list, newest: last}
  last:    {zset: a:zset, latest: true}
  event:   {stream: a:stream, latest: true}
  both:    {join: {x: a:string, y: a:string}}
  text:   {string: a:string, live: ch:a}
  hash:   {hash: a:hash}
  zset:   {zset: a:zset, window: 1h}
  whole:  {zset: a:zset}
  list:   {list: a:list}
  stream: {stream: a:stream}
  gone:   {string: a:gone}
  feed:   {channel: ch:b}
  many:   {channel: "ch:*"}
`

// TestOnlyReads: a user that may do nothing but read is all that ticktop needs,
// and whatever it sends is a command that Redis itself says writes nothing.
func TestOnlyReads(t *testing.T) {
	rights := []string{"on", ">pw", "~*", "&*"}
	rights = append(rights, strings.Fields(leastRights+" "+discoverRights)...)
	redis := servertest.Redis(t, servertest.User("ro", rights...))
	c := redis.Dial()
	defer c.Close()
	do := func(words ...any) any {
		t.Helper()
		v, err := c.Do(words...)
		if err != nil {
			t.Fatal(words, err)
		}
		return v
	}
	do("SET", "a:string", `{"bid":1}`)
	do("HSET", "a:hash", "x", "1")
	do("ZADD", "a:zset", strconv.FormatInt(time.Now().Unix(), 10), "1")
	do("RPUSH", "a:list", "x")
	do("SADD", "a:set", "x", "y")
	do("RPUSH", "a:names", "x", "y")
	do("SET", "a:of:x", "1")
	do("XADD", "a:stream", "*", "x", "1")
	before := do("DEBUG", "DIGEST")
	do("CONFIG", "RESETSTAT")
	do("ACL", "LOG", "RESET")

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readonly.txtar"), []byte(readOnlyScript), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("commands", func(t *testing.T) {
		testscript.Run(t, testscript.Params{Dir: dir, Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir+"/home")
			e.Setenv("REDIS_URL", "redis://ro:pw@"+redis.Addr())
			return nil
		}})
	})

	if after := do("DEBUG", "DIGEST"); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Error("something was written")
	}
	for _, denied := range do("ACL", "LOG", "100").([]any) {
		if !strings.Contains(fmt.Sprint(denied), "acl|") { // check asks what it may, and copes without an answer
			t.Errorf("needs more than %s: %v", leastRights, denied)
		}
	}
	mine := map[string]bool{"config|resetstat": true, "acl|log": true, "debug": true, "info": true, "acl|whoami": true, "acl|dryrun": true}
	sent := 0
	for line := range strings.Lines(fmt.Sprint(do("INFO", "commandstats"))) {
		name, _, ok := strings.Cut(strings.TrimPrefix(line, "cmdstat_"), ":")
		if !ok || mine[name] || name == line {
			continue
		}
		sent++
		info := fmt.Sprint(do("COMMAND", "INFO", name))
		for _, flag := range []string{"write", "admin", "@dangerous"} {
			if strings.Contains(info, flag) {
				t.Errorf("%s is sent: %s", name, info)
			}
		}
	}
	if sent < 10 {
		t.Errorf("only %d commands were seen", sent)
	}
	doc, err := os.ReadFile("../../docs/security.md")
	if err != nil || !strings.Contains(string(doc), leastRights) || !strings.Contains(string(doc), discoverRights) {
		t.Errorf("docs/security.md tells other rights: %v", err)
	}
}
