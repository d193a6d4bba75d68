//go:build linux || darwin

package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// operated is a server as an operator runs it: with metrics, a log in a file and
// a file of keys.
type operated struct {
	*server
	metrics, log, keys string
}

func newOperated(t *testing.T, redis string, users string) *operated {
	t.Helper()
	o := &operated{server: &server{t: t, dir: t.TempDir()}, metrics: freeAddr(t)}
	o.config, o.log, o.keys = filepath.Join(o.dir, "ticktop.yaml"), filepath.Join(o.dir, "serve.log"), filepath.Join(o.dir, "keys")
	if err := os.WriteFile(o.keys, []byte(o.key("root")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.write(users)
	o.more = []string{"--metrics", o.metrics, "--log-file", o.log, "--authorized-keys", o.keys}
	o.serve(redis)
	return o
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// get asks the server's own HTTP side.
func (o *operated) get(path string) (status int, body string) {
	o.t.Helper()
	res, err := http.Get("http://" + o.metrics + path)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

// metric returns a sample of /metrics, "" when it is not there.
func (o *operated) metric(name string) string {
	o.t.Helper()
	_, body := o.get("/metrics")
	m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return m[1]
}

func (o *operated) logged(text string) bool {
	o.t.Helper()
	b, err := os.ReadFile(o.log)
	return err == nil && strings.Contains(string(b), text)
}

func (o *operated) readyIn(d time.Duration, want int, text string) {
	o.t.Helper()
	begin, status, body := time.Now(), 0, ""
	for time.Since(begin) < d {
		if status, body = o.get("/readyz"); status == want && strings.Contains(body, text) {
			o.t.Logf("%d %q after %v", status, text, time.Since(begin).Round(10*time.Millisecond))
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	o.t.Errorf("/readyz is %d %q, want %d %q", status, body, want, text)
}

// TestOperations_Readiness: without a visitor, and after the last one has left,
// a balancer learns within seconds whether Redis answers.
func TestOperations_Readiness(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	o := newOperated(t, redis.URL(), "")
	o.readyIn(5*time.Second, 200, "ok")
	if got := o.metric(`ticktop_source_up{source="redis"}`); got != "1" {
		t.Errorf("source_up of redis is %q before the first visitor", got)
	}
	redis.Stop()
	o.readyIn(8*time.Second, 503, "redis: no answer")
	redis.Cont()
	o.readyIn(8*time.Second, 200, "ok")

	out, status := o.run(o.ssh("root", "snapshot")) // a visitor who leaves again
	if status != 3 && status != 0 {
		t.Errorf("snapshot: %d %s", status, out)
	}
	c := start(t, terminal{argv: o.ssh("root", "-tt"), dir: o.dir})
	c.see("redis ●")
	c.press("q")
	c.status()
	redis.Stop()
	o.readyIn(8*time.Second, 503, "redis: no answer")
	if got := o.metric(`ticktop_source_up{source="redis"}`); got != "0" {
		t.Errorf("source_up of a hung redis is %q", got)
	}
	redis.Cont()
	o.readyIn(8*time.Second, 200, "ok")
	redis.Kill()
	o.readyIn(8*time.Second, 503, "redis: refused")
	_, body := o.get("/metrics")
	for _, m := range regexp.MustCompile(`(?m)^ticktop_source_up\S* (\S+)$`).FindAllStringSubmatch(body, -1) {
		if m[1] != "0" && m[1] != "1" {
			t.Errorf("%s: neither up nor down", m[0])
		}
	}
	for _, want := range []string{`ticktop_build_info{commit="`, "ticktop_config_age_seconds ", "ticktop_keys_age_seconds ", "ticktop_alerts_evaluated_total ", "ticktop_config_outdated 0"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in /metrics", want)
		}
	}
}

// TestOperations_Hangup: SIGHUP reads configuration and keys again and opens the
// log again, also where nothing told of the change.
func TestOperations_Hangup(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	o := newOperated(t, redis.URL(), "")
	more := o.key("more")
	if _, status := o.run(o.ssh("more", "snapshot")); status != 255 {
		t.Errorf("a key that is not in the file comes in: %d", status)
	}
	if err := os.WriteFile(o.keys, []byte(more+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(o.log, o.log+".1"); err != nil { // as logrotate does
		t.Fatal(err)
	}
	if err := o.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	servertest.Until(t, 5*time.Second, "the log is opened again", func() bool { return o.logged("reloading") && o.logged("configuration reloaded") })
	servertest.Until(t, 5*time.Second, "the key comes in", func() bool {
		_, status := o.run(o.ssh("more", "snapshot"))
		return status != 255
	})
	if info, err := os.Stat(o.log); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the new log: %v, %v", info, err)
	}
	for range 20 { // a storm of them is one reload after the other
		_ = o.cmd.Process.Signal(syscall.SIGHUP)
	}
	o.readyIn(5*time.Second, 200, "ok")

	c := start(t, terminal{argv: o.ssh("more", "-tt"), dir: o.dir})
	c.see("redis ●")
	_ = o.cmd.Process.Signal(syscall.SIGTERM)
	c.status()
	servertest.Until(t, 5*time.Second, "why it stopped is in the log", func() bool {
		return o.logged("msg=stopping reason=SIGTERM sessions=1") && o.logged("msg=stopped sessions_ended=1")
	})
}

// TestOperations_RightsAreOld: a user that is removed from the configuration
// leaves also when that is broken elsewhere; where that cannot be known,
// readiness and a metric say so.
func TestOperations_RightsAreOld(t *testing.T) {
	t.Parallel()
	redis := servertest.Redis(t)
	redis.Do("HSET", "account:ACC-1001", "equity", "11111.11")
	ana, bob := "", ""
	o := newOperated(t, redis.URL(), "")
	ana, bob = o.key("ana"), o.key("bob")
	user := func(name, key string) string { return fmt.Sprintf("  - {name: %s, key: %q}\n", name, key) }
	o.write("users:\n" + user("ana", ana) + user("bob", bob))
	var c *console
	servertest.Until(t, 20*time.Second, "ana comes in", func() bool {
		_, status := o.run(o.ssh("ana", "snapshot"))
		if status == 255 {
			time.Sleep(500 * time.Millisecond) // more at once are too many new connections from one address
		}
		return status != 255
	})
	c = start(t, terminal{argv: o.ssh("ana", "-tt"), dir: o.dir})
	c.see("redis ●")
	o.write("nonsense: 1\nusers:\n" + user("bob", bob))
	begin := time.Now()
	if got := c.status(); got != 1 || !strings.Contains(c.bytes(), "key removed") {
		t.Errorf("ended with %d: %q", got, c.bytes()[max(0, len(c.bytes())-200):])
	}
	servertest.Measured(t, "user removed, configuration broken elsewhere", 5*time.Second, time.Since(begin), "session ended")
	if _, status := o.run(o.ssh("bob", "snapshot")); status == 255 {
		t.Error("who stays in the list is out, too")
	}
	if got := o.metric("ticktop_config_outdated"); got != "1" {
		t.Errorf("config_outdated is %q", got)
	}
	o.write("users: [\n") // nobody can know
	o.readyIn(20*time.Second, 503, "rights old")
	if _, status := o.run(o.ssh("bob", "snapshot")); status == 255 {
		t.Error("bob was never taken away")
	}
	o.write("users:\n" + user("bob", bob))
	o.readyIn(10*time.Second, 200, "ok")

	if err := os.Chmod(o.keys, 0o666); err != nil { // the same for a file of keys
		t.Fatal(err)
	}
	o.readyIn(20*time.Second, 503, "rights old")
	if !o.logged("can be written by others") {
		t.Error("why is not in the log")
	}
	if err := os.Chmod(o.keys, 0o600); err != nil {
		t.Fatal(err)
	}
	o.readyIn(10*time.Second, 200, "ok")
}
