package redisdb

import (
	"hash/maphash"
	"math"
	"sync"
	"time"

	"ticktop/datasource"
)

// memory is what a client remembers between polls. It only ever makes a poll
// cheaper: without it every datum is read whole.
type memory struct {
	mu         sync.Mutex
	seriesEnds map[datasource.ID]*seriesTail
	oversized  map[datasource.ID]oversized
	blocked    blockedBases

	unknownCommands map[string]time.Time          // commands that the server does not know, and since when
	steps           map[datasource.ID]*stepFields // how hashes of times write their fields
}

// seriesTail is the end of a series as it was last read: the members at its highest
// score. The next poll asks for that score again. When the same members come
// back, what follows them is new; when others do, a producer replaced or added a
// member at a score that was already known (a bar still being built, two ticks
// in one second), or rewrote the series, and it is read whole.
type seriesTail struct {
	score float64
	sum   uint64 // of the members at score, in order
	mixed bool   // the scores are times in several units: their order is not that of time
}

// oversized is a datum that was too big.
type oversized struct {
	until time.Time // bytes: not read again before; counts are measured instead
	fault *datasource.Fault
}

// maxRemembered bounds memory; clearing it costs one poll read whole.
const maxRemembered = 50_000

var tailSeed = maphash.MakeSeed()

// tailOf sums up the last members of a series, which is in order.
func tailOf(members []datasource.RawMember) seriesTail {
	n := len(members)
	if n == 0 {
		return seriesTail{score: math.NaN()}
	}
	t := seriesTail{score: members[n-1].Score, mixed: mixedUnits(members)}
	first := n
	for first > 0 && members[first-1].Score == t.score {
		first--
	}
	t.sum = sumMembers(members[first:])
	return t
}

func sumMembers(members []datasource.RawMember) uint64 {
	var h maphash.Hash
	h.SetSeed(tailSeed)
	for i := range members {
		_, _ = h.Write(members[i].Member)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// chooseMode decides how a datum is read this time. m is locked.
func (m *memory) chooseMode(it *item, now time.Time) (mode, *datasource.Fault) {
	if it.end == nil && it.req.Ref.Kind.IsSeries() {
		it.end = m.endOf(it.req.Ref.ID())
	}
	if len(m.oversized) > 0 {
		if g, ok := m.oversized[it.req.Ref.ID()]; ok {
			if g.until.IsZero() {
				return modeMeasure, nil
			}
			if now.Before(g.until) {
				return modeSkip, g.fault
			}
		}
	}
	if !it.req.Ref.Kind.IsSeries() {
		return m.modeOf(it, now), nil
	}
	// The zero seriesTail knows nothing: no score is equal to its NaN.
	if it.end.score == it.req.Since && !it.end.mixed && !math.IsInf(it.req.Since, -1) {
		return modeNewer, nil
	}
	return modeRead, nil
}

// modeOf decides how a datum is read that is no series. m is locked.
func (m *memory) modeOf(it *item, now time.Time) mode {
	ref := it.req.Ref
	switch {
	case ref.Kind == datasource.KindList && it.req.Newest == datasource.EndLast:
		return modeTail
	case ref.Kind == datasource.KindHash && ref.Shape.Series.Step > 0:
		if it.step = m.steps[ref.ID()]; it.step == nil {
			return modeLearn
		}
		return modeStep
	case readerOf(ref.Kind).plain != nil && m.lacksCommand(ref.Kind.Info().Bounded, now):
		return modePlain
	}
	return modeRead
}

// lacksFor is how long a command is not asked for that the server does not know.
const lacksFor = 10 * time.Minute

// lacksCommand reports whether the server, or a proxy before it, does not know a
// command. m is locked.
func (m *memory) lacksCommand(command string, now time.Time) bool {
	if len(m.unknownCommands) == 0 {
		return false
	}
	at, ok := m.unknownCommands[command]
	return ok && now.Sub(at) < lacksFor
}

// setLacking remembers a command that is not known.
func (m *memory) setLacking(command string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unknownCommands == nil {
		m.unknownCommands = map[string]time.Time{}
	}
	m.unknownCommands[command] = now
}

// endOf returns what is known of the end of a series. m is locked.
func (m *memory) endOf(id datasource.ID) *seriesTail {
	if m.seriesEnds == nil || len(m.seriesEnds) > maxRemembered {
		m.seriesEnds = map[datasource.ID]*seriesTail{}
	}
	t := m.seriesEnds[id]
	if t == nil {
		t = &seriesTail{score: math.NaN()}
		m.seriesEnds[id] = t
	}
	return t
}

// setTail remembers the end of a series, sumOfTail returns the sum of it.
func (m *memory) setTail(it *item, t seriesTail) {
	m.mu.Lock()
	defer m.mu.Unlock()
	*it.end = t
}

func (m *memory) sumOfTail(it *item) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return it.end.sum
}

func (m *memory) setOversized(id datasource.ID, g oversized) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.oversized == nil || len(m.oversized) > maxRemembered {
		m.oversized = map[datasource.ID]oversized{}
	}
	m.oversized[id] = g
}

// forgetOversized drops that a datum was too big: it is gone, or fits again.
func (m *memory) forgetOversized(ref *datasource.Ref) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.oversized) > 0 {
		delete(m.oversized, ref.ID())
	}
}

// interner keeps the names of hash fields: they come again with every poll.
type interner struct {
	mu sync.Mutex
	m  map[string]string
}

const (
	maxInterned = 8192
	maxName     = 128
)

// withNames runs f with the table locked.
func (in *interner) withNames(f func(name func([]byte) string)) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.m == nil || len(in.m) > maxInterned {
		in.m = map[string]string{}
	}
	f(in.intern)
}

func (in *interner) intern(b []byte) string {
	if s, ok := in.m[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(b) <= maxName {
		in.m[s] = s
	}
	return s
}
