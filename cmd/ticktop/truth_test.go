//go:build linux || darwin

package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestTerminal_IsNotAsked (case 32): help and usage errors on a terminal that
// answers no queries are there at once, and send none.
func TestTerminal_IsNotAsked(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"snapshot", "--help"}, {"--nope"}, {"snapshot", "--format", "xml"}} {
		begun := time.Now()
		c := startConsole(t, args...)
		c.wait()
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%v took %v", args, took)
		}
		for _, query := range []string{"\x1b[c", "\x1b]11;?", "\x1b]10;?", "\x1b[6n", "\x1b[?u"} {
			if strings.Contains(c.text(), query) {
				t.Errorf("%v asks the terminal %q", args, query)
			}
		}
	}
}

// TestSnapshot_NothingToRead (case 39): the reason is one line on stderr, in
// every format; without an API none is said to have failed (case 35).
func TestSnapshot_NothingToRead(t *testing.T) {
	for _, format := range []string{"json", "text", "csv"} {
		cmd := exec.CommandContext(t.Context(), "ticktop", "snapshot", "--format", format, "--redis", "redis://127.0.0.1:1/0")
		cmd.Env = append(cmd.Environ(), "HOME="+t.TempDir(), "DJANGO_API_URL=", "REDIS_URL=")
		cmd.Dir = t.TempDir()
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		_ = cmd.Run()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 4 {
			t.Fatalf("%s: %v", format, cmd.ProcessState)
		}
		if line := strings.TrimSpace(stderr.String()); !strings.HasPrefix(line, "ticktop: nothing could be read: redis: refused") || strings.Contains(line, "\n") {
			t.Errorf("%s: stderr is %q", format, line)
		}
		if format != "json" {
			continue
		}
		var out struct {
			Sources map[string]struct{ State string }
		}
		if err := json.Unmarshal([]byte(stdout.String()), &out); err != nil || out.Sources["api"].State != "off" {
			t.Errorf("case 35: the API is %q, %v", out.Sources["api"].State, err)
		}
	}
}
