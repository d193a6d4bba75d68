package redisdb

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// fakeSentinel gives these answers.
type fakeSentinel struct {
	l      net.Listener
	where  atomic.Pointer[string] // to "where is the master"
	others string                 // to "who else is there"
	asked  atomic.Int64
	hello  atomic.Pointer[string] // the last HELLO
	wg     sync.WaitGroup
	mu     sync.Mutex
	conns  []net.Conn
}

func newFakeSentinel(t testing.TB, where, others string) *fakeSentinel {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return startFakeSentinel(t, l, where, others)
}

func startFakeSentinel(t testing.TB, l net.Listener, where, others string) *fakeSentinel {
	f := &fakeSentinel{l: l, others: others}
	f.where.Store(&where)
	f.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.conns = append(f.conns, c)
			f.mu.Unlock()
			f.wg.Go(func() { f.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		f.mu.Lock()
		for _, c := range f.conns {
			_ = c.Close()
		}
		f.mu.Unlock()
		f.wg.Wait()
	})
	return f
}

func (f *fakeSentinel) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		words, err := words(in)
		if err != nil {
			return
		}
		reply := "+OK\r\n"
		switch line := strings.ToLower(strings.Join(words, " ")); {
		case strings.HasPrefix(line, "hello"):
			said := strings.Join(words, " ")
			f.hello.Store(&said)
			reply = welcome
		case strings.HasPrefix(line, "sentinel get-master"):
			f.asked.Add(1)
			reply = *f.where.Load()
		case strings.HasPrefix(line, "sentinel"):
			reply = f.others
		}
		if _, err := io.WriteString(c, reply); err != nil {
			return
		}
	}
}

// at is the answer that the master is there.
func at(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	return fmt.Sprintf("*2\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n", len(host), host, len(port), port)
}

// words reads one command.
func words(in *bufio.Reader) ([]string, error) {
	size := func() (int, error) {
		line, err := in.ReadString('\n')
		if err != nil || len(line) < 4 {
			return 0, io.ErrUnexpectedEOF
		}
		return strconv.Atoi(line[1 : len(line)-2])
	}
	n, err := size()
	out := make([]string, n)
	for i := range out {
		var k int
		if k, err = size(); err != nil {
			return nil, err
		}
		b := make([]byte, k+2)
		if _, err = io.ReadFull(in, b); err != nil {
			return nil, err
		}
		out[i] = string(b[:k])
	}
	return out, err
}

// TestHostileSentinel: whatever sentinels say, the process lives, and those that
// know the master are enough.
func TestHostileSentinel(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("SET", "k", "v")
	k := ref(datasource.KindString, "k")
	for name, said := range map[string]string{
		"nothing":      "*0\r\n",
		"one word":     "*1\r\n$9\r\n127.0.0.1\r\n",
		"numbers":      "*2\r\n:1\r\n:2\r\n",
		"nulls":        "*2\r\n$-1\r\n$-1\r\n",
		"null":         "*-1\r\n",
		"text":         "+OK\r\n",
		"map":          "%1\r\n*0\r\n:1\r\n",
		"wide":         "*900000000\r\n",
		"long":         "$900000000\r\n",
		"deep":         strings.Repeat("*1\r\n", 1000) + ":1\r\n",
		"push":         ">2\r\n$7\r\nmessage\r\n:1\r\n",
		"no protocol":  "HTTP/1.1 200 OK\r\n",
		"an error":     "-ERR unknown command 'SENTINEL'\r\n",
		"unknown name": "_\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := newFakeSentinel(t, said, said)
			c := open(t, Options{URL: "redis-sentinel://" + bad.l.Addr().String() + "/m"})
			if f := failed(t, c, k); f == nil {
				t.Error("read without a master")
			}
			odd := newFakeSentinel(t, at(s.Addr()), said)
			c = open(t, Options{URL: "redis-sentinel://" + odd.l.Addr().String() + "," + bad.l.Addr().String() + "/m"})
			servertest.Until(t, patience, "reads", func() bool { return failed(t, c, k) == nil })
			e := listen(t, c, 1, "a")
			s.Do("PUBLISH", "a", "1")
			e.waitHeard(t, "a||1")
		})
	}
}

// TestAnotherMaster: the old one is still there and answers, but the sentinels
// point elsewhere: reads and channels follow. One sentinel that has not heard
// of it is outvoted.
func TestAnotherMaster(t *testing.T) {
	t.Parallel()
	one, two := servertest.Redis(t), servertest.Redis(t)
	one.Do("SET", "k", "one")
	two.Do("SET", "k", "two")
	var urls []string
	var set []*fakeSentinel
	for range 3 {
		f := newFakeSentinel(t, at(one.Addr()), "*0\r\n")
		set, urls = append(set, f), append(urls, f.l.Addr().String())
	}
	c := open(t, Options{URL: "redis-sentinel://" + strings.Join(urls, ",") + "/m"})
	k := ref(datasource.KindString, "k")
	value := func() string { return text(&read(t, c, all(k))[0]) }
	if got := value(); got != `"one"` {
		t.Fatal(got)
	}
	e := listen(t, c, 1, "a")
	there := at(two.Addr())
	set[0].where.Store(&there)
	set[2].where.Store(&there)
	servertest.Until(t, patience, "read from the other", func() bool {
		raws, err := c.Read(context.Background(), []datasource.Request{all(k)})
		return err == nil && text(&raws[0]) == `"two"`
	})
	servertest.Until(t, patience, "heard from the other", func() bool {
		two.Do("PUBLISH", "a", "two")
		return e.with(func(e *ear) bool { return slices.Contains(e.heard, "a||two") })
	})
	asked := set[1].asked.Load() + 2
	servertest.Until(t, patience, "two more looks", func() bool { _ = value(); return set[1].asked.Load() >= asked })
	if got := value(); got != `"two"` {
		t.Errorf("with one sentinel that does not know: %s", got)
	}
}

// TestMoreSentinels: those that are not in the URL are found, and do when it is
// gone.
func TestMoreSentinels(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	other := newFakeSentinel(t, at(s.Addr()), "*0\r\n")
	_, port, _ := net.SplitHostPort(other.l.Addr().String())
	first := newFakeSentinel(t, at(s.Addr()), fmt.Sprintf("*1\r\n%%2\r\n$2\r\nip\r\n$9\r\n127.0.0.1\r\n$4\r\nport\r\n$%d\r\n%s\r\n", len(port), port))
	c := open(t, Options{URL: "redis-sentinel://" + first.l.Addr().String() + "/m"})
	k := ref(datasource.KindString, "k")
	servertest.Until(t, patience, "the other is asked", func() bool { _ = failed(t, c, k); return other.asked.Load() > 0 })
	gone := "-ERR No such master with that name\r\n"
	first.where.Store(&gone)
	s.Do("CLIENT", "KILL", "TYPE", "normal")
	servertest.Until(t, patience, "reads", func() bool { return failed(t, c, k) == nil })
}

// TestCloseDoesNotWait: a sentinel that hangs delays nothing.
func TestCloseDoesNotWait(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	f := newFakeSentinel(t, at(s.Addr()), "*0\r\n")
	silent := newFakeSentinel(t, "", "") // takes the question and says nothing
	c, err := Open(Options{URL: "redis-sentinel://" + f.l.Addr().String() + "," + silent.l.Addr().String() + "/m"})
	if err != nil {
		t.Fatal(err)
	}
	if f := failed(t, c, ref(datasource.KindString, "k")); f != nil {
		t.Error(f)
	}
	servertest.Until(t, patience, "the silent one is asked", func() bool { return silent.asked.Load() > 0 })
	begun := time.Now()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > dialTimeout/2 {
		t.Errorf("Close took %v", took)
	}
	if f := failed(t, c, ref(datasource.KindString, "k")); f == nil {
		t.Error("reads after Close")
	}
}
