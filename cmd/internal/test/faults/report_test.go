package faults

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// report collects the lines of a run.
var report results

type results struct {
	mu    sync.Mutex
	lines []line
}

func (r *results) add(l line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, l)
}

// grown adds to the line of a row how much memory it took.
func (r *results) grown(name string, bytes, limit int64) {
	r.change(name, func(l *line) { l.memGrown, l.memLimit = bytes, limit })
}

// note adds words to the line of a row.
func (r *results) note(name, text string) { r.change(name, func(l *line) { l.note = text }) }

func (r *results) change(name string, f func(*line)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.lines {
		if r.lines[i].name == name {
			f(&r.lines[i])
		}
	}
}

// TestMain writes the report that TICKTOP_FAULTS_REPORT names. Rows mostly wait,
// so more of them run at once than there are processors, unless it is said
// otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		_ = flag.Set("test.parallel", "6")
	}
	code := m.Run()
	if file := os.Getenv("TICKTOP_FAULTS_REPORT"); file != "" {
		if err := publish(file, report.markdown()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// begin and end are the marks of a document between which the table stands.
const begin, end = "<!-- measured -->\n", "<!-- /measured -->"

// publish writes the table into a document that has marks for it, or alone.
func publish(file, table string) error {
	text := begin + table + end + "\n"
	if old, err := os.ReadFile(file); err == nil {
		before, rest, ok := strings.Cut(string(old), begin)
		_, after, closed := strings.Cut(rest, end)
		if ok && closed {
			text = before + begin + table + end + after
		}
	}
	return os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // a document for everyone
}

func (r *results) markdown() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s with %s, %s.\n\n", time.Now().Format("2 January 2006"), version("redis-server", "--version"),
		version("/usr/bin/python3", "-c", "import django, rest_framework as r; print('Django', django.__version__, 'and REST framework', r.VERSION)"))
	b.WriteString("| row | noticed: limit | measured | healed: limit | measured | key: median | 95 % | slowest | more |\n|---|--:|--:|--:|--:|--:|--:|--:|---|\n")
	lines := append(slices.Clone(r.lines), elsewhere(os.Getenv("TICKTOP_MEASURED"))...)
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.name, b.name) })
	for _, l := range lines {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n",
			l.name, orDash(l.limit), orDash(l.noticed), orDash(l.healLimit), orDash(l.healed), orDash(l.keys.at(0.5)), orDash(l.keys.at(0.95)), orDash(l.keys.at(1)), l.more())
	}
	return b.String()
}

// elsewhere reads what servertest.Measured has noted of rows with a terminal or
// SSH, of each the worst.
func elsewhere(name string) (lines []line) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	for l := range strings.Lines(string(text)) {
		part := strings.Split(strings.TrimSpace(l), "\t")
		if len(part) < 3 {
			continue
		}
		limit, _ := strconv.ParseInt(part[1], 10, 64)
		took, _ := strconv.ParseInt(part[2], 10, 64)
		row := line{name: part[0], limit: time.Duration(limit), noticed: time.Duration(took), note: strings.Join(part[3:], "")}
		if i := slices.IndexFunc(lines, func(l line) bool { return l.name == row.name }); i < 0 {
			lines = append(lines, row)
		} else if lines[i].noticed < row.noticed {
			lines[i] = row
		}
	}
	return lines
}

// TestElsewhere: of a row the worst counts, and nothing is made up.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "measured")
	if err := os.WriteFile(file, []byte("a\t5000000000\t1000000\tmore\nb\t1\t2\t\na\t5000000000\t3000000\t\nbroken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := elsewhere(file)
	if len(got) != 2 || got[0].name != "a" || got[0].noticed != 3*time.Millisecond || got[0].limit != 5*time.Second || got[1].name != "b" {
		t.Errorf("got %+v", got)
	}
	if got := elsewhere(file + ".none"); got != nil {
		t.Errorf("without a file: %+v", got)
	}
}

func (l *line) more() string {
	if l.memLimit == 0 {
		return l.note
	}
	mem := fmt.Sprintf("memory +%.1f MB of %d MB", float64(l.memGrown)/1e6, l.memLimit/1e6)
	if l.note == "" {
		return mem
	}
	return mem + ", " + l.note
}

func orDash(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return round(d)
}

// version is the first words of what a program says of itself.
func version(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return name + " of unknown version"
	}
	words := strings.Fields(strings.SplitN(string(out), " sha=", 2)[0])
	return strings.Join(words, " ")
}
