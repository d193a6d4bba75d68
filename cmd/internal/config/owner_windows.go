package config

import "io/fs"

// ours has no owner to look at: the file inherits its folder's rights.
func ours(fs.FileInfo) error { return nil }
