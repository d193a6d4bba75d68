package browse

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/keymap"
	"ticktop/ui/layout"
	"ticktop/ui/overlay"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// keys is a Source of made-up keys.
type keys struct {
	names  []string
	pages  int
	pins   []string
	err    error
	looked int
	asked  []Request
}

func (k *keys) Scan(pattern, cursor string) (Page, error) {
	k.pages++
	if k.err != nil {
		return Page{}, k.err
	}
	from := 0
	_, _ = fmt.Sscan(cursor, &from)
	to := min(from+5000, len(k.names))
	p := Page{Looked: to - from, Bytes: 100, Total: int64(len(k.names))}
	for _, n := range k.names[from:to] {
		if text := strings.Trim(pattern, "*"); strings.Contains(n, text) {
			p.Keys = append(p.Keys, n)
		}
	}
	if to < len(k.names) {
		p.Cursor = fmt.Sprint(to)
	}
	return p, nil
}

func (k *keys) Look(names []string) ([]Facts, error) {
	k.looked += len(names)
	out := make([]Facts, len(names))
	for i := range out {
		out[i] = Facts{Type: "string", Encoding: "raw", Size: "3 B", Memory: "56 B", Preview: datasource.Clean("value of "+names[i], 0)}
	}
	return out, nil
}

func (k *keys) Inspect(r Request) (Piece, error) {
	k.asked = append(k.asked, r)
	p := Piece{Facts: Facts{Type: "string"}, Raw: []byte("raw of " + r.Key + " " + r.At), Decoders: []string{"gzip", "text"}}
	if r.At == "" {
		p.Next = "64"
	}
	return p, k.err
}

func (k *keys) Pin(prefix string, family bool) (Pinned, error) {
	if family {
		prefix += "*"
	}
	k.pins = append(k.pins, prefix)
	return Pinned{Name: datasource.Clean(prefix, 0), On: true}, nil
}

func (k *keys) Pins() []string { return k.pins }

func (k *keys) Pattern(prefix, text string) string { return prefix + "*" + text + "*" }

// host is a session for the overlay.
type host struct {
	pal    *theme.Palette
	keys   *keymap.Map
	hidden bool
	closed bool
	said   string
}

func newHost(t *testing.T) *host {
	t.Helper()
	m, err := keymap.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &host{pal: theme.Compile(theme.Default(), theme.ProfileMono, theme.Braille), keys: m}
}

func (h *host) Snapshot() *datasource.Snapshot   { return nil }
func (h *host) Now() time.Time                   { return time.Unix(1795424400, 0) }
func (h *host) Palette() *theme.Palette          { return h.pal }
func (h *host) Keys() *keymap.Map                { return h.keys }
func (h *host) HidesBalances() bool              { return h.hidden }
func (h *host) Replaying() bool                  { return false }
func (h *host) Focused() (layout.Rect, bool)     { return layout.Rect{}, false }
func (h *host) Do(keymap.Action, string) tea.Cmd { return nil }
func (h *host) Open(overlay.Overlay)             {}
func (h *host) Close()                           { h.closed = true }
func (h *host) Redraw()                          {}
func (h *host) Rebuild()                         {}
func (h *host) Say(_ theme.Role, text string)    { h.said = text }

// bench is a browser whose commands are run at once.
type bench struct {
	*Browser
	t        *testing.T
	host     *host
	source   *keys
	reopened int
}

func newBench(t *testing.T, names ...string) *bench {
	b := &bench{t: t, host: newHost(t), source: &keys{names: names}}
	b.Browser = New(b.source, func(work func() func() tea.Cmd) tea.Cmd {
		return func() tea.Msg { run(work()()); return nil }
	}, func() tea.Cmd { b.reopened++; return nil })
	b.steps(2)
	return b
}

func (b *bench) steps(n int) {
	for range n {
		b.Step()()()
	}
}

// run runs a command and those that it is made of.
func run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	if batch, ok := cmd().(tea.BatchMsg); ok {
		for _, c := range batch {
			run(c)
		}
	}
}

func (b *bench) press(keys ...string) {
	for _, k := range keys {
		run(b.Key(b.host, keyOf(k)))
	}
}

func keyOf(k string) tea.KeyPressMsg {
	special := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEsc, "down": tea.KeyDown, "up": tea.KeyUp, "right": tea.KeyRight, "left": tea.KeyLeft, "end": tea.KeyEnd}
	if r, ok := special[k]; ok {
		return tea.KeyPressMsg{Code: r}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}

// screen draws it on an empty screen and checks the size of what was drawn.
func (b *bench) screen(w, h int) string {
	b.t.Helper()
	frame := strings.TrimSuffix(strings.Repeat(strings.Repeat(" ", w)+"\n", h), "\n")
	text, _ := overlay.Draw(b.Browser, b.host, frame, w, h)
	lines := strings.Split(text, "\n")
	if len(lines) != h {
		b.t.Fatalf("%d lines of %d", len(lines), h)
	}
	for i, l := range lines {
		if n := draw.Width(plain(l)); n != w {
			b.t.Errorf("line %d has %d cells of %d: %q", i, n, w, plain(l))
		}
	}
	return plain(text)
}

// plain takes the styles out.
func plain(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == 0x1b {
			for i < len(s) && s[i] != 'm' {
				i++
			}
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (b *bench) sees(w, h int, want ...string) {
	b.t.Helper()
	got := b.screen(w, h)
	for _, s := range want {
		if !strings.Contains(got, s) {
			b.t.Errorf("no %q in\n%s", s, got)
		}
	}
}

func TestBrowser_EverySize(t *testing.T) {
	b := newBench(t, "quote:EURUSD", "quote:GBPUSD", "evil\x1b[2J\u202e", strings.Repeat("L", 70_000), "世界:"+strings.Repeat("界", 100), "", "\xff\xfe")
	b.press("down", "right")
	for _, size := range [][2]int{{80, 24}, {120, 40}, {160, 45}, {200, 60}, {60, 16}, {40, 10}, {300, 90}} {
		got := b.screen(size[0], size[1])
		if !strings.Contains(got, " Keys ") {
			t.Errorf("%v\n%s", size, got)
		}
	}
	b.sees(120, 40, "evil␛[2J", "string", "value of")
}

func TestBrowser_TreeAndSearch(t *testing.T) {
	b := newBench(t, "quote:EURUSD", "quote:GBPUSD", "account:1", "x")
	b.sees(120, 40, "▸ quote:", "2 keys", "account:1", "4 keys · 100 B read")
	b.press("down", "right", "down")
	b.sees(120, 40, "▾ quote:", "EURUSD", "value of quote:EURUSD")
	b.press("left", "left")
	b.sees(120, 40, "▸ quote:")
	b.press("/", "g", "b", "p")
	b.sees(120, 40, "/ gbp", "quote:GBPUSD")
	b.press("enter")
	b.steps(1)
	if b.found == nil || b.source.pages < 2 {
		t.Error("the server was not asked")
	}
	b.press("esc", "esc")
	if !b.host.closed {
		t.Error("esc does not close")
	}
}

func TestBrowser_InspectsByPieces(t *testing.T) {
	b := newBench(t, "x", "y")
	b.press("enter")
	b.sees(120, 40, " x ", "raw of x", "n next piece")
	b.press("n")
	b.sees(120, 40, "raw of x 64", "b piece before")
	b.press("n")
	if !strings.Contains(b.host.said, "end of the value") {
		t.Errorf("said %q", b.host.said)
	}
	b.press("b", "d")
	if last := b.source.asked[len(b.source.asked)-1]; last != (Request{Key: "x", Decode: "gzip"}) {
		t.Errorf("asked %+v", last)
	}
	b.host.hidden = true
	if got := b.screen(120, 40); strings.Contains(got, "raw of") || !strings.Contains(got, "balances are hidden") {
		t.Errorf("hidden balances are shown\n%s", got)
	}
	b.press("esc")
	if got := b.screen(120, 40); strings.Contains(got, "value of") || !strings.Contains(got, " Keys ") {
		t.Errorf("hidden balances are shown\n%s", got)
	}
}

func TestBrowser_Pins(t *testing.T) {
	b := newBench(t, "quote:EURUSD", "quote:GBPUSD", "x")
	b.press("+", "down", "+")
	if got := strings.Join(b.source.pins, " "); got != "quote:* x" || b.reopened != 2 {
		t.Errorf("pins %s, reopened %d times", got, b.reopened)
	}
	if b.host.said != "pinned x on the last page" {
		t.Errorf("said %q", b.host.said)
	}
}

func TestBrowser_StopsAtItsBudget(t *testing.T) {
	names := make([]string, 600_000)
	for i := range names {
		names[i] = fmt.Sprintf("k:%d:%d", i%100, i)
	}
	b := &bench{t: t, host: newHost(t), source: &keys{names: names}}
	b.Browser = New(b.source, func(func() func() tea.Cmd) tea.Cmd { return nil }, nil)
	b.all.begun = false
	for b.all.wants() {
		p, err := b.source.Scan("*", b.all.cursor)
		b.all.take(p, err)
	}
	b.stale = true
	b.sees(120, 40, "500,000 of 600,000 scanned", "paused, m goes on")
	b.press("m")
	if !b.all.wants() {
		t.Error("m does not go on")
	}
	if b.all.tree.nodes > maxNodes {
		t.Errorf("%d names are held", b.all.tree.nodes)
	}
}

func TestBrowser_SaysWhyItCannot(t *testing.T) {
	b := &bench{t: t, host: newHost(t), source: &keys{err: errors.New("no permission (scan)")}}
	b.Browser = New(b.source, nil, nil)
	b.steps(1)
	b.sees(120, 40, "keys cannot be listed: no permission (scan)")
	b = newBench(t)
	b.sees(80, 24, "this Redis is empty")
}
