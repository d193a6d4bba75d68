package django

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a test leaves a goroutine behind: a request nobody waits
// for any more, a connection that was not closed.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
