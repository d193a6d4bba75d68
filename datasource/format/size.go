package format

import (
	"strconv"
)

// Bytes writes a size: "512 B", "300 KB", "100 MB", "1.5 GB".
func Bytes(n int64) string {
	switch {
	case n >= 1<<30:
		return strconv.FormatFloat(float64(n)/(1<<30), 'f', 1, 64) + " GB"
	case n >= 10<<20:
		return strconv.FormatInt((n+1<<19)>>20, 10) + " MB"
	case n >= 1<<20:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	case n >= 10<<10:
		return strconv.FormatInt((n+1<<9)>>10, 10) + " KB"
	}
	return strconv.FormatInt(n, 10) + " B"
}

// BytesRate writes bytes a second to two figures: "35 kB/s". It is coarse on
// purpose, so that rates that are alike look alike.
func BytesRate(bytes float64) string {
	switch {
	case !(bytes >= 0.5):
		return "0 B/s"
	case bytes < 995:
		return twoFigures(bytes) + " B/s"
	case bytes < 995e3:
		return twoFigures(bytes/1e3) + " kB/s"
	default:
		return twoFigures(min(bytes/1e6, 9e5)) + " MB/s"
	}
}

func twoFigures(x float64) string {
	switch {
	case x < 9.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case x < 99.5:
		return strconv.FormatFloat(x, 'f', 0, 64)
	default:
		return strconv.FormatFloat(float64(int64(x/10+0.5)*10), 'f', 0, 64)
	}
}

// Count writes a whole number with thousands: "1,012".
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Counted writes a number of things: "1 member", "1,000,000 members". The
// plural is the word with an s.
func Counted(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Count(n) + " " + what + "s"
}
