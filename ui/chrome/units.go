package chrome

import (
	"strconv"
	"time"
)

// RTT formats a round trip in at most 6 cells: "0.3 ms", "41 ms", "1.2 s".
func RTT(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 9.95:
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	case ms < 999.5:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	default:
		return strconv.FormatFloat(min(ms/1000, 9999), 'f', 1, 64) + " s"
	}
}

// Count formats n with thousands: "1,012".
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := n < 0
	if neg {
		s = s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// Countdown formats the time left, rounded up so that it ends at "1 s".
func Countdown(d time.Duration) string {
	sec := int64((max(d, 0) + time.Second - 1) / time.Second)
	switch {
	case sec < 120:
		return strconv.FormatInt(sec, 10) + " s"
	case sec < 7200:
		return strconv.FormatInt(sec/60, 10) + " min"
	default:
		return strconv.FormatInt(sec/3600, 10) + " h"
	}
}

// Ago formats an elapsed time: "40 s", "12 min", "3 h", "6 days".
func Ago(d time.Duration) string {
	sec := int64(max(d, 0) / time.Second)
	switch {
	case sec < 120:
		return strconv.FormatInt(sec, 10) + " s"
	case sec < 7200:
		return strconv.FormatInt(sec/60, 10) + " min"
	case sec < 48*3600:
		return strconv.FormatInt(sec/3600, 10) + " h"
	default:
		return strconv.FormatInt(sec/86400, 10) + " days"
	}
}

// Clock formats a length of time as m:ss or h:mm:ss.
func Clock(d time.Duration) string {
	sec := int64(max(d, 0) / time.Second)
	two := func(n int64) string {
		if n < 10 {
			return "0" + strconv.FormatInt(n, 10)
		}
		return strconv.FormatInt(n, 10)
	}
	if sec < 3600 {
		return strconv.FormatInt(sec/60, 10) + ":" + two(sec%60)
	}
	return strconv.FormatInt(sec/3600, 10) + ":" + two(sec/60%60) + ":" + two(sec%60)
}

// Rate formats bytes a second to two figures: "35 kB/s". Coarse on purpose:
// sessions whose rates are alike then still show the same picture.
func Rate(bytes float64) string {
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
