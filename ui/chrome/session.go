package chrome

import (
	"strconv"
	"time"
)

// Session is the trading hours of a market, on its working days.
type Session struct {
	Name        string // "LON": ours or checked
	Zone        *time.Location
	Open, Close time.Duration // of the day; Close is later than Open
}

// DefaultSessions are the stock exchanges that the day of a currency trader is
// told by. A zone that this system does not know is left out.
func DefaultSessions() []Session {
	var out []Session
	for _, s := range [...]struct {
		name, zone  string
		open, close time.Duration
	}{
		{"TYO", "Asia/Tokyo", 9 * time.Hour, 15*time.Hour + 30*time.Minute},
		{"LON", "Europe/London", 8 * time.Hour, 16*time.Hour + 30*time.Minute},
		{"NYC", "America/New_York", 9*time.Hour + 30*time.Minute, 16 * time.Hour},
	} {
		if zone, err := time.LoadLocation(s.zone); err == nil {
			out = append(out, Session{s.name, zone, s.open, s.close})
		}
	}
	return out
}

// At reports whether the session is open, and how long until that changes.
func (s *Session) At(now time.Time) (open bool, left time.Duration) {
	local := now.In(s.Zone)
	for day := range 8 { // from one Friday's close to the next Monday's opening
		y, m, d := local.Date()
		at := func(of time.Duration) time.Time {
			return time.Date(y, m, d+day, int(of/time.Hour), int(of/time.Minute)%60, 0, 0, s.Zone)
		}
		opens, closes := at(s.Open), at(s.Close)
		switch w := opens.Weekday(); {
		case w == time.Saturday || w == time.Sunday, !local.Before(closes):
			continue
		case local.Before(opens):
			return false, opens.Sub(now)
		}
		return true, closes.Sub(now)
	}
	return false, 0
}

// sessionTime is a length of time as session clocks show it: "5h29", "48m", "2d".
func sessionTime(d time.Duration) string {
	m := int64((d + time.Minute - 1) / time.Minute)
	switch {
	case m < 60:
		return strconv.FormatInt(m, 10) + "m"
	case m < 24*60:
		rest := strconv.FormatInt(m%60, 10)
		if len(rest) < 2 {
			rest = "0" + rest
		}
		return strconv.FormatInt(m/60, 10) + "h" + rest
	}
	return strconv.FormatInt(m/(24*60), 10) + "d"
}
