package sshd

import (
	"io/fs"
	"os"
)

func openKeyFile(file string) (*os.File, error) { return os.Open(file) }

// checkSecretMode has no mode bits to look at: the file inherits its folder's
// rights.
func checkSecretMode(string, fs.FileInfo) error { return nil }

func checkAccessMode(string, fs.FileInfo) error { return nil }
