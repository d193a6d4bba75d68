package ui

import (
	"io"
	"testing"
	"time"

	"ticktop/ui/keymap"

	tea "charm.land/bubbletea/v2"
)

// keyLog passes on the action of every key that arrives.
type keyLog struct {
	keys    *Keys
	actions chan string
}

func (h keyLog) Init() tea.Cmd  { return nil }
func (h keyLog) View() tea.View { return tea.View{} }
func (h keyLog) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		b, _ := h.keys.Lookup(k.String(), false)
		h.actions <- string(b.Action)
	}
	return h, nil
}

// TestBytesFromTerminals: what terminals send for a key, in the old way and in
// the newer ones, arrives as the key that the table knows.
func TestBytesFromTerminals(t *testing.T) {
	keys, _ := keymap.New(nil)
	in, typed := io.Pipe()
	h := keyLog{keys, make(chan string, 16)}
	p := tea.NewProgram(h, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithoutSignalHandler(), tea.WithoutRenderer())
	ended := make(chan error, 1)
	go func() { _, err := p.Run(); ended <- err }()
	for _, c := range []struct{ bytes, want string }{
		{"1", "page"}, {"9", "page"}, {"\t", "next-page"}, {"\x1b[Z", "previous-page"}, {"\x1b[1;5D", "focus-left"}, {"\x1b[1;5B", "focus-down"},
		{"\x1b[1;5A", "focus-up"}, {"\x1b[1;5C", "focus-right"}, {"H", "focus-left"}, {"J", "focus-down"}, {":", "palette"}, {"\x10", "palette"},
		{"\x1b[A", "up"}, {"\x1bOA", "up"}, {"k", "up"}, {"\x1b[B", "down"}, {"\x1b[D", "left"}, {"\x1b[C", "right"}, {"g", "top"}, {"\x1b[H", "top"},
		{"\x1b[1~", "top"}, {"G", "bottom"}, {"\x1b[F", "bottom"}, {"\x1b[4~", "bottom"}, {"\x1b[5~", "page-up"}, {"\x15", "page-up"}, {"\x1b[6~", "page-down"},
		{"\x04", "page-down"}, {"\r", "open"}, {"i", "inspect"}, {" ", "pause"}, {"p", "pause"}, {"[", "shorter"}, {"]", "longer"}, {"=", "zoom-in"},
		{"-", "zoom-out"}, {"/", "filter"}, {"!", "alerts"}, {"?", "help"}, {"\x0c", "redraw"}, {"\x1a", "suspend"}, {"\x03", "quit"}, {"q", "quit"},
		{"<", "seek-back"}, {">", "seek"}, {",", "step-back"}, {".", "step"}, {"+", "add-alert"}, {"_", "slower"}, {"C", "sort-column"},
		{"\x1b[108;5u", "redraw"}, {"\x1b[112;5u", "palette"}, {"\x1b[9;2u", "previous-page"}, {"\x1b[27u", "back"}, // kitty's protocol
		{"\x1b[27;5;108~", "redraw"}, // xterm's modifyOtherKeys
		{"\x1b", "back"},             // alone, so last: it may begin a sequence
	} {
		if _, err := io.WriteString(typed, c.bytes); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-h.actions:
			if got != c.want {
				t.Errorf("%q is %q, want %s", c.bytes, got, c.want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q never arrived", c.bytes)
		}
	}
	p.Quit()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	_ = typed.Close()
}
