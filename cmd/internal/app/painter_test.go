package app

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
)

// screenOut is a terminal that can be held.
type screenOut struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	hold chan struct{} // nil: not held
}

func (s *screenOut) Write(b []byte) (int, error) {
	if s.hold != nil {
		<-s.hold
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *screenOut) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.buf.Reset()
	return s.buf.String()
}

func view(content string) tea.View { return tea.View{Content: content, WindowTitle: "t"} }

func TestPainter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &screenOut{}
		p := newPainter(out)
		p.show(view("one  \ntwo  "), 5, 2)
		synctest.Wait()
		if got := out.take(); !strings.HasPrefix(got, enter) || !strings.Contains(got, "one") || !strings.Contains(got, "two") || !strings.Contains(got, "\x1b]2;t\a") {
			t.Errorf("first frame %q", got)
		}
		p.show(view("one  \ntwo  "), 5, 2)
		synctest.Wait()
		if got := out.take(); got != "" {
			t.Errorf("nothing changed, and %q was written", got)
		}
		p.show(view("one  \nTwo  "), 5, 2)
		synctest.Wait()
		if got := out.take(); strings.Contains(got, "one") || !strings.Contains(got, "T") {
			t.Errorf("a change of one cell wrote %q", got)
		}
		p.show(view("\x1b]52;c;AA\a\x1b[2J\n"), 5, 2)
		synctest.Wait()
		if got := out.take(); strings.Contains(got, "\x1b]52") || strings.Contains(got, "\x1b[2J") {
			t.Errorf("a picture's escape sequence came out: %q", got)
		}
		p.pause()
		if got := out.take(); got != leave {
			t.Errorf("pause wrote %q", got)
		}
		p.show(view("three\nfour "), 5, 2)
		synctest.Wait()
		if got := out.take(); got != "" {
			t.Errorf("wrote %q while the shell has the terminal", got)
		}
		p.resume()
		synctest.Wait()
		if got := out.take(); !strings.HasPrefix(got, enter) || !strings.Contains(got, "three") {
			t.Errorf("after a pause %q", got)
		}
		p.close()
		if got := out.take(); got != leave {
			t.Errorf("close wrote %q", got)
		}
	})
}

// TestPainterNeverWaits: a held terminal gets the newest picture when it is
// let go, and none of those between.
func TestPainterNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &screenOut{hold: make(chan struct{})}
		p := newPainter(out)
		p.show(view("first"), 5, 1)
		synctest.Wait()
		p.show(view("older"), 5, 1)
		p.show(view("newer"), 5, 1)
		close(out.hold)
		synctest.Wait()
		got := out.take()
		if strings.Contains(got, "lder") || !strings.Contains(got, "newer") {
			t.Errorf("wrote %q", got)
		}
		p.close()
	})
}
