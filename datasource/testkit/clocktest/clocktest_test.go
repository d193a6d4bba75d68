package clocktest

import (
	"testing"
	"time"
)

func TestStep(t *testing.T) {
	now := time.Now()
	for _, by := range []time.Duration{0, time.Second, time.Hour, -time.Hour, 10 * 365 * 24 * time.Hour} {
		got := Step(now, by)
		if got.Sub(now) != 0 || got.Round(0).Sub(now.Round(0)) != by {
			t.Errorf("%v: %v and %v", by, got.Sub(now), got.Round(0).Sub(now.Round(0)))
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a time of the wall clock alone is taken")
		}
	}()
	Step(now.Round(0), time.Hour)
}
