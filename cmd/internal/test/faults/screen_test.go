package faults

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"ticktop/ui"
)

// screen runs a session without a terminal: one goroutine gives it messages, as
// Bubble Tea does, and looks at every picture.
type screen struct {
	t     *testing.T
	model *ui.Model
	msgs  chan arrival
	done  chan struct{}
	loop  sync.WaitGroup
	cmds  sync.WaitGroup

	mu      sync.Mutex
	raw     string
	plain   string
	frames  int
	known   []*known
	waiting []*wait
	keys    timing
}

// arrival is a message on its way to Update.
type arrival struct {
	msg tea.Msg
	at  time.Time
	key bool
}

// known is a value that, once it was on the screen, must never be away.
type known struct {
	name  string
	shape *regexp.Regexp
	seen  bool
	lost  string // the first picture without it
}

// wait is a condition on a picture.
type wait struct {
	cond func(text string) bool
	met  chan time.Time // gets the time of the first picture that meets it
}

// timing collects how long keys took, from the press to the picture.
type timing []time.Duration

// at returns the time that a share of the keys did not exceed; 1: the slowest.
func (k timing) at(share float64) time.Duration {
	if len(k) == 0 {
		return 0
	}
	slices.Sort(k)
	return k[int(share*float64(len(k)-1))]
}

func newScreen(t *testing.T, model *ui.Model, shapes map[string]string) *screen {
	s := &screen{t: t, model: model, msgs: make(chan arrival, 64), done: make(chan struct{})}
	for name, shape := range shapes {
		s.known = append(s.known, &known{name: name, shape: regexp.MustCompile(shape)})
	}
	s.run(model.Init())
	s.look()
	s.loop.Go(s.serve)
	t.Cleanup(s.close)
	return s
}

func (s *screen) close() {
	close(s.done)
	s.loop.Wait()
	s.model.Close()
	s.cmds.Wait()
	s.neverBlank()
}

// serve is the session's goroutine.
func (s *screen) serve() {
	for {
		select {
		case <-s.done:
			return
		case a := <-s.msgs:
			_, cmd := s.model.Update(a.msg)
			s.look()
			if a.key {
				s.mu.Lock()
				s.keys = append(s.keys, time.Since(a.at))
				s.mu.Unlock()
			}
			s.run(cmd)
		}
	}
}

// run runs a command, or each of a batch, beside the session.
func (s *screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	s.cmds.Go(func() {
		msg := cmd()
		if msg == nil {
			return
		}
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range v.Len() {
				s.run(v.Index(i).Interface().(tea.Cmd))
			}
			return
		}
		s.send(msg, false)
	})
}

func (s *screen) send(msg tea.Msg, key bool) {
	select {
	case s.msgs <- arrival{msg, time.Now(), key}:
	case <-s.done:
	}
}

// look draws, and checks what must hold of every picture.
func (s *screen) look() {
	raw := s.model.View().Content
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frames++; raw == s.raw {
		return
	}
	s.raw, s.plain = raw, ansi.Strip(raw)
	for _, k := range s.known {
		here := k.shape.MatchString(s.plain)
		if k.seen && !here && k.lost == "" {
			k.lost = s.plain
		}
		k.seen = k.seen || here
	}
	rest := s.waiting[:0]
	for _, w := range s.waiting {
		if w.cond(s.plain) {
			w.met <- now
		} else {
			rest = append(rest, w)
		}
	}
	s.waiting = rest
}

// when returns a channel that gets the time of the first picture, from the one
// on the screen now, that meets a condition.
func (s *screen) when(cond func(string) bool) <-chan time.Time {
	w := &wait{cond: cond, met: make(chan time.Time, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if cond(s.plain) {
		w.met <- time.Now()
	} else {
		s.waiting = append(s.waiting, w)
	}
	return w.met
}

// until waits for a picture; the test ends with the one on the screen when it
// does not come.
func (s *screen) until(limit time.Duration, what string, met <-chan time.Time) time.Time {
	s.t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case at := <-met:
		return at
	case <-timer.C:
		s.t.Fatalf("not within %v: %s\n%s", limit, what, s.text())
		return time.Time{}
	}
}

// text is the picture on the screen, without colours.
func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plain
}

// neverBlank fails for every value that was once known and then was away.
func (s *screen) neverBlank() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.known {
		switch {
		case !k.seen:
			s.t.Errorf("%s was never on the screen", k.name)
		case k.lost != "":
			s.t.Errorf("%s was blanked:\n%s", k.name, k.lost)
		}
		k.lost = ""
	}
}

// press presses keys that move the focus to and fro until stop is called, which
// returns how long each took.
func (s *screen) press() (stop func() timing) {
	s.mu.Lock()
	s.keys = nil
	s.mu.Unlock()
	var ended atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; !ended.Load(); i++ {
			key := 'L'
			if i%2 == 1 {
				key = 'H'
			}
			s.send(tea.KeyPressMsg{Code: key, Text: string(key), ShiftedCode: key}, true)
			time.Sleep(40 * time.Millisecond) // a fast typist
		}
	})
	return func() timing {
		ended.Store(true)
		wg.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Clone(s.keys)
	}
}

// style returns the escape sequence that text is drawn with.
func (s *screen) style(text *regexp.Regexp) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := text.FindStringIndex(s.raw)
	if at == nil {
		return ""
	}
	start := strings.LastIndex(s.raw[:at[0]], "\x1b[")
	if start < 0 {
		return ""
	}
	seq, _, _ := strings.Cut(s.raw[start:at[0]], "m")
	return seq
}

// shows is the condition that a picture holds each of these expressions.
func shows(exprs ...string) func(string) bool {
	res := make([]*regexp.Regexp, len(exprs))
	for i, e := range exprs {
		res[i] = regexp.MustCompile(e)
	}
	return func(text string) bool {
		for _, re := range res {
			if !re.MatchString(text) {
				return false
			}
		}
		return true
	}
}

func round(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
