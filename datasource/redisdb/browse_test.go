package redisdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// walk reads all pages of a pattern.
func walk(t *testing.T, c *Client, pattern string) (names map[string]int, pages int) {
	t.Helper()
	names = map[string]int{}
	for cursor := ""; ; {
		p, err := c.ScanPage(context.Background(), pattern, cursor)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, n := range p.Names {
			names[n]++
		}
		if cursor = p.Cursor; cursor == "" {
			return names, pages
		}
		if pages > 10_000 {
			t.Fatal("the walk does not end")
		}
	}
}

// fill writes n strings in pipelines on the server's side.
func fill(s *servertest.Server, prefix string, n int) {
	s.Do("EVAL", "for i=1,tonumber(ARGV[2]) do redis.call('SET', ARGV[1]..i, i) end", 0, prefix, n)
}

func TestScanPage_WalksEverythingInBoundedPages(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	fill(s, "quote:", 20_000)
	fill(s, "a[b]*:", 10)
	c := open(t, Options{URL: s.URL()})
	names, pages := walk(t, c, "")
	if len(names) != 20_010 || pages < 4 {
		t.Errorf("%d keys in %d pages", len(names), pages)
	}
	if names, _ := walk(t, c, GlobEscape("a[b]*:")+"*"); len(names) != 10 {
		t.Errorf("%d keys below a prefix with a pattern's letters", len(names))
	}
	if n, ok := c.KeyCount(context.Background()); n != 20_010 || !ok {
		t.Errorf("count %d %v", n, ok)
	}
	if stats := s.Do("INFO", "commandstats").(string); strings.Contains(stats, "cmdstat_keys:") || strings.Contains(stats, "cmdstat_get:") {
		t.Error("KEYS or GET was used")
	}
}

func TestScanPage_NamesThatDoNotFit(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("EVAL", "for i=1,300 do redis.call('SET', string.rep('x', 60000)..i, i) end", 0)
	s.Do("EVAL", "for i=1,3 do redis.call('SET', string.rep('y', 5000000)..i, i) end", 0)
	fill(s, "k:", 1000)
	c := open(t, Options{URL: s.URL()})
	names, skipped := map[string]bool{}, 0
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		p, err := c.ScanPage(context.Background(), "*", cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range p.Names {
			names[n] = true
		}
		cursor, skipped = p.Cursor, skipped+p.Skipped
		if pages > 5000 {
			t.Fatal("the walk does not end")
		}
	}
	if len(names)+skipped < 1303 || len(names) < 1250 || skipped < 3 {
		t.Errorf("%d names, %d left out", len(names), skipped)
	}
}

func TestScanPage_Cluster(t *testing.T) {
	t.Parallel()
	set := servertest.Cluster(t, 3)
	for i := range 300 {
		set.Do("SET", fmt.Sprintf("k:%d", i), i)
	}
	c := open(t, Options{URL: set.URL()})
	if names, _ := walk(t, c, "*"); len(names) != 300 {
		t.Errorf("%d keys of three masters", len(names))
	}
	if n, ok := c.KeyCount(context.Background()); n != 300 || !ok {
		t.Errorf("count %d %v", n, ok)
	}
	facts, err := c.Facts(context.Background(), []string{"k:1", "k:2", "k:3", "gone"})
	if err != nil || facts[0].Type != "string" || facts[2].Len != 1 || facts[3].Type != "none" {
		t.Errorf("%+v %v", facts, err)
	}
	pieces, err := c.Previews(context.Background(), facts)
	if err != nil || string(pieces[1].Raw.Bytes) != "2" || pieces[3].Raw.Err == nil {
		t.Errorf("%+v %v", pieces, err)
	}
}

func TestScanPage_Sentinel(t *testing.T) {
	t.Parallel()
	set := servertest.Sentinel(t)
	set.Master().Do("SET", "k", "v")
	c := open(t, Options{URL: set.URL()})
	if names, _ := walk(t, c, "*"); len(names) != 1 {
		t.Errorf("%v", names)
	}
}

func TestScanPage_UserWithoutScan(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~*", "+@all", "-scan"))
	c := open(t, Options{URL: s.URL(), Username: "ana", Password: "pw"})
	_, err := c.ScanPage(context.Background(), "*", "")
	var f *datasource.Fault
	if !errors.As(err, &f) || f.Error() != "no permission (scan)" || f.Hint.String() != "allow it: ACL SETUSER ana +scan" {
		t.Errorf("%v, %v", err, f.Hint)
	}
}

func TestFacts(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~*", "+@all", "-memory", "-object"))
	s.Do("SETEX", "s", 100, "12")
	s.Do("HSET", "h", "a", 1, "b", 2)
	s.Do("RPUSH", "l", "a", "b")
	s.Do("SADD", "set", "a")
	s.Do("ZADD", "z", 1, "a")
	s.Do("XADD", "x", "*", "a", "b")
	s.Do("SETBIT", "bits", 8_000_000, 1)
	names := []string{"s", "h", "l", "set", "z", "x", "bits", "gone"}
	want := "s string int 2 ttl|h hash listpack 2|l list listpack 2|set set hashtable 1|z zset listpack 1|x stream stream 1|bits string raw 1000001|gone none  -1"
	for _, user := range []string{"", "ana"} {
		c := open(t, Options{URL: s.URL(), Username: user, Password: map[string]string{"ana": "pw"}[user]})
		facts, err := c.Facts(context.Background(), names)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range facts {
			line := fmt.Sprintf("%s %s %s %d", f.Name, f.Type, f.Encoding, f.Len)
			if f.TTL > 99*time.Second {
				line += " ttl"
			}
			if user == "" && f.Type != "none" && f.Memory <= 0 {
				line += " without memory"
			}
			got = append(got, line)
		}
		w := want
		if user != "" {
			w = strings.NewReplacer(" int", " ", " listpack", " ", " quicklist", " ", " hashtable", " ", " raw", " ", "x stream stream", "x stream ").Replace(want)
		}
		line := strings.NewReplacer("quicklist", "listpack").Replace(strings.Join(got, "|"))
		if line != w {
			t.Errorf("user %q\n got %s\nwant %s", user, line, w)
		}
	}
}

func TestPiece_BigValuesComeInPieces(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("SETRANGE", "str", 1_000_000, "end")
	s.Do("EVAL", `for i=1,1000 do redis.call('RPUSH','l',i) redis.call('ZADD','z',i,'m'..i) redis.call('HSET','h','f'..i,i) redis.call('SADD','set','m'..i) redis.call('XADD','x',i..'-1','a',i) end`, 0)
	s.Do("EVAL", `for i=1,3 do redis.call('RPUSH','fat',string.rep('x', 400000)) end`, 0)
	c := open(t, Options{URL: s.URL()})
	for name, want := range map[string]int{"str": 1_000_003, "l": 1000, "z": 1000, "h": 1000, "set": 1000, "x": 1000} {
		facts, err := c.Facts(context.Background(), []string{name})
		if err != nil {
			t.Fatal(err)
		}
		got, at, pieces := 0, "", 0
		for {
			p, err := c.Piece(context.Background(), facts[0], at)
			if err != nil || p.Raw.Err != nil {
				t.Fatal(name, err, p.Raw.Err)
			}
			n := len(p.Raw.Bytes) + len(p.Raw.Items) + len(p.Raw.Members) + len(p.Raw.Fields) + len(p.Raw.Entries)
			if n > pieceBytes {
				t.Errorf("%s: a piece of %d", name, n)
			}
			got, pieces = got+n, pieces+1
			if at = p.Next; at == "" || pieces > 100 {
				break
			}
		}
		if got != want || pieces < 3 {
			t.Errorf("%s: %d in %d pieces, want %d", name, got, pieces, want)
		}
	}
	facts, _ := c.Facts(context.Background(), []string{"fat"})
	p, err := c.Piece(context.Background(), facts[0], "")
	if err != nil || p.Raw.Err == nil || !strings.Contains(p.Raw.Err.Error(), "too big") {
		t.Errorf("fat elements: %v %v", err, p.Raw.Err)
	}
}
