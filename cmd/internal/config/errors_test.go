package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// TestErrors keeps the exact words of every mistake, with its place: each
// testdata/errors/NAME.yaml has its NAME.txt.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse("ticktop.yaml", data, Options{Env: envOf(t, "SET=set")})
			got := render(t, err)
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, _ := os.ReadFile(golden)
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func render(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	var all Errors
	if !errors.As(err, &all) {
		var one *Error
		if !errors.As(err, &one) {
			t.Fatalf("error of type %T", err)
		}
		all = Errors{one}
	}
	var b strings.Builder
	for _, e := range all {
		b.WriteString(e.Error() + "\n")
		if x := e.Excerpt(); x != "" {
			b.WriteString(x + "\n")
		}
	}
	return b.String()
}
