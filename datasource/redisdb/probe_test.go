package redisdb

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// TestTakenAway: a right that is taken away is noticed by the next read, though
// strings and hashes are read with other commands; and so is its return.
func TestTakenAway(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~*", "&*", "+@all"))
	s.Do("SET", "s", "1")
	s.Do("SET", "s2", "2")
	s.Do("HSET", "h", "f", "3")
	s.Do("ZADD", "z", 4, "m")
	s.Do("RPUSH", "l", "i")
	s.Do("XADD", "x", "1-1", "p", "1")
	c := open(t, Options{URL: "redis://ana:pw@" + s.Addr()})
	refs := []datasource.Ref{
		ref(datasource.KindString, "s"), ref(datasource.KindString, "s2"), ref(datasource.KindHash, "h"), ref(datasource.KindZSet, "z"),
		ref(datasource.KindList, "l"), ref(datasource.KindStream, "x"), ref(datasource.KindString, "gone"),
	}
	plain := []string{`"1"`, `"2"`, "f=3", "4:m", "i", "1-1{p=1 }", "missing"}
	look := func(name string, refused string, which ...int) {
		t.Helper()
		var reqs []datasource.Request
		for _, r := range refs {
			reqs = append(reqs, all(r))
		}
		raws := read(t, c, reqs...)
		want := append([]string{}, plain...)
		for _, i := range which {
			want[i] = "error: no permission (" + refused + ")"
		}
		for i := range raws {
			if got := text(&raws[i]); got != want[i] {
				t.Errorf("%s: %s = %s, want %s", name, refs[i].Key, got, want[i])
			}
		}
	}
	look("at first", "")
	for _, tc := range []struct {
		rules   []any
		refused string
		which   []int
	}{
		{[]any{"-get"}, "get", []int{0, 1}},
		{[]any{"-hgetall"}, "hgetall", []int{2}},
		{[]any{"-zrange"}, "zrange", []int{3}},
		{[]any{"-lrange"}, "lrange", []int{4}},
		{[]any{"-xrevrange"}, "xrevrange", []int{5}},
		{[]any{"-get", "-getrange", "-substr"}, "get", []int{0, 1}},
		{[]any{"-getrange", "-hscan"}, "", nil}, // the plain commands do as well
	} {
		s.Do(append([]any{"ACL", "SETUSER", "ana"}, tc.rules...)...)
		look(fmt.Sprint(tc.rules), tc.refused, tc.which...)
		s.Do("ACL", "SETUSER", "ana", "+@all")
		look(fmt.Sprint("after ", tc.rules), "")
	}
	s.Do("ACL", "SETUSER", "ana", "-get")
	f := failed(t, c, refs[0]) // a read of one alone
	wantFault(t, f, datasource.ClassPermission, "no permission (get)")
	if hint := f.Hint.String(); hint != "allow it: ACL SETUSER ana +get +getrange +strlen" {
		t.Errorf("hint %q", hint)
	}
}

// TestProbeIsSmall: what asks for a right costs nothing, whatever the data hold
// and whatever the patterns are.
func TestProbeIsSmall(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.User("whole", "on", ">pw", "resetkeys", "~k:0", "~k:1", "~k:2", "~k:3", "~k:4", "~k:5", "~k:6", "~k:7", "~k:8", "~k:9", "~h", "&*", "+@all"),
		servertest.User("prefix", "on", ">pw", "resetkeys", "~k:*", "~h", "&*", "+@all"))
	const big = 50 << 20
	s.Do("SETRANGE", "k:0", big-1, "x")
	s.Do("EVAL", "for i = 1, 100000 do redis.call('HSET', 'h', i, i) end", 0)
	reqs := []datasource.Request{all(ref(datasource.KindHash, "h")), all(ref(datasource.KindString, "other"))}
	for i := range 10 {
		if i > 0 {
			s.Do("SET", fmt.Sprint("k:", i), i)
		}
		reqs = append(reqs, all(ref(datasource.KindString, fmt.Sprint("k:", i))))
	}
	sent := func() (n int) {
		_, rest, _ := strings.Cut(fmt.Sprint(s.Do("INFO", "stats")), "total_net_output_bytes:")
		_, _ = fmt.Sscan(rest, &n)
		return n
	}
	denied := func() map[string]bool {
		keys := map[string]bool{}
		for _, e := range s.Do("ACL", "LOG", 128).([]any) {
			if text := fmt.Sprint(e); strings.Contains(text, probeSuffix) {
				keys[text] = true
			}
		}
		return keys
	}
	for _, tc := range []struct {
		user string
		most int // probes that the patterns may refuse
	}{{"prefix", 1 + 1}, {"whole", maxBlocked}} { // h names a whole key; "other" is tried once
		s.Do("ACL", "LOG", "RESET")
		c := open(t, Options{URL: "redis://" + tc.user + ":pw@" + s.Addr()})
		before := sent()
		const polls = 30
		for range polls {
			raws := read(t, c, reqs...)
			if a, b := text(&raws[2]), text(&raws[3]); a != "error: too big (50 MB)" || b != `"1"` {
				t.Fatalf("%s: %s, %s", tc.user, a, b)
			}
		}
		if n := sent() - before; n > 2*datasource.MaxValueBytes {
			t.Errorf("%s: %d polls cost %d bytes", tc.user, polls, n)
		}
		if n := len(denied()); n > tc.most {
			t.Errorf("%s: %d lines in ACL LOG", tc.user, n)
		}
	}
}

// TestClusterNodesKeepTheirOwnRights: an ACL is a node's own.
func TestClusterNodesKeepTheirOwnRights(t *testing.T) {
	t.Parallel()
	set := servertest.Cluster(t, 3, servertest.User("ana", "on", ">pw", "~*", "&*", "+@all"))
	c := open(t, Options{URL: strings.Replace(set.URL(), "://", "://ana:pw@", 1)})
	const n = 12
	var reqs []datasource.Request
	for i := range n {
		set.Do("SET", fmt.Sprint("k", i), i)
		reqs = append(reqs, all(ref(datasource.KindString, fmt.Sprint("k", i))))
	}
	count := func() (refused int) {
		for _, raw := range read(t, c, reqs...) {
			if raw.Err != nil {
				wantFault(t, datasource.AsFault(raw.Err, 0), datasource.ClassPermission, "no permission (get)")
				refused++
			}
		}
		return refused
	}
	if got := count(); got != 0 {
		t.Fatalf("%d refused at first", got)
	}
	total := 0
	for _, node := range set.Nodes {
		node.Do("ACL", "SETUSER", "ana", "-get")
		got, want := count(), len(node.Do("KEYS", "k*").([]any))
		if got != want {
			t.Errorf("%d refused by a node that holds %d", got, want)
		}
		total += got
		node.Do("ACL", "SETUSER", "ana", "+get")
		if got := count(); got != 0 {
			t.Errorf("%d refused after it was granted", got)
		}
	}
	if total != n {
		t.Errorf("%d refused by all nodes together, want %d", total, n)
	}
}

// TestClusterLeastRights: what docs/security.md says a cluster needs besides.
func TestClusterLeastRights(t *testing.T) {
	t.Parallel()
	const least = "-@all +get +getrange +strlen +hgetall +hscan +hlen +sscan +scard +zrange +zcard +lrange +llen +xrevrange +xlen +pttl +ping +subscribe +psubscribe +unsubscribe +punsubscribe"
	const more = "+cluster|slots +ssubscribe +sunsubscribe"
	rules := append([]string{"on", ">pw", "~*", "&*"}, strings.Fields(least+" "+more)...)
	set := servertest.Cluster(t, 3, servertest.User("ro", rules...))
	for _, sharded := range []bool{false, true} {
		c := open(t, Options{URL: strings.Replace(set.URL(), "://", "://ro:pw@", 1), Sharded: sharded})
		var reqs []datasource.Request
		for i := range 6 {
			set.Do("SET", fmt.Sprint("k", i), i)
			set.Do("HSET", fmt.Sprint("h", i), "f", i)
			reqs = append(reqs, all(ref(datasource.KindString, fmt.Sprint("k", i))), all(ref(datasource.KindHash, fmt.Sprint("h", i))))
		}
		for _, raw := range read(t, c, reqs...) {
			if raw.Err != nil {
				t.Errorf("%s: %v", raw.Ref.Key, raw.Err)
			}
		}
		listen(t, c, 3, "a", "b", "p:*")
	}
	for _, n := range set.Nodes {
		if log := n.Do("ACL", "LOG").([]any); len(log) > 0 {
			t.Errorf("needs more than that: %v", log)
		}
	}
	doc, err := os.ReadFile("../../docs/security.md")
	if err != nil || !strings.Contains(string(doc), least) || !strings.Contains(string(doc), more) {
		t.Errorf("docs/security.md tells other rights: %v", err)
	}
}
