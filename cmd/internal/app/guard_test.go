package app

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// bomb is a model that panics where it is asked to.
type bomb struct{ where string }

func (b bomb) Init() tea.Cmd {
	if b.where == "init" {
		panic("boom redis://u:pw@h")
	}
	return nil
}

func (b bomb) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch b.where {
	case "update":
		panic("boom")
	case "command":
		return b, func() tea.Msg { panic("boom") }
	case "batch":
		return b, tea.Batch(func() tea.Msg { return nil }, func() tea.Msg { panic("boom") })
	}
	return b, nil
}

func (b bomb) View() tea.View {
	if b.where == "view" {
		panic("boom")
	}
	return tea.NewView("fine")
}

func TestGuard(t *testing.T) {
	for _, where := range []string{"init", "update", "command", "batch", "view"} {
		t.Run(where, func(t *testing.T) {
			var log bytes.Buffer
			g := NewGuard(bomb{where}, slog.New(slog.NewTextHandler(&log, nil)))
			cmds := []tea.Cmd{g.Init()}
			_ = g.View()
			quit := false
			for msg := tea.Msg("key"); len(cmds) < 20 && !quit; {
				_, cmd := g.Update(msg)
				cmds = append(cmds, cmd)
				msg = nil
				for _, c := range cmds {
					quit = quit || runs(g, c)
				}
			}
			var internal *InternalError
			if !errors.As(g.Err(), &internal) || internal.ID == "" {
				t.Fatalf("error %v", g.Err())
			}
			if !quit {
				t.Error("the session goes on")
			}
			if text := log.String(); !strings.Contains(text, internal.ID) || !strings.Contains(text, "guard_test.go") {
				t.Errorf("the log has no stack with the ID: %s", text)
			}
			if strings.Contains(g.Err().Error(), "\n") || strings.Contains(g.Err().Error(), "boom") {
				t.Errorf("the user sees %q", g.Err())
			}
		})
	}
}

// runs runs a command and what comes of it as a program would, and reports
// whether the program was asked to quit.
func runs(g *Guard, c tea.Cmd) bool {
	if c == nil {
		return false
	}
	switch msg := c().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		quit := false
		for _, inner := range msg {
			quit = runs(g, inner) || quit
		}
		return quit
	case panicked:
		_, next := g.Update(msg)
		return runs(g, next)
	}
	return false
}

func TestProgramError(t *testing.T) {
	g := NewGuard(bomb{}, quiet)
	for _, err := range []error{nil, tea.ErrInterrupted, tea.ErrProgramKilled} {
		if got := programError(g, err); got != nil {
			t.Errorf("%v: %v", err, got)
		}
	}
	if got := programError(g, errors.New("no tty")); got == nil || got.Error() != "terminal: no tty" {
		t.Errorf("got %v", got)
	}
}
