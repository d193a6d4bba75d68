package redisdb

import (
	"context"
	"slices"
	"strings"
	"testing"

	"ticktop/datasource/testkit/servertest"
)

// Case 17: channels know no database.
func TestOtherUsers(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("SET", "quote:EURUSD", "1")
	c := open(t, Options{URL: s.URL()})
	listen(t, c, 1, "ticks:EURUSD")
	other := open(t, Options{URL: strings.TrimSuffix(s.URL(), "/0") + "/1"})
	got, err := other.OtherUsers(context.Background())
	if err != nil || !slices.Equal(got.Listened, []string{"ticks:EURUSD"}) || !slices.Equal(got.Databases, []string{"db0 with 1 keys"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = c.OtherUsers(context.Background()); err != nil || len(got.Databases) != 0 {
		t.Errorf("from the same database: %+v, %v", got, err)
	}
}
