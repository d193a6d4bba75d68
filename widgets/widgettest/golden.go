package widgettest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// update is shared by every package that imports this one:
// go test ./widgets/... -update
var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// Golden compares a picture with testdata/NAME.golden of the package under
// test. Its size is checked first: exactly h lines of exactly w cells, because
// a picture of the wrong size is wrong whatever is on it. The files hold the
// escape sequences too; look at them with cat.
func Golden(t testing.TB, name, got string, w, h int) {
	t.Helper()
	Picture(t, got, w, h)
	path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (make it with -update)", err)
	}
	if diff := Diff(got, strings.TrimSuffix(string(want), "\n")); diff != "" {
		t.Errorf("%s differs from %s:\n%s", name, path, diff)
	}
}

// Diff shows two pictures above each other where they differ, "" when they are
// equal. Lines whose text is the same but whose style is not are shown with
// their escape sequences.
func Diff(got, want string) string {
	if got == want {
		return ""
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	var b strings.Builder
	if len(g) != len(w) {
		fmt.Fprintf(&b, "%d lines, want %d\n", len(g), len(w))
	}
	at := func(lines []string, i int) string {
		if i < len(lines) {
			return lines[i]
		}
		return ""
	}
	for i := range max(len(g), len(w)) {
		a, z := at(g, i), at(w, i)
		switch {
		case a == z:
			fmt.Fprintf(&b, "%3d   %s\n", i, ansi.Strip(a))
		case ansi.Strip(a) == ansi.Strip(z):
			fmt.Fprintf(&b, "%3d - %q\n%3d + %q\n", i, z, i, a)
		default:
			fmt.Fprintf(&b, "%3d - %s\n%3d + %s\n", i, ansi.Strip(z), i, ansi.Strip(a))
		}
	}
	return b.String()
}

// Gallery compares pictures of a widget in every state, below each other in
// the order of States, with a golden file for each size in colour and in mono.
func Gallery(t *testing.T, name string, w widgets.Widget, data func(datasource.State) *datasource.Snapshot, sizes ...[2]int) {
	t.Helper()
	for _, size := range sizes {
		for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
			var all []string
			for _, s := range States() {
				got := w.Render(Context(size[0], size[1], data(s), profile))
				Picture(t, got, size[0], size[1])
				all = append(all, got)
			}
			file := fmt.Sprintf("%s-%dx%d-%s", name, size[0], size[1], profile)
			Golden(t, file, strings.Join(all, "\n"), size[0], size[1]*len(all))
		}
	}
}
