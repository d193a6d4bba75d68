package models

import (
	"bytes"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// terminal is a program on a pty, and what its screen shows. It understands the
// few sequences that a dashboard sends; cmd/internal/test/e2e holds that it
// sends no others.
type terminal struct {
	mu      sync.Mutex
	cells   [][]string
	x, y    int
	pending []byte
	exited  bool
	pid     int
}

// patience is how long a first screen may take on a loaded machine.
const patience = 30 * time.Second

// openTerminal starts a program on a screen; it is ended with the test.
func openTerminal(t *testing.T, width, height int, argv ...string) *terminal {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = t.TempDir(), userEnv(t.TempDir())
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)})
	if err != nil {
		t.Skip("no pty:", err)
	}
	p := &terminal{cells: make([][]string, height), pid: cmd.Process.Pid}
	for y := range p.cells {
		p.cells[y] = make([]string, width)
	}
	p.clear()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 1<<16)
		for {
			n, err := tty.Read(buf)
			p.feed(buf[:n])
			if err != nil {
				p.mu.Lock()
				p.exited = true
				p.mu.Unlock()
				return
			}
		}
	}()
	t.Cleanup(func() {
		_, _ = tty.Write([]byte{3})
		time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		_ = tty.Close()
		<-ended
	})
	return p
}

// text is what the screen shows.
func (p *terminal) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, line := range p.cells {
		b.WriteString(strings.TrimRight(strings.Join(line, ""), " ") + "\n")
	}
	return b.String()
}

// waitFor waits until the screen matches a pattern.
func (p *terminal) waitFor(t *testing.T, pattern string) {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if re.MatchString(p.text()) {
			return
		}
		if p.hasExited() {
			break
		}
	}
	t.Errorf("%s is not on the screen:\n%s", pattern, p.text())
}

// sees reports an error where the screen matches a pattern and should not, or
// the other way round.
func (p *terminal) sees(t *testing.T, pattern string, want bool) {
	t.Helper()
	if text := p.text(); regexp.MustCompile(pattern).MatchString(text) != want {
		t.Errorf("the screen matches %s: %v\n%s", pattern, !want, text)
	}
}

func (p *terminal) hasExited() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exited
}

func (p *terminal) clear() {
	for _, line := range p.cells {
		for x := range line {
			line[x] = " "
		}
	}
}

func (p *terminal) feed(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pending = append(p.pending, b...)
	for len(p.pending) > 0 {
		n := p.step(p.pending)
		if n == 0 {
			return
		}
		p.pending = p.pending[n:]
	}
}

// step takes one thing and returns its length, 0 when it is not whole yet.
func (p *terminal) step(b []byte) int {
	switch {
	case b[0] == '\r':
		p.x = 0
		return 1
	case b[0] == '\n':
		p.y = min(p.y+1, len(p.cells)-1)
		return 1
	case b[0] < 0x20:
		if b[0] == 0x1b {
			return p.escape(b)
		}
		return 1
	case !utf8.FullRune(b):
		return 0
	}
	end := bytes.IndexFunc(b, func(r rune) bool { return r < 0x20 })
	if end < 0 {
		end = len(b)
	}
	cluster, width := ansi.FirstGraphemeCluster(string(b[:end]), ansi.GraphemeWidth)
	if p.y < len(p.cells) && p.x+width <= len(p.cells[p.y]) && width > 0 {
		p.cells[p.y][p.x] = cluster
		for i := 1; i < width; i++ {
			p.cells[p.y][p.x+i] = ""
		}
	}
	p.x += width
	return len(cluster)
}

func (p *terminal) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '[':
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				p.control(string(b[2:i]), b[i])
				return i + 1
			}
		}
		return 0
	case ']', 'P':
		for i := 2; i < len(b); i++ {
			if b[i] == 7 || b[i] == '\\' && b[i-1] == 0x1b {
				return i + 1
			}
		}
		return 0
	}
	return 2
}

func (p *terminal) control(arg string, final byte) {
	switch final {
	case 'H':
		row, col, _ := strings.Cut(arg, ";")
		y, _ := strconv.Atoi(row)
		x, _ := strconv.Atoi(col)
		p.y, p.x = min(max(y, 1), len(p.cells))-1, min(max(x, 1), len(p.cells[0]))-1
	case 'J':
		p.clear()
	case 'K':
		for x := p.x; x < len(p.cells[p.y]); x++ {
			p.cells[p.y][x] = " "
		}
	}
}
