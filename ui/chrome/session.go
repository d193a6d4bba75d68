package chrome

import (
	"strconv"
	"time"

	"ticktop/widgets/hours"
)

// Session is the trading hours of a market, on its working days.
type Session = hours.Session

// DefaultSessions are the stock exchanges that the day of a currency trader is
// told by.
func DefaultSessions() []Session { return hours.Usual() }

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
