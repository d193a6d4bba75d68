package app

import (
	"testing"
	"testing/synctest"

	"ticktop/datasource"
)

// counted is a feed that knows how often it was opened and closed.
type counted struct {
	datasource.Feed
	changed chan struct{}
	closed  int
}

func (c *counted) Changed() <-chan struct{} { return c.changed }
func (c *counted) Close()                   { c.closed++ }

func TestOneFeedForAllWhoSeeTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newSharedFeeds()
		var made []*counted
		open := func(key any) datasource.Feed {
			return c.open(key, func() datasource.Feed {
				f := &counted{changed: make(chan struct{}, 1)}
				made = append(made, f)
				return f
			})
		}
		a, b, other := open("x"), open("x"), open("y")
		if len(made) != 2 {
			t.Fatalf("%d feeds for two keys", len(made))
		}
		for _, f := range []datasource.Feed{a, b, other} {
			<-f.Changed() // whoever joins looks at once
		}
		made[0].changed <- struct{}{}
		synctest.Wait()
		for i, f := range []datasource.Feed{a, b} {
			select {
			case <-f.Changed():
			default:
				t.Errorf("lease %d was not told", i)
			}
		}
		select {
		case <-other.Changed():
			t.Error("somebody else was notified")
		default:
		}
		a.Close()
		a.Close()
		if made[0].closed != 0 {
			t.Error("closed under the one who still looks")
		}
		b.Close()
		other.Close()
		if made[0].closed != 1 || made[1].closed != 1 {
			t.Errorf("closed %d and %d times", made[0].closed, made[1].closed)
		}
		again := open("x")
		if len(made) != 3 {
			t.Error("a feed that was closed is handed out again")
		}
		again.Close()
	})
}

// count returns how many feeds are shared just now.
func (s *sharedFeeds) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.feeds)
}
