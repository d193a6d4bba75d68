//go:build linux || darwin

package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource/testkit/servertest"
)

// updateDocs writes what ticktop printed into the documents.
var updateDocs = flag.Bool("update-docs", false, "write the values of the examples into docs/*.md")

// docPages are the pages whose examples are run.
var docPages = []string{"data-language.md", "discover.md", "presets.md", "your-redis.md"}

// example is a run of fenced blocks: commands of redis-cli, a configuration or
// commands of ticktop, and what comes out.
type example struct {
	at   int // line of the first block
	sh   []string
	yaml string
	out  []block
}

type block struct {
	lang, text string
	line       int // of its fence
}

// TestDocs runs every example of the documents on a real Redis.
func TestDocs(t *testing.T) {
	for _, page := range docPages {
		t.Run(page, func(t *testing.T) {
			path := filepath.Join("../../../../docs", page)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			examples := examplesOf(string(text))
			if len(examples) == 0 {
				t.Error("no example")
			}
			s := servertest.Redis(t)
			got := map[int]string{}
			for _, x := range examples {
				t.Run(fmt.Sprintf("line %d", x.at), func(t *testing.T) { runExample(t, s, x, got) })
			}
			if *updateDocs {
				if err := os.WriteFile(path, []byte(replaceBlocks(string(text), got)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestDocs_NameEveryPreset: the page of presets has all of them, with the keys and
// paths that tell them apart.
func TestDocs_NameEveryPreset(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/presets.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range config.Presets() {
		for _, want := range slices.Concat([]string{p.Name}, p.Keys, p.API) {
			if !strings.Contains(string(text), "`"+want+"`") {
				t.Errorf("docs/presets.md does not name %s of %s", want, p.Name)
			}
		}
	}
}

// examplesOf finds the blocks that stand directly behind one another.
func examplesOf(text string) []example {
	var out []example
	var now *example
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		lang, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			now = nil
			continue
		}
		from := i
		var body []string
		for i++; i < len(lines) && lines[i] != "```"; i++ {
			body = append(body, lines[i])
		}
		switch {
		case lang == "sh":
			out = append(out, example{at: from + 1, sh: body})
			now = &out[len(out)-1]
		case now == nil:
		case lang == "yaml":
			now.yaml = strings.Join(body, "\n") + "\n"
		default:
			now.out = append(now.out, block{lang, strings.Join(body, "\n"), from})
		}
	}
	var run []example
	for _, x := range out {
		if len(x.out) > 0 {
			run = append(run, x)
		}
	}
	return run
}

// replaceBlocks puts what was printed into the blocks that begin at these lines.
func replaceBlocks(text string, got map[int]string) string {
	var out []string
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		if body, ok := got[i]; ok {
			out = append(out, body)
			for i++; lines[i] != "```"; i++ {
			}
			out = append(out, lines[i])
		}
	}
	return strings.Join(out, "\n")
}

func runExample(t *testing.T, s *servertest.Server, x example, got map[int]string) {
	s.Do("FLUSHALL")
	dir := t.TempDir()
	printed := ""
	for _, line := range x.sh {
		line = strings.ReplaceAll(line, "$(date +%Y%m%d)", time.Now().UTC().Format("20060102"))
		line, _, _ = strings.Cut(line, "  #")
		words := shellWords(t, line)
		switch {
		case len(words) == 0:
		case words[0] == "redis-cli":
			args := make([]any, 0, len(words))
			for _, w := range words[1:] {
				args = append(args, w)
			}
			s.Do(args...)
		case words[0] == "ticktop":
			printed += ticktop(t, s, dir, words[1:]...)
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	args := []string{}
	if x.yaml != "" {
		if err := os.WriteFile(filepath.Join(dir, "ticktop.yaml"), []byte(x.yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		args = []string{"--config", "ticktop.yaml"}
	}
	for _, b := range x.out {
		switch b.lang {
		case "json":
			text := valuesOf(t, ticktop(t, s, dir, append([]string{"snapshot", "--format", "json"}, args...)...))
			got[b.line] = text
			if !*updateDocs && !sameJSON(text, b.text) {
				t.Errorf("the document says\n%s\nticktop says\n%s", b.text, text)
			}
		case "text":
			if printed == "" {
				printed = ticktop(t, s, dir, append([]string{"check"}, args...)...)
			}
			for _, want := range strings.Split(b.text, "\n") {
				if !strings.Contains(printed, strings.TrimSpace(want)) {
					t.Errorf("no %q in\n%s", want, printed)
				}
			}
		}
	}
}

// ticktop runs it and returns what it printed, whatever its status. REDIS in the
// arguments is the server's address.
func ticktop(t *testing.T, s *servertest.Server, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir
	cmd.Env = environ(dir, "REDIS_URL="+s.URL(), "DJANGO_API_URL=", "DJANGO_API_TOKEN=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("ticktop %v: %v\n%s", args, err, stderr.String())
	}
	return string(out) + stderr.String()
}

// valuesOf are the values in a snapshot, a line each, in its order.
func valuesOf(t *testing.T, text string) string {
	t.Helper()
	var snap struct{ Data json.RawMessage }
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&snap); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	d := json.NewDecoder(bytes.NewReader(snap.Data))
	_, _ = d.Token()
	var lines []string
	for d.More() {
		name, _ := d.Token()
		var datum struct {
			State string
			Value json.RawMessage
			Error string
		}
		if err := d.Decode(&datum); err != nil {
			t.Fatal(err)
		}
		value := string(datum.Value)
		if value == "" {
			value = strconv.Quote(datum.State + ": " + datum.Error)
		}
		lines = append(lines, fmt.Sprintf(" %q: %s", name, value))
	}
	return "{" + strings.TrimPrefix(strings.Join(lines, ",\n"), " ") + "}"
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// shellWords splits a line as a shell does, without expansions. In double quotes
// redis-cli reads \xff as a byte.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	var out []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		switch line[0] {
		case '\'':
			word, rest, ok := strings.Cut(line[1:], "'")
			if !ok {
				t.Fatalf("an open quote in %q", line)
			}
			out, line = append(out, word), rest
		case '"':
			end := 1
			for end < len(line) && line[end] != '"' {
				if line[end] == '\\' {
					end++
				}
				end++
			}
			word, err := strconv.Unquote(line[:end+1])
			if err != nil {
				t.Fatalf("%v in %q", err, line)
			}
			out, line = append(out, word), line[end+1:]
		default:
			word, rest, _ := strings.Cut(line, " ")
			out, line = append(out, word), rest
		}
	}
	return out
}
