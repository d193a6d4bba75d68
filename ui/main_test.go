package ui

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a test leaves a goroutine behind: a session that has been
// closed has no command still waiting.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
