//go:build !unix

package app

import (
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
)

// watchSize looks at the terminal's size now and then, where no signal tells of
// a change; the function it returns ends that.
func watchSize(p *tea.Program) (stop func()) {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		var lastW, lastH int
		for {
			select {
			case <-tick.C:
			case <-done:
				return
			}
			if w, h, err := term.GetSize(os.Stdout.Fd()); err == nil && (w != lastW || h != lastH) {
				lastW, lastH = w, h
				p.Send(tea.WindowSizeMsg{Width: w, Height: h})
			}
		}
	}()
	return func() { close(done) }
}
