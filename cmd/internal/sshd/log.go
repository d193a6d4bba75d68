package sshd

import "ticktop/datasource"

// safeLog makes text from a client fit for a log line: no control characters,
// no newline that forges another line, and short.
func safeLog(s string) string { return datasource.Clean(s, 256).String() }
