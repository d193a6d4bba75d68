package decode

import (
	"testing"
	"time"

	"ticktop/datasource"
)

// TestZoneFinder_Case5: a local time without a zone is as old as it is, never
// hours.
func TestZoneFinder_Case5(t *testing.T) {
	newYork, _ := time.LoadLocation("America/New_York")
	london, _ := time.LoadLocation("Europe/London")
	now := time.Date(2026, 7, 23, 14, 0, 0, 0, time.UTC)
	naive := func(at time.Time, loc *time.Location) time.Time {
		return datasource.InZone(at.In(loc), datasource.Naive)
	}
	for _, c := range []struct {
		name string
		zone *time.Location // of the producer
		want *time.Location
	}{
		{"terminal", newYork, newYork},
		{"configured", london, london},
		{"UTC", time.UTC, time.UTC},
		{"none fits", time.FixedZone("", 5*3600+45*60), nil},
	} {
		var z ZoneFinder
		first := naive(now.Add(-10*time.Minute), c.zone)
		if z.Observe(first, now, london, newYork) {
			t.Errorf("%s: known by a time that was only found", c.name)
		}
		if _, ok := z.Resolve(first); ok {
			t.Errorf("%s: an age before anything changed", c.name)
		}
		stamp := naive(now.Add(-300*time.Millisecond), c.zone)
		found := z.Observe(stamp, now, london, newYork)
		if found != (c.want != nil) || z.Location() != c.want {
			t.Errorf("%s: found %v", c.name, z.Location())
		}
		got, ok := z.Resolve(stamp)
		if ok != found || ok && !got.Equal(now.Add(-300*time.Millisecond)) {
			t.Errorf("%s: %v %v", c.name, got, ok)
		}
	}
	var z ZoneFinder
	if got, ok := z.Resolve(now); !ok || !got.Equal(now) {
		t.Error("a time with a zone means what it says")
	}
}

func TestParseTime_TellsNaive(t *testing.T) {
	for s, naive := range map[string]bool{
		"2026-11-23T09:00:00Z": false, "2026-11-23T09:00:00+00:00": false, "2026-11-23T09:00:00-05:00": false, "2026-11-23 09:00:00+0000": false,
		"2026-11-23T09:00:00": true, "2026-11-23 09:00:00.123": true, "2026-11-23": true, "2026-11-23T09:00": true,
	} {
		got, ok := datasource.ParseTime(s)
		if !ok || datasource.IsNaive(got) != naive {
			t.Errorf("%s: %v %v", s, got, ok)
		}
	}
}
