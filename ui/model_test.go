package ui

import (
	"os"
	"testing"
)

func TestFirstFrame(t *testing.T) {
	m, _, _ := session(t, 120, 40)
	exact(t, screen(m), 120, 40)
	mustSee(t, m, "ticktop", "1 Overview", "ACC-1001", "redis ● 0.3 ms", "pubsub ● 1,012/s", "api ◐ throttled · 12 s", "09:31:07", "Account", "E why")
	if p := os.Getenv("TICKTOP_DUMP"); p != "" {
		os.WriteFile(p, []byte(screen(m)), 0o644)
	}
}
