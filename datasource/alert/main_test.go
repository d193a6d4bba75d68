package alert

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a test leaves a goroutine behind: a watch
// that was not closed.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
