package redisdb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		down func(*servertest.Server)
	}{
		{"kill", (*servertest.Server).Kill},
		{"hang", (*servertest.Server).Stop},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && tc.name == "hang" {
				t.Skip("a second failover takes a while")
			}
			set := servertest.Sentinel(t)
			master := set.Master()
			c := open(t, Options{URL: set.URL()})
			master.Do("SET", "k", "v")
			master.Do("WAIT", 2, 5000)
			k := ref(datasource.KindString, "k")
			if f := failed(t, c, k); f != nil {
				t.Fatal(f)
			}
			e := listen(t, c, 1, "a")
			tc.down(master)
			if f := failed(t, c, k); f == nil || !isServerFault(f) || f.Class != datasource.ClassSwitching {
				t.Errorf("with the master down: %v", f)
			}
			servertest.Until(t, 2*patience, "new master", func() bool { m := set.Master(); return m != nil && m != master })
			servertest.Until(t, 2*patience, "reads from the new master", func() bool {
				raws, err := c.Read(context.Background(), []datasource.Request{all(k)})
				return err == nil && text(&raws[0]) == `"v"`
			})
			n := 0
			servertest.Until(t, 2*patience, "hears the new master", func() bool {
				n++
				set.Master().Do("PUBLISH", "a", fmt.Sprint(n))
				return e.with(func(e *ear) bool { return len(e.heard) > 0 })
			})
		})
	}
}

func TestCluster(t *testing.T) {
	t.Parallel()
	for _, sharded := range []bool{false, true} {
		t.Run(fmt.Sprintf("sharded=%v", sharded), func(t *testing.T) {
			t.Parallel()
			set := servertest.Cluster(t, 3)
			c := open(t, Options{URL: set.URL(), Sharded: sharded})
			var reqs []datasource.Request
			for i := range 30 {
				key := fmt.Sprintf("k%d", i)
				set.Do("SET", key, i)
				reqs = append(reqs, all(ref(datasource.KindString, key)))
			}
			set.Do("ZADD", "z", 1000, "a")
			reqs = append(reqs, all(ref(datasource.KindZSet, "z")), all(ref(datasource.KindHash, "z")), all(ref(datasource.KindHash, "gone")))
			raws := read(t, c, reqs...)
			for i := range 30 {
				if got := text(&raws[i]); got != fmt.Sprintf("%q", fmt.Sprint(i)) {
					t.Errorf("k%d = %s", i, got)
				}
			}
			if text(&raws[30]) != "1000:a" || text(&raws[31]) != "error: wrong type: expected hash, is zset" || !raws[32].Missing {
				t.Errorf("z: %s, %s, %s", text(&raws[30]), text(&raws[31]), text(&raws[32]))
			}
			channels := []string{"a", "b", "c", "d", "p:*"}
			e := listen(t, c, len(channels), channels...)
			publish := "PUBLISH"
			if sharded {
				publish = "SPUBLISH"
			}
			for _, ch := range channels[:4] {
				set.Do(publish, ch, "x")
				e.waitHeard(t, ch+"||x")
			}
			set.Do("PUBLISH", "p:1", "y")
			e.waitHeard(t, "p:1|p:*|y")

			set.Nodes[1].Kill()
			servertest.Until(t, patience, "a fault", func() bool {
				raws, err := c.Read(context.Background(), reqs)
				if err != nil {
					return isServerFault(datasource.AsFault(err, 0))
				}
				for i := range raws {
					if raws[i].Err != nil && i < 30 {
						return true
					}
				}
				return false
			})
			set.Nodes[1].Restart()
			servertest.Until(t, 2*patience, "healed", func() bool {
				raws, err := c.Read(context.Background(), reqs)
				if err != nil {
					return false
				}
				for i := range raws[:30] {
					if raws[i].Err != nil {
						return false
					}
				}
				return true
			})
			for _, ch := range channels[:4] {
				servertest.Until(t, 2*patience, "heard again on "+ch, func() bool {
					set.Do(publish, ch, "again")
					return e.with(func(e *ear) bool { return slices.Contains(e.heard, ch+"||again") })
				})
			}
			servertest.Until(t, 2*patience, "heard again by the pattern", func() bool {
				set.Do("PUBLISH", "p:1", "again")
				return e.with(func(e *ear) bool { return slices.Contains(e.heard, "p:1|p:*|again") })
			})
		})
	}
}

// TestSlotMoves moves a slot to another node while its key is read.
func TestSlotMoves(t *testing.T) {
	t.Parallel()
	set := servertest.Cluster(t, 2)
	c := open(t, Options{URL: set.URL()})
	set.Do("SET", "k", "v") // slot 7629, of the first node
	k := ref(datasource.KindString, "k")
	if f := failed(t, c, k); f != nil {
		t.Fatal(f)
	}
	from, to := set.Nodes[0], set.Nodes[1]
	id := func(s *servertest.Server) string { return fmt.Sprint(s.Do("CLUSTER", "MYID")) }
	slot := from.Do("CLUSTER", "KEYSLOT", "k")
	to.Do("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from))
	from.Do("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to))
	_, port, _ := strings.Cut(to.Addr(), ":")
	from.Do("MIGRATE", "127.0.0.1", port, "k", 0, 5000)
	for range 2 { // asked for at the importing node, without a fault or another map
		if raws := read(t, c, all(k)); text(&raws[0]) != `"v"` {
			t.Errorf("while the slot moves: %s", text(&raws[0]))
		}
	}
	to.Do("CLUSTER", "SETSLOT", slot, "NODE", id(to))
	from.Do("CLUSTER", "SETSLOT", slot, "NODE", id(to))
	servertest.Until(t, patience, "read from the new node", func() bool {
		raws, err := c.Read(context.Background(), []datasource.Request{all(k)})
		return err == nil && text(&raws[0]) == `"v"`
	})
}

// TestShardedSlotMoves moves the slot of a sharded channel to another node: its
// subscribers are sent away, and must follow.
func TestShardedSlotMoves(t *testing.T) {
	t.Parallel()
	set := servertest.Cluster(t, 3)
	c := open(t, Options{URL: set.URL(), Sharded: true})
	channels := []string{"a", "b", "c", "d"}
	e := listen(t, c, len(channels), channels...)
	slot := set.Nodes[0].Do("CLUSTER", "KEYSLOT", "a")
	from := -1
	for i, n := range set.Nodes {
		if strings.Contains(fmt.Sprint(n.Do("PUBSUB", "SHARDCHANNELS")), "a") {
			from = i
		}
	}
	if from < 0 {
		t.Fatal("no node has channel a")
	}
	to := set.Nodes[(from+1)%3]
	n := e.rejoins()
	for _, node := range []*servertest.Server{to, set.Nodes[from], set.Nodes[(from+2)%3]} {
		node.Do("CLUSTER", "SETSLOT", slot, "NODE", fmt.Sprint(to.Do("CLUSTER", "MYID")))
	}
	e.waitJoined(t, n+1, len(channels))
	for _, ch := range channels {
		set.Do("SPUBLISH", ch, "after the move")
		e.waitHeard(t, ch+"||after the move")
	}
	if got := fmt.Sprint(to.Do("PUBSUB", "SHARDCHANNELS")); !strings.Contains(got, "a") {
		t.Errorf("the new node has subscribers for %s", got)
	}
}

// TestClusterRights: a user without the right to ask for the nodes learns
// which one it is; the one that check recommends has it.
func TestClusterRights(t *testing.T) {
	t.Parallel()
	set := servertest.Cluster(t, 2)
	rights := []any{"ACL", "SETUSER", "ana", "reset", "on", ">pw", "~*", "&*", "-@all", "+@read", "+@connection", "+subscribe", "+info"}
	for _, node := range set.Nodes {
		node.Do(rights...)
	}
	check := func() string {
		var out []string
		for _, r := range open(t, Options{URL: strings.Replace(set.URL(), "://", "://ana:pw@", 1)}).Check(context.Background(), []datasource.Ref{ref(datasource.KindString, "k")}) {
			out = append(out, fmt.Sprintf("%d %s: %s [%s]", r.Grade, r.Name, r.Text, r.Remedy))
		}
		return strings.Join(out, "\n")
	}
	if got, want := check(), "2 redis: no permission (cluster|slots) [allow it: ACL SETUSER ana +cluster|slots]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, node := range set.Nodes {
		node.Do("ACL", "SETUSER", "ana", "+cluster|slots")
	}
	if got := check(); strings.Contains("\n"+got, "\n2 ") {
		t.Errorf("with the right:\n%s", got)
	}
	for _, r := range open(t, Options{URL: set.URL()}).Check(context.Background(), nil) {
		if r.Name.String() == "rights" && !strings.HasSuffix(r.Remedy.String(), " +cluster|slots") {
			t.Errorf("recommended: %s", r.Remedy)
		}
	}
}
