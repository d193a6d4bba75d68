package models

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTruth_NamesTestsThatExist: the table of docs/truth.md has all 41 cases, and
// each test that it names is there.
func TestTruth_NamesTestsThatExist(t *testing.T) {
	const root = "../../../.."
	page, err := os.ReadFile(filepath.Join(root, "docs", "truth.md"))
	if err != nil {
		t.Fatal(err)
	}
	next := 1
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(cells[1]))
		if err != nil {
			continue
		}
		if n != next {
			t.Errorf("case %d stands where %d is expected", n, next)
		}
		next = n + 1
		dir, named := "", 0
		for _, word := range regexp.MustCompile("`[a-z0-9/]+`|Test[A-Za-z0-9_]+").FindAllString(cells[3], -1) {
			if strings.HasPrefix(word, "`") {
				dir = strings.Trim(word, "`")
				continue
			}
			if named++; !hasTest(t, filepath.Join(root, dir), word) {
				t.Errorf("case %d: there is no %s in %s", n, word, dir)
			}
		}
		if named == 0 {
			t.Errorf("case %d names no test", n)
		}
	}
	if next != 42 {
		t.Errorf("the table ends at case %d", next-1)
	}
}

func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil && strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
