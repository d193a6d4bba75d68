package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestLicences_AllowRedistribution holds every linked module to a licence that
// a package may carry: none that would bind the whole program.
func TestLicences_AllowRedistribution(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	t.Chdir("../../..")
	var out bytes.Buffer
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"AFFERO GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE", "Business Source License", "Server Side Public License"} {
		if i := strings.Index(out.String(), bad); i >= 0 {
			from := strings.LastIndex(out.String()[:i], strings.Repeat("=", 78))
			t.Errorf("%s: %.120s", bad, out.String()[from:])
		}
	}
	if mods := strings.Count(out.String(), strings.Repeat("=", 78)); mods < 20 {
		t.Errorf("only %d modules", mods)
	}
}

func TestLicences_NeedsAFile(t *testing.T) {
	if _, err := licenceTexts(t.TempDir()); err == nil {
		t.Error("a module without a licence passes")
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/LICENSE.md", []byte("MIT"), 0o600); err != nil {
		t.Fatal(err)
	}
	if texts, err := licenceTexts(dir); err != nil || len(texts) != 1 {
		t.Errorf("%q, %v", texts, err)
	}
}
