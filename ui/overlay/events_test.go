package overlay

import (
	"testing"
	"time"

	"ticktop/datasource"
)

// TestReason: what is known is said, and said once.
func TestReason(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 31, 7, 0, time.UTC)
	refused := func() *datasource.Fault {
		return &datasource.Fault{Source: datasource.SourceRedis, Class: datasource.ClassRefused, RetryAt: now.Add(2 * time.Second)}
	}
	for _, c := range []struct {
		why   string
		fault *datasource.Fault
		want  string
	}{
		{"", nil, ""},
		{"key expired", nil, "key expired"},
		{"", refused(), "refused · retry in 2 s"},
		{"redis: refused", refused(), "redis: refused · retry in 2 s"},
		{"key expired", refused(), "key expired; refused · retry in 2 s"},
	} {
		e := &datasource.Entry{Why: datasource.Clean(c.why, 0), Fault: c.fault}
		if got := faultReason(e, now); got != c.want {
			t.Errorf("%q and %v: %q, want %q", c.why, c.fault, got, c.want)
		}
	}
}
