//go:build !linux && !darwin

package app

import "os"

// withoutTabs does nothing where there is no such setting.
func withoutTabs(*os.File) (restore func()) { return func() {} }
