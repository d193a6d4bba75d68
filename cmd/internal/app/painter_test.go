package app

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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
		p := newPainter(out, nil)
		p.showView(view("one  \ntwo  "), 5, 2)
		synctest.Wait()
		if got := out.take(); !strings.HasPrefix(got, enter) || !strings.Contains(got, "one") || !strings.Contains(got, "two") || !strings.Contains(got, "\x1b]2;t\a") {
			t.Errorf("first frame %q", got)
		}
		p.showView(view("one  \ntwo  "), 5, 2)
		synctest.Wait()
		if got := out.take(); got != "" {
			t.Errorf("nothing changed, and %q was written", got)
		}
		p.showView(view("one  \nTwo  "), 5, 2)
		synctest.Wait()
		if got := out.take(); strings.Contains(got, "one") || !strings.Contains(got, "T") {
			t.Errorf("a change of one cell wrote %q", got)
		}
		p.showView(view("\x1b]52;c;AA\a\x1b[2J\n"), 5, 2)
		synctest.Wait()
		if got := out.take(); strings.Contains(got, "\x1b]52") || strings.Contains(got, "\x1b[2J") {
			t.Errorf("a picture's escape sequence came out: %q", got)
		}
		_, _ = p.Write([]byte("\x1b]52;c;QQ==\a"))
		synctest.Wait()
		if got := out.take(); got != "\x1b]52;c;QQ==\a" {
			t.Errorf("a copy wrote %q", got)
		}
		p.pause()
		if got := out.take(); got != leave {
			t.Errorf("pause wrote %q", got)
		}
		p.showView(view("three\nfour "), 5, 2)
		synctest.Wait()
		if got := out.take(); got != "" {
			t.Errorf("wrote %q while the shell has the terminal", got)
		}
		p.resume()
		synctest.Wait()
		if got := out.take(); !strings.HasPrefix(got, enter) || !strings.Contains(got, "three") {
			t.Errorf("after a pause %q", got)
		}
		_, _ = p.Write([]byte("\x1b]52;c;Qg==\a"))
		p.close()
		if got := out.take(); got != "\x1b]52;c;Qg==\a"+leave {
			t.Errorf("close wrote %q", got)
		}
	})
}

// TestPainterNeverWaits: a held terminal gets the newest picture when it is
// let go, and none of those between.
func TestPainterNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &screenOut{hold: make(chan struct{})}
		p := newPainter(out, nil)
		p.showView(view("first"), 5, 1)
		synctest.Wait()
		p.showView(view("older"), 5, 1)
		p.showView(view("newer"), 5, 1)
		close(out.hold)
		synctest.Wait()
		got := out.take()
		if strings.Contains(got, "lder") || !strings.Contains(got, "newer") {
			t.Errorf("wrote %q", got)
		}
		p.close()
	})
}

// TestPainterIsLeft: a terminal that is held for ever keeps nobody from giving
// it away or from ending, and what waits for it is bounded.
func TestPainterIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &screenOut{hold: make(chan struct{})}
		p := newPainter(out, nil)
		p.showView(view("first"), 5, 1)
		synctest.Wait()
		for range 1000 {
			if n, err := p.Write(make([]byte, 1<<10)); n != 1<<10 || err != nil {
				t.Fatal(n, err)
			}
		}
		if len(p.oob) > maxPending {
			t.Errorf("%d bytes wait", len(p.oob))
		}
		for name, f := range map[string]func(){"pause": p.pause, "close": p.close} {
			begin := time.Now()
			if f(); time.Since(begin) > patience {
				t.Errorf("%s took %v", name, time.Since(begin))
			}
		}
		close(out.hold)
	})
}

// TestPainterPanics: a picture that cannot be drawn is reported, nothing more is
// drawn, and the terminal is given back.
func TestPainterPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &screenOut{}
		failed := make(chan any, 10)
		p := newPainter(out, func(v any) { failed <- v })
		p.showView(view("first"), 5, 1)
		synctest.Wait()
		out.take()
		for range 3 {
			p.showView(view("x"), 5, -1) // no such size
			synctest.Wait()
		}
		if len(failed) != 1 {
			t.Errorf("told %d times", len(failed))
		}
		p.close()
		if got := out.take(); got != leave {
			t.Errorf("wrote %q", got)
		}
	})
}
