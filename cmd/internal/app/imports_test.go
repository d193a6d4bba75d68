package app

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestImports holds the drawing of docs/architecture.md over the whole import
// graph: a package imports only what stands to its right.
func TestImports(t *testing.T) {
	only := map[string]string{ // a library → the one package that may know it
		"github.com/redis/go-redis/":     "ticktop/datasource/redisdb",
		"github.com/alicebob/miniredis/": "ticktop/cmd/internal/demo",
		"charm.land/wish/":               "ticktop/cmd/internal/sshd",
		"charm.land/ssh":                 "ticktop/cmd/internal/sshd",
		"github.com/goccy/go-yaml":       "ticktop/cmd/internal/config",
	}
	for _, p := range packages(t) {
		for _, imp := range p.Imports {
			for lib, owner := range only {
				if strings.HasPrefix(imp, lib) && p.ImportPath != owner {
					t.Errorf("%s imports %s: only %s may", p.ImportPath, imp, owner)
				}
			}
			if why := forbidden(p.ImportPath, imp); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imp, why)
			}
		}
	}
}

// leaf are the packages of the data side that compute words and figures out of
// values and know no source: the screen uses them too.
var leaf = map[string]bool{"ticktop/datasource/format": true, "ticktop/datasource/names": true, "ticktop/datasource/mask": true, "ticktop/datasource/suggest": true}

// forbidden says why one package may not import another, or "".
func forbidden(from, to string) string {
	in := func(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }
	ours := in(to, "ticktop")
	switch {
	case from == "ticktop/datasource" && strings.Contains(strings.SplitN(to, "/", 2)[0], "."):
		return "the vocabulary imports the standard library only"
	case from == "ticktop/cmd/internal/demo" && ours:
		return "the demo is its own platform"
	case in(from, "ticktop/datasource") && ours && !in(to, "ticktop/datasource"):
		return "the data side knows no screen"
	case (in(from, "ticktop/ui") || in(from, "ticktop/widgets")) && in(to, "ticktop/datasource") && to != "ticktop/datasource" && !leaf[to]:
		// Recordings are the fixtures of widgets' tests, which are not in Imports.
		if from != "ticktop/widgets/widgettest" {
			return "the screen sees the vocabulary only"
		}
	case in(from, "ticktop/widgets") && in(to, "ticktop/ui"):
		return "imports run from ui to widgets"
	case !in(from, "ticktop/cmd") && in(to, "ticktop/cmd"):
		return "nothing imports cmd"
	case from == "ticktop/cmd/internal/config" && in(to, "ticktop/cmd"):
		return "config is imported, and imports no other package of cmd"
	}
	return ""
}

// TestArchitecture_NamesEveryPackage: docs/architecture.md has a line for every
// package. The kinds of panel, which the registry imports, share one.
func TestArchitecture_NamesEveryPackage(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	all := packages(t)
	kinds := map[string]bool{}
	for _, p := range all {
		for _, imp := range p.Imports {
			kinds[imp] = kinds[imp] || p.ImportPath == "ticktop/widgets/all"
		}
	}
	for _, p := range all {
		name := strings.TrimPrefix(p.ImportPath, "ticktop/")
		kind := kinds[p.ImportPath] && strings.HasPrefix(name, "widgets/")
		if !kind && !strings.Contains(string(doc), "\n| `"+name+"`") {
			t.Errorf("docs/architecture.md has no line for %s", name)
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "ticktop/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 20 {
		t.Fatalf("only %d packages: this test looks at nothing", len(all))
	}
	return all
}
