package faults

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// TestRedisKilled: the values stay, dimmed, with an age that counts.
func TestRedisKilled(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL())})
	equity := regexp.MustCompile(`48,910\.10`)
	bright := r.style(equity)
	r.try(row{
		name: "Redis killed", noticed: time.Second, healed: 3 * time.Second,
		inject: s.Kill,
		words:  shows(`redis ✕ refused`, `pubsub ✕ refused`, `stale.*redis: refused`),
		during: func() {
			r.until(patience, "the age counts", r.when(shows(`stale 2 s · redis: refused`)))
			if r.style(equity) == bright {
				t.Error("a value that is only the last one known is not dimmed")
			}
		},
		repair: func() { s.Restart(); fill(s, 11) }, calm: calm(11),
	})
}

// TestRedisHung: the process is there and says nothing.
func TestRedisHung(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL())})
	r.try(row{
		name: "Redis hung (SIGSTOP)", noticed: 4 * time.Second, healed: 3 * time.Second,
		inject: s.Stop,
		words:  shows(`redis ✕ no answer`, `pubsub ✕ no answer`, `stale.*redis: no answer`),
		repair: func() { s.Cont(); fill(s, 11) }, calm: calm(11),
	})
}

// TestLink: what a network can do to a connection.
func TestLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		mode            servertest.Mode
		words           string
		noticed, healed time.Duration
	}{
		{"link stalled", servertest.Stall, "no answer", 4 * time.Second, 3 * time.Second},
		{"link is a black hole", servertest.BlackHole, "no answer", 4 * time.Second, 5 * time.Second},
		{"balancer without a backend", servertest.Refuse, "connection lost", time.Second, 3 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.Redis(t)
			p := servertest.Proxy(t, s.Addr())
			r := newRig(t, s, setup{redis: redisURL("redis://" + p.Addr())})
			r.try(row{
				name: c.name, noticed: c.noticed, healed: c.healed,
				inject: func() {
					p.Set(c.mode)
					if c.mode == servertest.Refuse {
						p.Cut()
					}
				},
				words:  shows(`redis ✕ `+c.words, `pubsub ✕ `+c.words, `stale.*redis: `+c.words),
				repair: func() { fill(s, 11); p.Set(servertest.Pass) }, calm: calm(11),
			})
		})
	}
}

// TestSubscriptionCut: values are polled meanwhile, and after it nothing is
// missed. A subscription that is only killed is back before the next picture,
// so the proxy keeps it away for a while.
func TestSubscriptionCut(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	p := servertest.Proxy(t, s.Addr())
	r := newRig(t, s, setup{redis: redisURL("redis://" + p.Addr())})
	r.try(row{
		name: "pub/sub cut alone", noticed: time.Second, healed: 3 * time.Second,
		inject: func() {
			p.Set(servertest.Refuse)
			s.Do("CLIENT", "KILL", "TYPE", "pubsub")
		},
		words: shows(`redis ●`, `pubsub ✕ connection lost`, `polling · pubsub: connection lost`),
		during: func() {
			fill(s, 11) // into the gap: the keys tell
			r.until(patience, "polled values", r.when(shows(`1\.08111`, `48,911\.10`, `trade 11`)))
		},
		repair: func() { p.Set(servertest.Pass); fill(s, 12) }, calm: calm(12),
	})
	for n := 13; n < 18; n++ {
		s.Do("CLIENT", "KILL", "TYPE", "pubsub")
		fill(s, n)
		r.until(patience, "what was published in a gap", r.when(calm(n)))
	}
	// The server lets a killed subscriber go at once: one it counts has joined again.
	servertest.Until(t, patience, "rejoined", func() bool {
		reply, _ := s.Do("PUBSUB", "NUMSUB", "notifications:ACC-1001").([]any)
		return len(reply) == 2 && fmt.Sprint(reply[1]) == "1"
	})
	for n := 20; n < 25; n++ {
		notify(s, n)
	}
	r.until(patience, "every message after the rejoin", r.when(shows(`notice 20`, `notice 21`, `notice 22`, `notice 23`, `notice 24`)))
}

// ana is the user that rows about rights restrict; producers are the default
// user.
func ana(t *testing.T, opts ...servertest.Option) (*servertest.Server, string) {
	t.Helper()
	s := servertest.Redis(t, append(opts, servertest.User("ana", "on", ">pw", "~*", "&*", "+@all"))...)
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("ana", "pw")
	return s, u.String()
}

func TestSubscribeRefused(t *testing.T) {
	t.Parallel()
	s, url := ana(t)
	r := newRig(t, s, setup{redis: redisURL(url)})
	r.try(row{
		name: "subscribe refused", noticed: time.Second, healed: 3 * time.Second,
		inject: func() { s.Do("ACL", "SETUSER", "ana", "resetchannels", "&notifications:*") }, // Redis cuts the connection
		words:  shows(`redis ●`, `pubsub ◐ no permission`, `no permission \(ticks:EURUSD`, `polling · pubsub: no permission`),
		during: func() {
			notify(s, 12)
			r.until(patience, "the other channel goes on", r.when(shows(`notice 12`)))
		},
		repair: func() { fill(s, 11); s.Do("ACL", "SETUSER", "ana", "allchannels") }, calm: calm(11),
	})
}

// TestReadRefused: the panels of that kind of data, and no other. Strings and
// hashes are read with bounded commands, but it is the plain one that people
// take away.
func TestReadRefused(t *testing.T) {
	t.Parallel()
	s, url := ana(t)
	r := newRig(t, s, setup{redis: redisURL(url)})
	n := 11
	for _, c := range []struct {
		command string
		data    []string
	}{
		{"get", []string{"quote.EURUSD", "quote.GBPUSD", "positions", "counter"}},
		{"hgetall", []string{"account"}},
		{"zrange", []string{"equity"}},
	} {
		words := []string{`redis ●`, `stale.*no permission \(` + c.command}
		for _, d := range c.data {
			words = append(words, regexp.QuoteMeta(d)+` +stale .*redis: no permission \(`+c.command)
		}
		r.try(row{
			name: "read refused (ACL -" + c.command + ")", noticed: nextPoll, healed: nextPoll,
			inject: func() { s.Do("ACL", "SETUSER", "ana", "-"+c.command) },
			words:  shows(words...),
			during: func() { r.others(c.data...) },
			repair: func() { fill(s, n); s.Do("ACL", "SETUSER", "ana", "+"+c.command) }, calm: calm(n),
		})
		n++
	}
}

// others fails when any datum but these is not live, by the health panel.
func (r *rig) others(but ...string) {
	r.t.Helper()
	for _, name := range []string{"account", `quote.EURUSD`, `quote.GBPUSD`, "positions", "equity", "counter", "notices", "tape", "log"} {
		if ok := regexp.MustCompile(regexp.QuoteMeta(name) + ` +live`).MatchString(r.text()); ok == slices.Contains(but, name) {
			r.t.Errorf("%s: live %v\n%s", name, ok, r.text())
		}
	}
}

// TestPasswordChanged: the words are there, and nobody knocks like mad.
func TestPasswordChanged(t *testing.T) {
	t.Parallel()
	s, url := ana(t)
	r := newRig(t, s, setup{redis: redisURL(url)})
	before := connections(s)
	r.try(row{
		name: "password changed", noticed: 3 * time.Second, healed: 3 * time.Second,
		inject: func() { s.Do("ACL", "SETUSER", "ana", "resetpass", ">other"); s.Do("CLIENT", "KILL", "USER", "ana") },
		words:  shows(`redis ✕ wrong password`, `pubsub ✕ wrong password`, `stale.*redis: wrong password`),
		during: func() {
			r.until(patience, "three seconds of it", r.when(shows(`stale 3 s`)))
			if n := connections(s) - before; n > 40 {
				t.Errorf("%d connections in three seconds", n)
			}
		},
		repair: func() { fill(s, 11); s.Do("ACL", "SETUSER", "ana", ">pw") }, calm: calm(11),
	})
}

// connections is how many the server has received so far.
func connections(s *servertest.Server) int {
	_, rest, _ := strings.Cut(fmt.Sprint(s.Do("INFO", "stats")), "total_connections_received:")
	n := 0
	_, _ = fmt.Sscan(rest, &n)
	return n
}

// TestPasswordFile: a new password is picked up from its file, without a restart.
func TestPasswordFile(t *testing.T) {
	t.Parallel()
	s, _ := ana(t)
	file := filepath.Join(t.TempDir(), "password")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("pw\n")
	r := newRig(t, s, setup{redis: fmt.Sprintf("url: %q, username: ana, password_file: %q", s.URL(), file)})
	r.try(row{
		name: "password changed, then its file", noticed: 3 * time.Second, healed: 3 * time.Second,
		inject: func() { s.Do("ACL", "SETUSER", "ana", "resetpass", ">other"); s.Do("CLIENT", "KILL", "USER", "ana") },
		words:  shows(`redis ✕ wrong password`, `pubsub ✕ wrong password`),
		repair: func() { fill(s, 11); write("other\n") }, calm: calm(11),
	})
}

// TestTLS: certificates of both sides; one that is not good is distinguished from others
// by its words.
func TestTLS(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.TLS(true))
	tls := fmt.Sprintf(", tls: {ca: %q, cert: %q, key: %q}", s.Certs.CA, s.Certs.ClientCert, s.Certs.ClientKey)
	r := newRig(t, s, setup{redis: redisURL(s.URL()) + tls})
	cert, err := os.ReadFile(s.Certs.ClientCert)
	if err != nil {
		t.Fatal(err)
	}
	put := func(b []byte) {
		if err := os.WriteFile(s.Certs.ClientCert, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.try(row{
		name: "TLS: client certificate gone bad", noticed: 3 * time.Second, healed: 3 * time.Second,
		inject: func() {
			put([]byte("not a certificate"))
			s.Do("CLIENT", "KILL", "TYPE", "normal")
			s.Do("CLIENT", "KILL", "TYPE", "pubsub")
		},
		words:  shows(`redis ✕ tls failed`, `pubsub ✕ tls failed`, `stale.*redis: tls failed`),
		repair: func() { put(cert); fill(s, 11) }, calm: calm(11),
	})
}

func TestWrongType(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL())})
	r.try(row{
		name: "wrong type", noticed: nextPoll, healed: nextPoll,
		inject: func() { s.Do("DEL", "account:ACC-1001"); s.Do("ZADD", "account:ACC-1001", 1, "x") },
		words:  shows(`redis ●`, `expected hash, is zset`),
		during: func() { r.others("account") },
		repair: func() { s.Do("DEL", "account:ACC-1001"); fill(s, 11) }, calm: calm(11),
	})
}

// TestNotReady: servers that answer, but not with data.
func TestNotReady(t *testing.T) {
	t.Parallel()
	t.Run("MASTERDOWN", func(t *testing.T) {
		t.Parallel()
		s := servertest.Redis(t, servertest.Config("replica-serve-stale-data", "no"))
		r := newRig(t, s, setup{redis: redisURL(s.URL())})
		r.try(row{
			name: "MASTERDOWN", noticed: 2 * time.Second, healed: 3 * time.Second,
			inject: func() { s.Do("REPLICAOF", "127.0.0.1", "1") },
			words:  shows(`redis ◐ not ready`, `stale.*redis: masterdown`),
			repair: func() { s.Do("REPLICAOF", "NO", "ONE"); fill(s, 11) }, calm: calm(11),
		})
	})
	t.Run("LOADING", func(t *testing.T) {
		t.Parallel()
		s := servertest.Redis(t, servertest.Config("key-load-delay", "1000"), servertest.Config("loading-process-events-interval-bytes", "1024"))
		r := newRig(t, s, setup{redis: redisURL(s.URL())})
		s.Do("EVAL", `for i = 1, 4000 do redis.call('SET', 'ballast:' .. i, string.rep('x', 100)) end`, 0)
		done := make(chan struct{})
		r.try(row{
			name: "LOADING", noticed: 2 * time.Second, healed: 3 * time.Second,
			inject: func() {
				c := s.Dial()
				go func() {
					defer close(done)
					_, _ = c.Do("DEBUG", "RELOAD") // answers when it is done
				}()
			},
			words:  shows(`redis ◐ not ready`, `stale.*redis: loading`),
			repair: func() { <-done; fill(s, 11) }, calm: calm(11),
		})
	})
}

// TestCluster: a node is away. Its own keys are the first to know; once the
// other nodes have agreed on it, they refuse all.
func TestCluster(t *testing.T) {
	t.Parallel()
	set := servertest.Cluster(t, 3)
	r := newRig(t, set, setup{redis: redisURL(set.URL())})
	state := func(s *servertest.Server, want string) {
		servertest.Until(t, 30*time.Second, "the cluster is "+want, func() bool {
			return strings.Contains(fmt.Sprint(s.Do("CLUSTER", "INFO")), "cluster_state:"+want)
		})
	}
	r.try(row{
		name: "CLUSTERDOWN (one node of three killed)", noticed: 2 * time.Second, healed: 3 * time.Second,
		inject: set.Nodes[2].Kill,
		words:  shows(`stale.*redis: (refused|connection lost|clusterdown)`),
		during: func() {
			state(set.Nodes[0], "fail")
			state(set.Nodes[1], "fail")
			r.within(2*time.Second, "that word", shows(`redis ✕ cluster down`, `stale.*redis: clusterdown`))
		},
		repair: func() {
			set.Nodes[2].Restart()
			for _, n := range set.Nodes {
				state(n, "ok")
			}
			fill(set, 11)
		},
		calm: calm(11),
	})
}
