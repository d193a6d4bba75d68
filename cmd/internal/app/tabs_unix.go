//go:build linux || darwin

package app

import (
	"os"

	"golang.org/x/sys/unix"
)

// withoutTabs tells Bubble Tea's renderer, which looks at the terminal's
// settings, not to move the cursor by tab stops. Moving back by them (CBT) is
// unknown to some terminals and to most recorders, and a screen full of
// figures that jump by a column is worse than a few bytes more. The function
// it returns puts the setting back.
func withoutTabs(f *os.File) (restore func()) {
	t, err := unix.IoctlGetTermios(int(f.Fd()), getTermios)
	if err != nil || t.Oflag&unix.TABDLY != unix.TAB0 {
		return func() {}
	}
	old := *t
	t.Oflag = t.Oflag&^unix.TABDLY | unix.TAB3
	if unix.IoctlSetTermios(int(f.Fd()), setTermios, t) != nil {
		return func() {}
	}
	return func() { _ = unix.IoctlSetTermios(int(f.Fd()), setTermios, &old) }
}
