package format

import (
	"strconv"
	"time"

	"ticktop/datasource"
)

const day = 24 * time.Hour

// Age writes how old something is, in at most 7 cells: "now" under a second,
// "34 s", "12 min", "3 h", "2 d", "6 y".
func Age(d time.Duration) string { return string(AppendAge(make([]byte, 0, 16), d)) }

// AgeUnknown is shown where the producer's time can't be read for certain.
const AgeUnknown = "?"

// AppendAge appends what Age returns.
func AppendAge(dst []byte, d time.Duration) []byte {
	unit := func(n time.Duration, name string) []byte {
		return append(strconv.AppendInt(dst, int64(n), 10), name...)
	}
	switch {
	case d < time.Second:
		return append(dst, "now"...)
	case d < 2*time.Minute:
		return unit(d/time.Second, " s")
	case d < 2*time.Hour:
		return unit(d/time.Minute, " min")
	case d < 2*day:
		return unit(d/time.Hour, " h")
	case d < 730*day:
		return unit(d/day, " d")
	default:
		return unit(d/(365*day+6*time.Hour), " y")
	}
}

// Left writes a time that counts down, rounded up, so that it says "1 s" to its
// end and never shows what is over: "12 s", "3 min". Nothing left is "0 s".
func Left(d time.Duration) string {
	switch {
	case d <= 0:
		return "0 s"
	case d < 2*time.Minute:
		return strconv.Itoa(int((d+time.Second-1)/time.Second)) + " s"
	default:
		return Age(d)
	}
}

// Span writes how long something took or lasted: "1.2 s", "34 s", "12 min",
// "3 h", "2 d".
func Span(d time.Duration) string {
	switch {
	case d < 0:
		return Span(0)
	case d < 9950*time.Millisecond:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < 2*time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 0, 64) + " s"
	default:
		return Age(d)
	}
}

// Latency writes a round trip in at most 6 cells: "0.3 ms", "41 ms", "1.2 s".
func Latency(d time.Duration) string {
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

// Interval writes a configured length of time in its largest whole unit: "1 d",
// "4 h", "5 min", "30 s", "250 ms".
func Interval(d time.Duration) string {
	for _, u := range [...]struct {
		size time.Duration
		name string
	}{{day, " d"}, {time.Hour, " h"}, {time.Minute, " min"}, {time.Second, " s"}} {
		if d >= u.size && d%u.size == 0 {
			return strconv.FormatInt(int64(d/u.size), 10) + u.name
		}
	}
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', -1, 64) + " ms"
}

// Stopwatch writes a length of time as m:ss or h:mm:ss.
func Stopwatch(d time.Duration) string {
	sec := int64(max(d, 0) / time.Second)
	two := func(n int64) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
	if sec < 3600 {
		return strconv.FormatInt(sec/60, 10) + ":" + two(sec%60)
	}
	return strconv.FormatInt(sec/3600, 10) + ":" + two(sec/60%60) + ":" + two(sec%60)
}

// Clock writes a time of day, "09:31:07", in the location of now. A time of
// another day has its date, "21 Nov 09:31", and one of another year that too,
// "21 Nov 2020". One that was written without a zone is shown as it was written.
func Clock(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	if datasource.IsNaive(t) {
		t = datasource.InZone(t, now.Location()) // as it was written
	}
	t = t.In(now.Location())
	switch d := now.Sub(t); {
	case t.Year() != now.Year() && (d > 180*day || d < -180*day):
		return t.Format("2 Jan 2006")
	case t.YearDay() != now.YearDay() && (d > 12*time.Hour || d < -12*time.Hour):
		return t.Format("2 Jan 15:04")
	}
	return t.Format(time.TimeOnly)
}
