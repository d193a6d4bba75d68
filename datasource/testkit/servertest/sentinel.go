package servertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// MasterName is what the sentinels call their master.
const MasterName = "ticktop"

// Sentinels is one master with two replicas, watched by three sentinels.
type Sentinels struct {
	Nodes    []*Server // Nodes[0] is the first master
	Watchers []*Server // the sentinels
	tb       testing.TB
}

// Sentinel starts a sentinel set. It calls a master down after one second.
func Sentinel(tb testing.TB, opts ...Option) *Sentinels {
	tb.Helper()
	Program(tb, "redis-server")
	path := Program(tb, "redis-sentinel")
	set := &Sentinels{tb: tb, Nodes: []*Server{Redis(tb, opts...)}}
	master := set.Nodes[0]
	for range 2 {
		o := append([]Option{Config("replicaof", "127.0.0.1", strconv.Itoa(master.port)), Config("repl-diskless-sync-delay", "0")}, opts...)
		if master.password != "" {
			o = append(o, Config("masterauth", master.password))
		}
		set.Nodes = append(set.Nodes, Redis(tb, o...))
	}
	for range 3 {
		w := &Server{tb: tb, dir: tb.TempDir(), sentinel: true}
		conf := fmt.Sprintf("dir %s\nsentinel monitor %s 127.0.0.1 %d 2\nsentinel down-after-milliseconds %[2]s 1000\nsentinel failover-timeout %[2]s 3000\n", w.dir, MasterName, master.port)
		if master.password != "" {
			conf += fmt.Sprintf("sentinel auth-pass %s %s\n", MasterName, master.password)
		}
		if err := os.WriteFile(filepath.Join(w.dir, "sentinel.conf"), []byte(conf), 0o600); err != nil {
			tb.Fatal(err)
		}
		w.launch(path)
		set.Watchers = append(set.Watchers, w)
	}
	for _, w := range set.Watchers {
		Until(tb, startTimeout, "sentinel knows the whole set", func() bool {
			info := strings.Join(stringsOf(w.Do("SENTINEL", "MASTER", MasterName)), " ")
			return strings.Contains(info, "num-slaves 2") && strings.Contains(info, "num-other-sentinels 2") && strings.Contains(info, "flags master ")
		})
	}
	for _, n := range set.Nodes[1:] {
		Until(tb, startTimeout, "replica in sync", func() bool {
			return strings.Contains(fmt.Sprint(n.Do("INFO", "replication")), "master_link_status:up")
		})
	}
	return set
}

// Master returns the node that the sentinels agree on now, nil if it isn't one of the Nodes.
func (s *Sentinels) Master() *Server {
	addr := stringsOf(s.Watchers[0].Do("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MasterName))
	for _, n := range s.Nodes {
		if len(addr) == 2 && addr[1] == strconv.Itoa(n.port) {
			return n
		}
	}
	return nil
}

// URL returns redis-sentinel://host:port,…/master/0.
func (s *Sentinels) URL() string {
	var addrs []string
	for _, w := range s.Watchers {
		addrs = append(addrs, w.Addr())
	}
	user := ""
	if p := s.Nodes[0].password; p != "" {
		user = ":" + p + "@"
	}
	return "redis-sentinel://" + user + strings.Join(addrs, ",") + "/" + MasterName + "/0"
}

func stringsOf(reply any) []string {
	items, _ := reply.([]any)
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = fmt.Sprint(it)
	}
	return out
}
