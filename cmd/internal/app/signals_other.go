//go:build !unix

package app

import (
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
)

// jobSignals are the job control signals of other systems. Here no signal even
// tells of a change of the terminal's size, which is looked at now and then.
type jobSignals struct{}

func newJobSignals() *jobSignals { return &jobSignals{} }

func (*jobSignals) stopping() {}
func (*jobSignals) resumed()  {}

// watch watches the size; the function it returns ends that.
func (*jobSignals) watch(send func(tea.Msg), _ func()) (stop func()) {
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
				send(tea.WindowSizeMsg{Width: w, Height: h})
			}
		}
	}()
	return func() { close(done) }
}
