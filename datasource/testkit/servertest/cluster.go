package servertest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

const slots = 16384

// ClusterSet is a Redis Cluster of masters without replicas.
type ClusterSet struct {
	Nodes []*Server // each holds an equal range of slots, in order
}

// Cluster starts n masters and waits until every one sees the whole cluster.
func Cluster(tb testing.TB, n int, opts ...Option) *ClusterSet {
	tb.Helper()
	set := &ClusterSet{}
	var probe Server
	probe.tb = tb
	for _, o := range opts {
		o(&probe)
	}
	if probe.tls {
		opts = append(opts, Config("tls-cluster", "yes"))
	}
	for range n {
		o := append([]Option{
			Config("cluster-enabled", "yes"), Config("cluster-node-timeout", "1000"),
			Config("cluster-port", strconv.Itoa(freePort(tb))),
		}, opts...)
		set.Nodes = append(set.Nodes, Redis(tb, o...))
	}
	for i, node := range set.Nodes {
		node.Do("CLUSTER", "SET-CONFIG-EPOCH", i+1)
		node.Do("CLUSTER", "ADDSLOTSRANGE", i*slots/n, (i+1)*slots/n-1)
	}
	set.meetNodes(tb)
	return set
}

// meetNodes has the nodes meet, and waits until each sees all. A handshake
// that takes over a second, on a busy machine, is dropped; so it is repeated.
func (c *ClusterSet) meetNodes(tb testing.TB) {
	tb.Helper()
	first, bus := c.Nodes[0], busPort(c.Nodes[0])
	var met time.Time
	Until(tb, 2*startTimeout, "cluster complete", func() bool {
		if time.Since(met) > 3*time.Second {
			for _, node := range c.Nodes[1:] {
				node.Do("CLUSTER", "MEET", "127.0.0.1", first.port, bus)
			}
			met = time.Now()
		}
		for _, node := range c.Nodes {
			info := fmt.Sprint(node.Do("CLUSTER", "INFO"))
			if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d\r", len(c.Nodes))) {
				return false
			}
		}
		return true
	})
}

func busPort(s *Server) string { return stringsOf(s.Do("CONFIG", "GET", "cluster-port"))[1] }

// URL returns redis-cluster://host:port,….
func (c *ClusterSet) URL() string {
	var addrs []string
	for _, n := range c.Nodes {
		addrs = append(addrs, n.Addr())
	}
	user := ""
	if p := c.Nodes[0].password; p != "" {
		user = ":" + p + "@"
	}
	scheme := "redis-cluster://"
	if c.Nodes[0].tls {
		scheme = "rediss-cluster://"
	}
	return scheme + user + strings.Join(addrs, ",")
}

// Do runs one command on the node that holds the key, following redirections.
func (c *ClusterSet) Do(args ...any) any {
	c.Nodes[0].tb.Helper()
	var last error
	for _, n := range c.Nodes {
		conn, err := n.dial()
		if err != nil {
			last = err
			continue
		}
		reply, err := conn.Do(args...)
		conn.Close()
		if err == nil {
			return reply
		}
		if last = err; !strings.HasPrefix(err.Error(), "MOVED") {
			break
		}
	}
	c.Nodes[0].tb.Fatalf("%v: %v", args, last)
	return nil
}
