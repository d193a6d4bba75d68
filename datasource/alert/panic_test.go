package alert

import (
	"strings"
	"testing"
	"time"
)

// trap is a condition that cannot be evaluated.
type trap struct{ node }

func (trap) eval(*scope) result { panic("boom") }

// TestAPanicIsAnAlert: a rule that cannot be evaluated does not look like one
// that is false, ends nobody's session, and stops none of the others.
func TestAPanicIsAnAlert(t *testing.T) {
	bad, good := mustCompile(t, "account.equity > 1"), mustCompile(t, "account.equity > 1")
	bad.cond = trap{bad.cond}
	snap := world{"account": live(object("equity", "5"), nine)}.at(nine)
	var state *State
	for i := range 3 {
		now := nine.Add(time.Duration(i) * time.Second)
		alerts, next := Eval([]*Rule{bad, good}, snap, now, state)
		state = next
		broken := 0
		for _, a := range alerts {
			if strings.Contains(a.Text.String(), "internal error") {
				broken++
				if !a.Since.Equal(nine) || a.Rule != 0 {
					t.Errorf("%+v", a)
				}
			}
		}
		if len(alerts) != 2 || broken != 1 {
			t.Errorf("at %d: %+v", i, alerts)
		}
	}
}
