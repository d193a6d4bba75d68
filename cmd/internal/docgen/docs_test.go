package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ticktop/cmd/internal/config"
	"ticktop/widgets/widgettest"
)

// root is the repository, seen from here.
const root = "../../.."

// TestPages: the pages that the program knows by itself are what it says.
func TestPages(t *testing.T) {
	want, err := pagesOf(docs)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range want {
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := widgettest.Diff(string(got), string(text)); diff != "" {
			t.Errorf("%s is not what the program says; run make pictures:\n%s", path, diff)
		}
	}
}

// TestReferenceNamesEveryKey looks for each key of the schema in docs/config.md.
func TestReferenceNamesEveryKey(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(docs, "config.md"))
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(config.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	names := properties(schema)
	if len(names) < 50 {
		t.Fatalf("only %d keys in the schema", len(names))
	}
	for _, name := range names {
		if !regexp.MustCompile("[`.]" + regexp.QuoteMeta(name) + "`").Match(page) {
			t.Errorf("docs/config.md does not name %q", name)
		}
	}
	for _, kind := range config.Kinds() {
		if !strings.Contains(string(page), "\n### "+kind+"\n") {
			t.Errorf("docs/config.md has no widget %q", kind)
		}
	}
}

// properties lists the names of all properties in a schema.
func properties(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		if props, ok := v["properties"].(map[string]any); ok {
			for name := range props {
				out = append(out, name)
			}
		}
		for _, inner := range v {
			out = append(out, properties(inner)...)
		}
	case []any:
		for _, inner := range v {
			out = append(out, properties(inner)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var links = regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)

// TestLinks follows every link to a file of the repository.
func TestLinks(t *testing.T) {
	pages, _ := filepath.Glob(filepath.Join(docs, "*.md"))
	top, _ := filepath.Glob(filepath.Join(root, "*.md"))
	for _, page := range slices.Concat(pages, top) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range links.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
	}
}

// TestReadme: its first screen has the two commands of a fresh machine and a
// picture.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Join(strings.SplitN(string(text), "\n", 25)[:24], "\n")
	for _, want := range []string{"go run ./cmd/ticktop demo", "go test ./...", "docs/img/ticktop.svg"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first screen of README.md has no %q", want)
		}
	}
}

var samples = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// TestSamples: every configuration that the documentation shows is one.
func TestSamples(t *testing.T) {
	pages, _ := filepath.Glob(filepath.Join(docs, "*.md"))
	n := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range samples.FindAllStringSubmatch(string(text), -1) {
			n++
			c, err := config.Parse(page, []byte(m[1]), config.Options{})
			if err != nil {
				t.Errorf("%s: %v\n%s", page, err, m[1])
				continue
			}
			if _, err := c.Pages(c.Vars, nil); err != nil {
				t.Errorf("%s: %v\n%s", page, err, m[1])
			}
		}
	}
	if n < 4 {
		t.Errorf("only %d samples found", n)
	}
}
