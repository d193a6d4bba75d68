package sshd

// private has no mode bits to look at: the file inherits its folder's rights.
func private(string) error { return nil }
