//go:build bench

package peers

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/redisdb"
	"ticktop/datasource/testkit/servertest"
)

// TestProcesses is what each further process costs one Redis: 10,000 messages a
// second on 24 channels, and the polls of 24 quotes.
func TestProcesses(t *testing.T) {
	srv := servertest.Redis(t)
	defer publishTicks(t, srv, 10_000)()
	var running []*exec.Cmd
	defer func() {
		for _, c := range running {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	}()
	for _, n := range []int{0, 1, 2, 4} {
		for len(running) < n {
			c := exec.Command(os.Args[0], "-test.run", "^TestReceive$")
			c.Env = append(os.Environ(), "TICKTOP_RECEIVE_ROLE=ticktop", "TICKTOP_RECEIVE_URL="+srv.URL())
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			running = append(running, c)
		}
		time.Sleep(2 * time.Second)
		cpu, sent, out := serverUse(t, srv)
		time.Sleep(6 * time.Second)
		cpu2, sent2, out2 := serverUse(t, srv)
		fmt.Printf("%d processes: redis-server %.1f µs CPU a message published, %.0f kB/s out at %.0f messages/s\n",
			n, 1e6*(cpu2-cpu)/(sent2-sent), (out2-out)/6e3, (sent2-sent)/6)
	}
}

// serverUse returns redis-server's processor seconds, the messages published
// and the bytes it has sent.
func serverUse(t *testing.T, srv *servertest.Server) (cpu, published, out float64) {
	t.Helper()
	info := fmt.Sprint(srv.Do("INFO", "everything"))
	get := func(name string) float64 {
		_, rest, _ := strings.Cut(info, "\n"+name+":")
		value, _, _ := strings.Cut(rest, "\r")
		f, _ := strconv.ParseFloat(value, 64)
		return f
	}
	n, _ := strconv.ParseFloat(fmt.Sprint(srv.Do("GET", "published")), 64)
	return get("used_cpu_user") + get("used_cpu_sys"), n, get("total_net_output_bytes")
}

// TestClusterPoll is the CPU of a poll of 200 strings from one server and from a
// cluster of three.
func TestClusterPoll(t *testing.T) {
	cost := func(url string) float64 {
		c, err := redisdb.Open(redisdb.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var reqs []datasource.Request
		for i := range 200 {
			key := fmt.Sprintf("quote:%03d", i)
			if err := c.Pipeline(t.Context(), [][]any{{"set", key, "1.08341"}}); err != nil {
				t.Fatal(err)
			}
			reqs = append(reqs, datasource.Request{Since: math.Inf(-1), Ref: &datasource.Ref{Kind: datasource.KindString, Key: key}})
		}
		var all []float64
		for range 5 {
			before := selfTime()
			for range 50 {
				if _, err := c.Read(t.Context(), reqs); err != nil {
					t.Fatal(err)
				}
			}
			all = append(all, ms(selfTime()-before)/50)
		}
		return middle(all)
	}
	one, three := cost(servertest.Redis(t).URL()), cost(servertest.Cluster(t, 3).URL())
	fmt.Printf("poll of 200 strings: one server %.3f ms CPU, a cluster of three %.3f ms\n", one, three)
}
