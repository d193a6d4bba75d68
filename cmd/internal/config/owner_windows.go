package config

import "io/fs"

// checkOwner has no owner to look at: the file inherits its folder's rights.
func checkOwner(fs.FileInfo) error { return nil }
