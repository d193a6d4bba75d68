//go:build unix

package app

import (
	"os"

	"golang.org/x/sys/unix"
)

// cellSize is the size of a cell in pixels as the terminal tells the kernel;
// zero where it does not.
func cellSize() (w, h int) {
	s, err := unix.IoctlGetWinsize(int(os.Stdout.Fd()), unix.TIOCGWINSZ)
	if err != nil || s.Col == 0 || s.Row == 0 {
		return 0, 0
	}
	return int(s.Xpixel) / int(s.Col), int(s.Ypixel) / int(s.Row)
}
