package decode

import (
	"fmt"
	"time"

	"ticktop/datasource"
)

// loadZone returns the zone of an IANA name; "" and paths are invalid.
func loadZone(name string) (*time.Location, error) {
	if name == "" || len(name) > 64 {
		return nil, fmt.Errorf("no zone %.40q", name)
	}
	return time.LoadLocation(name)
}

// ZoneFinder finds out what the times of one datum mean that are written without
// a zone: whether UTC, the configured zone or this machine's puts a time that
// was seen to change closest to its arrival. The zero ZoneFinder knows nothing.
// It is not safe for concurrent use.
type ZoneFinder struct {
	loc  *time.Location
	last time.Time // the time without a zone that was seen last
	seen bool
}

// closeEnough is how far a fresh time may be from its arrival.
const closeEnough = time.Minute

// Observe takes in the time of a value that arrived at some time, and reports
// whether that changed what is known. Only a time that is newer than the one
// before tells something: one that was found may be of any age. A time with a
// zone tells nothing.
func (z *ZoneFinder) Observe(stamp, arrived time.Time, candidates ...*time.Location) bool {
	if stamp.IsZero() || !datasource.IsNaive(stamp) {
		return false
	}
	if !z.seen || !stamp.After(z.last) {
		if !z.seen || stamp.Before(z.last) {
			z.last, z.seen = stamp, true
		}
		return false
	}
	z.last = stamp
	if z.loc != nil && distance(stamp, arrived, z.loc) <= closeEnough {
		return false // as before
	}
	best, least := (*time.Location)(nil), closeEnough+1
	for _, loc := range append([]*time.Location{time.UTC}, candidates...) {
		if loc == nil {
			continue
		}
		if d := distance(stamp, arrived, loc); d < least {
			best, least = loc, d
		}
	}
	if best == nil || best == z.loc {
		return false
	}
	z.loc = best
	return true
}

func distance(stamp, arrived time.Time, loc *time.Location) time.Duration {
	return datasource.InZone(stamp, loc).Sub(arrived.Round(0)).Abs()
}

// Assume makes loc, which the configuration names, what is known until a time
// that was seen to change says otherwise.
func (z *ZoneFinder) Assume(loc *time.Location) {
	if z.loc == nil {
		z.loc = loc
	}
}

// Location returns the zone that was found, nil for none.
func (z *ZoneFinder) Location() *time.Location { return z.loc }

// Resolve returns the time that stamp means. ok is false when that is not known:
// the age is unknown then, and never hours.
func (z *ZoneFinder) Resolve(stamp time.Time) (t time.Time, ok bool) {
	switch {
	case stamp.IsZero() || !datasource.IsNaive(stamp):
		return stamp, true
	case z.loc == nil:
		return time.Time{}, false
	}
	return datasource.InZone(stamp, z.loc), true
}
