package demo

import "slices"

// How long a series keeps samples of which distance, in seconds. All are
// multiples of the finer ones, so that thinning out is a matter of the clock.
const (
	fineEvery, fineFor     = 5, 15 * 60
	middleEvery, middleFor = 15, 60 * 60
	coarseEvery, coarseFor = 60, 4 * 60 * 60
)

// sample is one point of a series: epoch seconds and a value in the last
// digit's units.
type sample struct {
	sec   int64
	value int64
}

// appendMember is how the sample is in its sorted set: "{ts}:{value}".
func (s sample) appendMember(b []byte, digits int) []byte {
	b = appendInt(b, s.sec)
	b = append(b, ':')
	return appendFixed(b, s.value, digits)
}

// series is a bounded history that gets coarser with age.
type series struct {
	digits               int
	coarse, middle, fine []sample // oldest first, each older than the next
}

// addSample appends a sample and returns those that have to go, valid until the next
// call.
func (s *series) addSample(p sample, gone []sample) []sample {
	s.fine = append(s.fine, p)
	s.middle, gone = shiftTier(&s.fine, s.middle, p.sec-fineFor, middleEvery, gone)
	s.coarse, gone = shiftTier(&s.middle, s.coarse, p.sec-middleFor, coarseEvery, gone)
	for len(s.coarse) > 0 && s.coarse[0].sec <= p.sec-coarseFor {
		gone = append(gone, s.coarse[0])
		s.coarse = slices.Delete(s.coarse, 0, 1)
	}
	return gone
}

// shiftTier moves what is older than limit from one tier to the next, where it
// falls on the coarser grid, and to gone where it does not.
func shiftTier(from *[]sample, to []sample, limit, every int64, gone []sample) (next, dropped []sample) {
	n := 0
	for ; n < len(*from) && (*from)[n].sec <= limit; n++ {
		if p := (*from)[n]; p.sec%every == 0 {
			to = append(to, p)
		} else {
			gone = append(gone, p)
		}
	}
	*from = slices.Delete(*from, 0, n)
	return to, gone
}

// eachSample calls f for every sample, oldest first.
func (s *series) eachSample(f func(sample)) {
	for _, tier := range [][]sample{s.coarse, s.middle, s.fine} {
		for _, p := range tier {
			f(p)
		}
	}
}

func (s *series) len() int { return len(s.coarse) + len(s.middle) + len(s.fine) }
