//go:build unix && !linux

package app

import "os"

// stopSignal does nothing here: a SIGTSTP from outside stops the process at once.
type stopSignal struct{}

func newStopSignal() *stopSignal { return &stopSignal{} }

func (*stopSignal) received() <-chan os.Signal { return nil }
func (*stopSignal) arm()                       {}
func (*stopSignal) disarm()                    {}
func (*stopSignal) end()                       {}

func insist(<-chan struct{}) {}
