package datasource

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/clocktest"
)

func TestShift(t *testing.T) {
	now := time.Now()
	night := Sleep{For: 8 * time.Hour, Seen: now}
	for _, c := range []struct {
		name  string
		s     Sleep
		t     time.Time
		since time.Duration // afterwards, by the monotonic clock
	}{
		{"before", night, clocktest.Step(now.Add(-time.Minute), -8*time.Hour), 8*time.Hour + time.Minute},
		{"a deadline of before", night, clocktest.Step(now.Add(time.Minute), -8*time.Hour), 8*time.Hour - time.Minute},
		{"before, and the clock was set forward", night, clocktest.Step(now, -9*time.Hour), 8 * time.Hour},
		{"before, and the clock was set back", night, clocktest.Step(now, -7*time.Hour), 8 * time.Hour},
		{"after", night, now.Add(-time.Second), time.Second},
		{"after, and the clock was set forward", night, clocktest.Step(now.Add(-time.Second), -time.Hour), time.Second},
		{"after, and the clock was set back", night, clocktest.Step(now.Add(-time.Second), time.Hour), time.Second},
		{"no sleep", Sleep{}, clocktest.Step(now, -8*time.Hour), 0},
	} {
		got := c.s.Shift(c.t)
		if d := now.Sub(got); d != c.since || !strings.Contains(got.String(), " m=") {
			t.Errorf("%s: %v ago, want %v: %v", c.name, d, c.since, got)
		}
		if c.s.Shift(got) != got {
			t.Errorf("%s: shifted twice", c.name)
		}
	}
	if got := night.Shift(clocktest.Step(now.Add(-time.Minute), -8*time.Hour)); !got.Round(0).Equal(now.Round(0).Add(-8*time.Hour - time.Minute)) {
		t.Errorf("on the wall: %v", got)
	}
	for _, at := range []time.Time{{}, time.Unix(1, 0), now.Round(0)} {
		if got := night.Shift(at); !got.Equal(at) {
			t.Errorf("%v became %v", at, got)
		}
	}
}

func TestShiftParts(t *testing.T) {
	now := time.Now()
	s, at := Sleep{For: time.Hour, Seen: now}, clocktest.Step(now, -time.Hour)
	v := Value{Type: TypeMessages, Messages: []Message{{At: at}, {}}}
	if got := s.ShiftValue(v); now.Sub(got.Messages[0].At) != time.Hour || !got.Messages[1].At.IsZero() || v.Messages[0].At != at {
		t.Errorf("%+v, of %+v", got, v)
	}
	f := &Fault{RetryAt: at}
	if got := s.ShiftFault(f); now.Sub(got.RetryAt) != time.Hour || f.RetryAt != at {
		t.Errorf("%+v, of %+v", got, f)
	}
	if plain := (&Fault{}); s.ShiftFault(nil) != nil || s.ShiftFault(plain) != plain {
		t.Error("a fault without a next try is another")
	}
}
