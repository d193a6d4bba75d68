//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource/testkit/servertest"
)

// floodMemory is by how much all floods together may make the server grow,
// measured against one that a single trader looks at.
const floodMemory = 64 << 20

// floods are what one trader's terminal sends, and in how many sessions at once.
var floods = []struct {
	name     string
	sessions int
	setup    string        // keys before the flood
	burst    string        // sent at once, 16,000 bytes of it
	steady   string        // then repeated, 2,000 a second
	resize   time.Duration // between two changes of the size; 0: none
}{
	{name: "focus", sessions: 1, burst: "\t", steady: "\t"},
	{name: "stamps", sessions: 1, burst: "t", steady: "t"},
	{name: "pages", sessions: 1, burst: "12", steady: "12"},
	{name: "themes", sessions: 1, burst: "T", steady: "T"},
	{name: "overlays", sessions: 1, burst: "?\x1b[A", steady: "?q"},
	{name: "resizes", sessions: 1, resize: time.Millisecond},
	{name: "eight inspectors", sessions: 8, setup: "i", burst: "jk", steady: "jk"},
	{name: "eight of everything", sessions: 8, burst: "\tt12", steady: "\tt12", resize: 5 * time.Millisecond},
}

// TestFlood_OneTraderDoesNotHarmOthers: whatever one trader's terminals send,
// the server's memory stays and another trader's keys are answered.
func TestFlood_OneTraderDoesNotHarmOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 30 s")
	}
	redis := servertest.Redis(t)
	redis.Do("HSET", "account:ACC-1001", "equity", "11111.11", "balance", "22222.22")
	redis.Do("SET", "quote:EURUSD", `{"symbol":"EURUSD","bid":1.0834,"ask":1.0835}`)
	s := &server{t: t, dir: t.TempDir()}
	s.config = filepath.Join(s.dir, "ticktop.yaml")
	s.write(fmt.Sprintf("serve: {per_address: 100}\nusers:\n  - {name: eve, key: %q}\n  - {name: bob, key: %q}\n", s.key("eve"), s.key("bob")))
	s.serve(redis.URL())
	bob := s.dialShell(t, "bob", 120, 40)
	defer bob.close()
	bob.waitFor(t, "11,111.11")
	base, idle := bob.reactions(t, 20), s.memory(t)
	for _, f := range floods {
		t.Run(f.name, func(t *testing.T) {
			var attackers []*shellConn
			for range f.sessions {
				c := s.dialShell(t, "eve", 500, 200)
				c.waitFor(t, "11,111.11")
				_, _ = io.WriteString(c.in, f.setup)
				attackers = append(attackers, c)
			}
			time.Sleep(200 * time.Millisecond)
			stop := make(chan struct{})
			var wg sync.WaitGroup
			for _, c := range attackers {
				wg.Go(func() { c.flood(f.burst, f.steady, stop) })
				if f.resize > 0 {
					wg.Go(func() { c.resize(f.resize, stop) })
				}
			}
			peak := idle
			var took []time.Duration
			for range 20 {
				took = append(took, bob.reaction(t))
				peak = max(peak, s.memory(t))
				time.Sleep(50 * time.Millisecond)
			}
			close(stop)
			for _, c := range attackers {
				c.close()
			}
			wg.Wait()
			slices.Sort(took)
			median, most := took[len(took)/2], took[len(took)-1]
			servertest.Measured(t, "flood: "+f.name, 50*time.Millisecond, median, "another trader's key is answered (slowest "+most.Round(time.Millisecond).String()+", idle "+base.Round(100*time.Microsecond).String()+"), memory +"+strconv.Itoa((peak-idle)>>20)+" MB")
			t.Logf("slowest %v, idle %v, memory %d MB → %d MB", most.Round(time.Millisecond), base.Round(100*time.Microsecond), idle>>20, peak>>20)
			if grown := peak - idle; grown > floodMemory {
				t.Errorf("the server grew by %d MB", grown>>20)
			}
			if limit := max(50*time.Millisecond, 10*base); median > limit {
				t.Errorf("another trader's key was answered after %v (idle: %v)", median, base)
			}
		})
	}
}

// memory returns the server's resident bytes.
func (s *server) memory(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, _ := strconv.Atoi(strings.Fields(string(b))[1])
	return pages * os.Getpagesize()
}

// shellConn is a terminal at the server whose screen is only watched for bytes.
type shellConn struct {
	client *gossh.Client
	sess   *gossh.Session
	in     io.Writer
	seen   lastBytes
	key    int
}

// lastBytes counts what was written and keeps the end of it.
type lastBytes struct {
	n    atomic.Int64
	mu   sync.Mutex
	tail []byte
}

func (l *lastBytes) Write(b []byte) (int, error) {
	l.mu.Lock()
	l.tail = append(l.tail, b...)
	if len(l.tail) > 1<<20 {
		l.tail = append([]byte(nil), l.tail[len(l.tail)-1<<16:]...)
	}
	l.mu.Unlock()
	l.n.Add(int64(len(b)))
	return len(b), nil
}

func (l *lastBytes) contains(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.tail, []byte(text))
}

func (s *server) dialShell(t *testing.T, key string, w, h int) *shellConn {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, key))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := gossh.ParsePrivateKey(b)
	if err != nil {
		t.Fatal(err)
	}
	c := &shellConn{}
	for tries := 0; ; tries++ { // new connections of one address are paced
		c.client, err = gossh.Dial("tcp", s.addr, &gossh.ClientConfig{
			User: "x", Auth: []gossh.AuthMethod{gossh.PublicKeys(signer)},
			HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: 5 * time.Second, //nolint:gosec // a test's own server
		})
		if err == nil {
			break
		}
		if tries == 20 {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
	}
	if c.sess, err = c.client.NewSession(); err != nil {
		t.Fatal(err)
	}
	c.sess.Stdout = &c.seen
	if c.in, err = c.sess.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := c.sess.RequestPty("xterm-256color", h, w, gossh.TerminalModes{}); err != nil {
		t.Fatal(err)
	}
	if err := c.sess.Shell(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *shellConn) close() { c.client.Close() }

func (c *shellConn) waitFor(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if c.seen.contains(text) {
			return
		}
	}
	t.Fatalf("%q is not shown", text)
}

// reaction returns how long a key takes to change the screen.
func (c *shellConn) reaction(t *testing.T) time.Duration {
	t.Helper()
	before := c.seen.n.Load()
	begin := time.Now()
	c.key++
	fmt.Fprint(c.in, 1+c.key%2) // a page
	for c.seen.n.Load() == before {
		if time.Since(begin) > 20*time.Second {
			t.Fatal("a key is not answered")
		}
		time.Sleep(200 * time.Microsecond)
	}
	return time.Since(begin)
}

// reactions returns the median of n.
func (c *shellConn) reactions(t *testing.T, n int) time.Duration {
	var took []time.Duration
	for range n {
		took = append(took, c.reaction(t))
		time.Sleep(50 * time.Millisecond)
	}
	slices.Sort(took)
	return took[n/2]
}

// flood sends the burst, then what is steady 2,000 times a second.
func (c *shellConn) flood(burst, steady string, stop <-chan struct{}) {
	if burst != "" {
		_, _ = io.WriteString(c.in, strings.Repeat(burst, 16000/len(burst)))
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if steady == "" {
			continue
		}
		if _, err := io.WriteString(c.in, strings.Repeat(steady, 20/len(steady))); err != nil {
			return
		}
	}
}

// resize changes the size of the terminal again and again.
func (c *shellConn) resize(every time.Duration, stop <-chan struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if c.sess.WindowChange(150+n%50, 400+n%100) != nil {
			return
		}
	}
}
