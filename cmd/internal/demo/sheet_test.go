package demo

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// sheet is a Writer that keeps what a Redis would: the last value of each
// string and hash, the members of each sorted set, and what was published.
type sheet struct {
	values    map[string]string
	ttl       map[string]string
	hashes    map[string]map[string]string
	zsets     map[string]map[string]float64
	lists     map[string][]string
	streams   map[string][][]string // the fields of each entry
	published []string
	log       strings.Builder // every command, when keep is set
	keep      bool
}

func newSheet() *sheet {
	return &sheet{values: map[string]string{}, ttl: map[string]string{}, hashes: map[string]map[string]string{}, zsets: map[string]map[string]float64{},
		lists: map[string][]string{}, streams: map[string][][]string{}}
}

func (s *sheet) Pipeline(_ context.Context, cmds [][]any) error {
	for _, cmd := range cmds {
		args := make([]string, len(cmd))
		for i, a := range cmd {
			switch a := a.(type) {
			case string:
				args[i] = a
			case []byte:
				args[i] = string(a)
			default:
				return fmt.Errorf("argument %T", a)
			}
		}
		if s.keep {
			s.log.WriteString(strings.Join(args, " ") + "\n")
		}
		if err := s.run(args); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheet) run(args []string) error {
	key := args[1]
	switch args[0] {
	case "SET":
		s.values[key], s.ttl[key] = args[2], ""
		if len(args) == 5 {
			s.ttl[key] = args[4]
		}
	case "HSET":
		if s.hashes[key] == nil {
			s.hashes[key] = map[string]string{}
		}
		for i := 2; i < len(args); i += 2 {
			s.hashes[key][args[i]] = args[i+1]
		}
	case "HDEL":
		for _, f := range args[2:] {
			delete(s.hashes[key], f)
		}
	case "EXPIRE":
		s.ttl[key] = args[2]
	case "DEL":
		delete(s.hashes, key)
		delete(s.zsets, key)
		delete(s.lists, key)
	case "ZADD":
		if s.zsets[key] == nil {
			s.zsets[key] = map[string]float64{}
		}
		for i := 2; i < len(args); i += 2 {
			score, err := strconv.ParseFloat(args[i], 64)
			if err != nil {
				return err
			}
			s.zsets[key][args[i+1]] = score
		}
	case "ZREM":
		for _, m := range args[2:] {
			if _, ok := s.zsets[key][m]; !ok {
				return fmt.Errorf("%s has no member %s", key, m)
			}
			delete(s.zsets[key], m)
		}
	case "ZREMRANGEBYRANK": // "0 -n": all but the newest n-1
		s.trimOldest(key, args[3])
	case "RPUSH":
		s.lists[key] = append(s.lists[key], args[2:]...)
	case "LTRIM":
		most, err := strconv.Atoi(args[2])
		if err != nil || args[3] != "-1" {
			return fmt.Errorf("LTRIM %v", args)
		}
		s.lists[key] = s.lists[key][max(0, len(s.lists[key])+most):]
	case "XADD":
		entries := append(s.streams[key], args[6:])
		s.streams[key] = slices.Clone(entries[max(0, len(entries)-300):])
	case "PUBLISH":
		s.published = append(s.published, key+" "+args[2])
	default:
		return fmt.Errorf("command %s", args[0])
	}
	return nil
}

// trimOldest removes members by rank from the lowest score to the rank "-n".
func (s *sheet) trimOldest(key, to string) {
	n, _ := strconv.Atoi(to)
	members := slices.SortedFunc(maps.Keys(s.zsets[key]), func(a, b string) int { return cmp.Compare(s.zsets[key][a], s.zsets[key][b]) })
	for _, m := range members[:max(0, len(members)+n+1)] {
		delete(s.zsets[key], m)
	}
}

// filled makes a market and the sheet that it filled.
func filled(t testing.TB, o MarketOptions) (*Market, *sheet) {
	t.Helper()
	if o.Start.IsZero() {
		o.Start = noon
	}
	m, s := NewMarket(o), newSheet()
	if err := m.Fill(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	return m, s
}

func run(t testing.TB, m *Market, w Writer, d time.Duration) {
	t.Helper()
	for range d / stepEvery {
		if err := m.Step(context.Background(), w); err != nil {
			t.Fatal(err)
		}
	}
}

func inUse() int64 {
	runtime.GC()
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	return int64(ms.HeapAlloc)
}

// checkSeries compares a sorted set with the series it was written from.
func checkSeries(t *testing.T, zset map[string]float64, s *series) {
	t.Helper()
	last := int64(0)
	s.eachSample(func(p sample) {
		member := string(p.appendMember(nil, s.digits))
		if score, ok := zset[member]; !ok || int64(score) != p.sec {
			t.Errorf("no %s, or with score %v", member, score)
		}
		if p.sec <= last || p.sec%fineEvery != 0 {
			t.Errorf("sample at %d after %d", p.sec, last)
		}
		last = p.sec
	})
	if len(zset) != s.len() {
		t.Errorf("%d members, %d samples", len(zset), s.len())
	}
}
