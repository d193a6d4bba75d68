//go:build bench

package peers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/sshd"
	"ticktop/ui/broadcast"
)

const (
	cols = 160
	rows = 45
)

// pictures keeps what a model showed, one picture a change.
type pictures struct {
	inner tea.Model
	all   []string
}

func (p *pictures) Init() tea.Cmd { p.keep(); return p.inner.Init() }

func (p *pictures) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := p.inner.Update(msg)
	p.keep()
	return p, cmd
}

func (p *pictures) View() tea.View { return tea.View{} }

func (p *pictures) keep() {
	if s := p.inner.View().Content; len(p.all) == 0 || p.all[len(p.all)-1] != s {
		p.all = append(p.all, s)
	}
}

// TestBytes shows ten seconds of the demo at 1,000 ticks a second and counts
// what three renderers write for the very same pictures. With
// TICKTOP_PICTURES=FILE it writes them down, to be played by other programs.
func TestBytes(t *testing.T) {
	p := &pictures{inner: demoModel(t)}
	prog := tea.NewProgram(p, tea.WithoutRenderer(), tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithWindowSize(cols, rows))
	time.AfterFunc(13*time.Second, prog.Quit)
	if _, err := prog.Run(); err != nil {
		t.Fatal(err)
	}
	all := p.all[min(len(p.all)-1, 30):] // after the start
	if file := os.Getenv("TICKTOP_PICTURES"); file != "" {
		b, err := json.Marshal(all)
		if err == nil {
			err = os.WriteFile(file, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ours, v1, v2 := bytesOfDiff(all), bytesOfLines(all), bytesOfUltraviolet(t, all)
	n := len(all) - 1
	fmt.Printf("bytes a frame, %d frames: ticktop %d, Bubble Tea v1's renderer %d (1/%.1f), v2's %d (1/%.2f)\n", n,
		ours/n, v1/n, float64(v1)/float64(ours), v2/n, float64(v2)/float64(ours))
}

func demoModel(t *testing.T) tea.Model {
	log := slog.New(slog.DiscardHandler)
	env, err := config.NewEnv(func(string) (string, bool) { return "", false }, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := config.Options{Env: env}
	c, err := app.DemoConfig(o, 24)
	if err != nil {
		t.Fatal(err)
	}
	demo := app.StartDemo(app.DemoOptions{Seed: 1, Rate: 1000, Symbols: 24}, log)
	t.Cleanup(func() { demo.Close() })
	a, err := app.New(app.Options{Load: o, Config: c, Demo: demo, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	m, err := StockModel(a, sshd.Terminal{Term: "xterm-256color", Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, Profile: colorprofile.TrueColor, Cols: cols, Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func bytesOfDiff(all []string) (n int) {
	st := broadcast.NewStyles()
	screen := broadcast.Parse(nil, all[0], cols, rows, st)
	for _, s := range all[1:] {
		next := broadcast.Parse(screen, s, cols, rows, st)
		n += len(next.Diff(screen, st))
		screen = next
	}
	return n
}

// bytesOfLines is what the standard renderer of Bubble Tea v1.3 does on the
// alternate screen: home, then every line that is not the one before, cut to
// the width, with an erase where it is shorter; then the cursor below.
func bytesOfLines(all []string) (n int) {
	last := strings.Split(all[0], "\n")
	for _, s := range all[1:] {
		var b strings.Builder
		b.WriteString(ansi.CursorHomePosition)
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			end := "\r\n"
			if i == len(lines)-1 {
				end = ""
			}
			if i < len(last) && last[i] == l {
				b.WriteString(strings.TrimPrefix(end, "\r"))
				continue
			}
			b.WriteString(ansi.Truncate(l, cols, ""))
			if ansi.StringWidth(l) < cols {
				b.WriteString(ansi.EraseLineRight)
			}
			b.WriteString(end)
		}
		b.WriteString(ansi.CursorPosition(0, len(lines)))
		n += b.Len()
		last = lines
	}
	return n
}

func bytesOfUltraviolet(t *testing.T, all []string) (n int) {
	var buf bytes.Buffer
	scr := uv.NewTerminalRenderer(&buf, []string{"TERM=xterm-256color", "COLORTERM=truecolor"})
	scr.SetColorProfile(colorprofile.TrueColor)
	scr.SetFullscreen(true)
	scr.SetRelativeCursor(false)
	cells := uv.NewScreenBuffer(cols, rows)
	scr.Resize(cols, rows)
	scr.Erase()
	for i, s := range all {
		cells.Clear()
		uv.NewStyledString(s).Draw(cells, cells.Bounds())
		scr.Render(cells.RenderBuffer)
		if err := scr.Flush(); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			n += buf.Len()
		}
		buf.Reset()
	}
	return n
}
