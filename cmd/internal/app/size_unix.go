//go:build unix

package app

import (
	"os"
	"os/signal"
	"syscall"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
)

// watchSize tells p about every change of the terminal's size; the function it
// returns ends that.
func watchSize(p *tea.Program) (stop func()) {
	ch, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(ch, syscall.SIGWINCH)
	go func() {
		for {
			select {
			case <-ch:
			case <-done:
				return
			}
			if w, h, err := term.GetSize(os.Stdout.Fd()); err == nil {
				p.Send(tea.WindowSizeMsg{Width: w, Height: h})
			}
		}
	}()
	return func() { signal.Stop(ch); close(done) }
}
