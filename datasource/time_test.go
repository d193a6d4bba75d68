package datasource

import (
	"math"
	"testing"
	"time"
)

func TestEpochMS(t *testing.T) {
	for _, c := range []struct {
		in   float64
		unit time.Duration
		ms   int64
		ok   bool
	}{
		{0, time.Second, 0, true},
		{-1.5, time.Second, -1500, true},
		{1795424400.1236, time.Second, 1795424400124, true},
		{99_999_999_999, time.Second, 99_999_999_999_000, true},
		{1e11, time.Millisecond, 100_000_000_000, true},
		{1e14, time.Microsecond, 100_000_000_000, true},
		{1e17, time.Nanosecond, 100_000_000_000, true},
		{1e19, 0, 0, false},
		{math.NaN(), 0, 0, false},
		{math.Inf(-1), 0, 0, false},
	} {
		if unit, ok := EpochUnit(c.in); unit != c.unit || ok != c.ok {
			t.Errorf("unit of %v: %v %v", c.in, unit, ok)
		}
		if ms, ok := EpochMS(c.in); ms != c.ms || ok != c.ok {
			t.Errorf("%v: %d %v, want %d", c.in, ms, ok, c.ms)
		}
	}
}

func TestParseTime(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-23":                     "2026-11-23T00:00:00Z",
		"2026-11-23T09:30":               "2026-11-23T09:30:00Z",
		"2026-11-23 09:30:00.123 +01:00": "2026-11-23T08:30:00Z",
		"2026-11-23T10:00:00+0100":       "2026-11-23T09:00:00Z",
		"2026-11-23T09:00:00.123456789":  "2026-11-23T09:00:00Z",
		"09:30:00":                       "", "2026-13-45": "", "2026-11-23T09:00:00 Berlin": "", "": "",
	} {
		at, ok := ParseTime(in)
		if ok != (want != "") || ok && at.UTC().Truncate(time.Second).Format(time.RFC3339) != want {
			t.Errorf("%q: %v %v, want %s", in, at, ok, want)
		}
	}
}
