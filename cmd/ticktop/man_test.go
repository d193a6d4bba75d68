package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMan_Lint: mandoc has nothing to say about the manual page.
func TestMan_Lint(t *testing.T) {
	mandoc, err := exec.LookPath("mandoc")
	if err != nil {
		if os.Getenv("TICKTOP_REQUIRE_SERVERS") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	var page strings.Builder
	root := newRoot()
	root.SetOut(&page)
	root.SetArgs([]string{"man"})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	lint := exec.CommandContext(t.Context(), mandoc, "-T", "lint")
	lint.Stdin = strings.NewReader(page.String())
	if out, _ := lint.CombinedOutput(); len(out) > 0 {
		t.Errorf("%s", out)
	}
	for _, want := range []string{".SH KEYS", ".SH ENVIRONMENT", ".SH EXIT STATUS", ".SH FILES", buildDate().Format(time.DateOnly)} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestTidyRoff(t *testing.T) {
	long := strings.Repeat("word ", 20)
	for _, tt := range []struct{ name, in, want string }{
		{"empty paragraph", ".SH A\n.PP\n.PP\ntext\n", ".SH A\n.PP\ntext\n"},
		{"at the end", "text\n.PP\n", "text\n"},
		{"long text", long + "end", strings.TrimSpace(strings.Repeat("word ", 15)) + "\n" + strings.Repeat("word ", 5) + "end\n"},
		{"never a command at the start", strings.Repeat("x", 70) + " 'quoted" + strings.Repeat("y", 20), strings.Repeat("x", 70) + " 'quoted" + strings.Repeat("y", 20) + "\n"},
		{"commands stay whole", ".TH " + long, ".TH " + long + "\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tidyRoff(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
