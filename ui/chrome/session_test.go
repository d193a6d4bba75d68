package chrome

import (
	"testing"
	"time"
)

func TestSession_At(t *testing.T) {
	sessions := DefaultSessions()
	if len(sessions) != 3 {
		t.Skip("no zone data")
	}
	for _, c := range []struct {
		session int
		now     string
		open    bool
		left    string
	}{
		{1, "2026-11-27T10:31:49Z", true, "5h59"},
		{2, "2026-11-27T10:31:49Z", false, "3h59"},
		{2, "2026-11-27T21:30:00Z", false, "2d"}, // Friday after the close: Monday
		{0, "2026-11-27T10:31:49Z", false, "2d"},
		{1, "2026-11-27T16:29:30Z", true, "1m"},
		{1, "2026-03-29T12:00:00Z", false, "19h00"}, // the clocks have changed: 8:00 is 7:00 UTC
	} {
		now, _ := time.Parse(time.RFC3339, c.now)
		if open, left := sessions[c.session].At(now); open != c.open || sessionTime(left) != c.left {
			t.Errorf("%s at %s: %v %s, want %v %s", sessions[c.session].Name, c.now, open, sessionTime(left), c.open, c.left)
		}
	}
}
