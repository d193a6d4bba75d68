// Package hours knows the trading hours of markets: for the clocks in the bar
// and for the separators of charts.
package hours

import (
	"fmt"
	"strings"
	"time"

	"ticktop/datasource"
)

// Session is the trading hours of a market, on its working days.
type Session struct {
	Name        string // "LON": ours or checked
	Zone        *time.Location
	Open, Close time.Duration // of the day; Close is later than Open
}

// known are the stock exchanges that divide the day of a currency trader,
// and the others that a name is enough for.
var known = [...]struct {
	name, zone  string
	open, close time.Duration
	usual       bool
}{
	{"TYO", "Asia/Tokyo", 9 * time.Hour, 15*time.Hour + 30*time.Minute, true},
	{"LON", "Europe/London", 8 * time.Hour, 16*time.Hour + 30*time.Minute, true},
	{"NYC", "America/New_York", 9*time.Hour + 30*time.Minute, 16 * time.Hour, true},
	{"SYD", "Australia/Sydney", 10 * time.Hour, 16 * time.Hour, false},
	{"HKG", "Asia/Hong_Kong", 9*time.Hour + 30*time.Minute, 16 * time.Hour, false},
	{"SGP", "Asia/Singapore", 9 * time.Hour, 17 * time.Hour, false},
	{"BOM", "Asia/Kolkata", 9*time.Hour + 15*time.Minute, 15*time.Hour + 30*time.Minute, false},
	{"FRA", "Europe/Berlin", 9 * time.Hour, 17*time.Hour + 30*time.Minute, false},
	{"PAR", "Europe/Paris", 9 * time.Hour, 17*time.Hour + 30*time.Minute, false},
	{"CHI", "America/Chicago", 8*time.Hour + 30*time.Minute, 15 * time.Hour, false},
}

// Usual returns the sessions of Tokyo, London and New York. A zone that this
// system does not know is left out.
func Usual() []Session {
	var out []Session
	for _, s := range known {
		if zone, err := time.LoadLocation(s.zone); err == nil && s.usual {
			out = append(out, Session{s.name, zone, s.open, s.close})
		}
	}
	return out
}

// Parse reads a session of the configuration: a known name ("LON"), or a name
// with its zone and hours: "XETRA Europe/Berlin 09:00-17:30".
func Parse(text string) (Session, error) {
	words := strings.Fields(text)
	var names []string
	for _, s := range known {
		if len(words) == 1 && strings.EqualFold(words[0], s.name) {
			zone, err := time.LoadLocation(s.zone)
			if err != nil {
				return Session{}, fmt.Errorf("session %q: this system has no time zone %s", s.name, s.zone)
			}
			return Session{s.name, zone, s.open, s.close}, nil
		}
		names = append(names, s.name)
	}
	if len(words) != 3 {
		return Session{}, fmt.Errorf("unknown session %q (one of %s, or a name with its zone and hours: \"XETRA Europe/Berlin 09:00-17:30\")", text, strings.Join(names, ", "))
	}
	zone, err := time.LoadLocation(words[1])
	if err != nil {
		return Session{}, fmt.Errorf("session %q: unknown time zone %q", text, words[1])
	}
	from, to, _ := strings.Cut(words[2], "-")
	s := Session{Name: datasource.Clean(words[0], 8).String(), Zone: zone}
	var bad [2]error
	s.Open, bad[0] = timeOfDay(from)
	s.Close, bad[1] = timeOfDay(to)
	if bad[0] != nil || bad[1] != nil || s.Close <= s.Open {
		return Session{}, fmt.Errorf("session %q: %q are no hours, write 09:00-17:30", text, words[2])
	}
	return s, nil
}

func timeOfDay(s string) (time.Duration, error) {
	if s == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err
}

// On returns when the session opens and closes on the day that t has there; ok
// is false on a weekend.
func (s *Session) On(t time.Time) (opens, closes time.Time, ok bool) {
	y, m, d := t.In(s.Zone).Date()
	at := func(of time.Duration) time.Time {
		return time.Date(y, m, d, int(of/time.Hour), int(of/time.Minute)%60, 0, 0, s.Zone)
	}
	opens, closes = at(s.Open), at(s.Close)
	day := opens.Weekday()
	return opens, closes, day != time.Saturday && day != time.Sunday
}

// At reports whether the session is open, and how long until that changes.
func (s *Session) At(now time.Time) (open bool, left time.Duration) {
	local := now.In(s.Zone)
	for day := range 8 { // from one Friday's close to the next Monday's opening
		opens, closes, ok := s.On(local.AddDate(0, 0, day))
		switch {
		case !ok || !local.Before(closes):
			continue
		case local.Before(opens):
			return false, opens.Sub(now)
		}
		return true, closes.Sub(now)
	}
	return false, 0
}
