package demo

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// stepEvery is the market's quantum: everything happens on its grid, so that
	// what a seed gives does not depend on how the process is scheduled.
	stepEvery = 50 * time.Millisecond
	// catchUp is how far the market runs after the clock before it skips ahead.
	catchUp = time.Second
	// sumsEvery is how often accounts act and their keys are written.
	sumsEvery = time.Second
)

// DefaultRate is how many ticks a second a market makes when nothing else is
// asked for.
const DefaultRate = 40

// MarketOptions says what market is simulated. The zero value is the default
// one, starting now.
type MarketOptions struct {
	Seed    uint64      // the same seed gives the same market
	Rate    float64     // ticks a second over all symbols; 0 is DefaultRate
	Symbols int         // how many of the catalogue; 0 is DefaultSymbols
	Start   time.Time   // when the live part begins, four hours after the history; zero is now
	Failed  func(error) // told of each write that failed in Run; may be nil
	Mark    bool        // also write MarkerKey, so that a later run may write over this one
}

// Market simulates instruments and the accounts that trade them, and writes
// what a platform would write. It is deterministic: seed, number of symbols,
// rate and number of steps determine every value; Start only sets the dates.
//
// Fill, Step and Run belong to one goroutine. The other methods are safe from
// any.
type Market struct {
	failed func(error)
	mark   bool

	mu      sync.Mutex // guards what follows
	tape    tape
	desk    desk
	quotes  []*quote
	byName  map[string]*quote
	slots   []*quote // a quote as often as its weight says
	rate    float64
	due     float64 // ticks owed
	clock   time.Time
	start   time.Time
	sumsAt  time.Time
	sampled int64 // epoch seconds of the last sample of the series
	session string
	news    float64 // market time of the next news
	ticks   int64
	stats   stats
	flags   []flag
	notes   []note // to be published with this step
	past    []note // the last few of all accounts, for the API
	gone    []sample
	batch   batch
	all     bool // write everything with the next step
	rewrite bool // that was asked for from outside
}

// NewMarket makes a market with its history.
func NewMarket(o MarketOptions) *Market {
	m := &Market{failed: o.Failed, mark: o.Mark, rate: o.Rate, start: o.Start, byName: map[string]*quote{}, flags: newFlags()}
	if m.rate <= 0 {
		m.rate = DefaultRate
	}
	if m.start.IsZero() {
		m.start = time.Now()
	}
	m.tape.rng = rand.New(rand.NewPCG(o.Seed, 0x7469636b746f70))
	m.listQuotes(catalogue(), o.Symbols)
	for i, q := range m.quotes {
		q.book = newBook(o.Seed+uint64(i), q.spread)
	}
	m.desk = desk{t: &m.tape, quotes: m.quotes, ticket: 700_100, note: m.notifyAccount, nowMS: func() int64 { return m.clock.UnixMilli() }}
	for _, p := range accountProfiles() {
		m.desk.accounts = append(m.desk.accounts, newAccount(p))
	}
	m.playHistory()
	return m
}

// listQuotes makes the quotes of the first n instruments.
func (m *Market) listQuotes(all []instrument, n int) {
	for _, in := range all[:symbolCount(n, len(all))] {
		q := newQuote(in, m.dollarLeg)
		m.quotes = append(m.quotes, q)
		m.byName[in.name] = q
		for range in.weight {
			m.slots = append(m.slots, q)
		}
	}
}

// dollarLeg finds a currency's pair with the dollar.
func (m *Market) dollarLeg(currency string) leg {
	if q := m.byName[currency+"USD"]; q != nil {
		return leg{q, +1}
	}
	return leg{m.byName["USD"+currency], -1}
}

// usd implements rates. A currency without a pair here is worth its place in
// the catalogue.
func (m *Market) usd(currency string) float64 {
	if currency == "USD" {
		return 1
	}
	l := m.dollarLeg(currency)
	if l.pair == nil {
		return 1
	}
	return math.Pow(float64(l.pair.midPrice())*l.pair.point, l.sign)
}

// playHistory plays the four hours before the start, in steps as fine as the series
// keep them. The steps count from the start and not from full minutes, so that
// the hour of the day at which a demo is started changes nothing.
func (m *Market) playHistory() {
	m.clock = m.start.Add(-coarseFor * time.Second)
	m.session = m.tape.sessionName()
	m.news = 1200
	for _, tier := range []struct{ every, until int64 }{{coarseEvery, middleFor}, {middleEvery, fineFor}, {fineEvery, 0}} {
		for m.clock.Before(m.start.Add(-time.Duration(tier.until) * time.Second)) {
			m.passSeconds(tier.every)
			m.sampleSeries(tier.every)
		}
	}
	m.clock, m.sumsAt = m.start, m.start
	m.notes = m.notes[:0]
	for i, a := range m.desk.accounts { // something happens soon
		a.nextDeal = m.tape.now + 4 + 3*float64(i) + 4*m.tape.rng.Float64()
		a.goneOrder = a.goneOrder[:0]
	}
}

// passSeconds lets whole seconds of the past go by.
func (m *Market) passSeconds(sec int64) {
	m.clock = m.clock.Add(time.Duration(sec) * time.Second)
	m.tape.advanceFactors(float64(sec))
	for _, q := range m.quotes {
		m.tickQuote(q)
		volume := int64(float64(sec) * m.rate / float64(len(m.quotes)) * 2 * (0.5 + m.tape.activityOf(q.class)) * (0.6 + 0.8*m.tape.rng.Float64()))
		q.volume += volume
		m.recordBar(q, volume, false)
		q.bars.stretchWicks(q.wickLength(&m.tape, sec), q.wickLength(&m.tape, sec))
	}
	m.ticks += int64(float64(sec) * m.rate)
	m.addEvents()
	m.desk.tradeAll(m)
	m.stats.observeTape(&m.tape)
}

// tickQuote moves one quote.
func (m *Market) tickQuote(q *quote) {
	q.movePrice(&m.tape)
	q.volume += 1 + int64(m.tape.rng.ExpFloat64()*3)
	q.atMS = m.clock.UnixMilli()
	q.dirty = true
}

// step goes on by one quantum and puts what changed into the batch.
func (m *Market) step() {
	m.clock = m.clock.Add(stepEvery)
	m.tape.advanceFactors(stepEvery.Seconds())
	m.due += m.rate * stepEvery.Seconds()
	for ; m.due >= 1; m.due-- {
		q := m.slots[m.tape.rng.IntN(len(m.slots))]
		before := q.volume
		m.tickQuote(q)
		m.recordBar(q, q.volume-before, true)
		m.batch.publishTick(q)
		m.printDeal(q)
		m.ticks++
	}
	if m.clock.Sub(m.sumsAt) >= sumsEvery {
		m.sumsAt = m.clock
		m.addEvents()
		m.desk.tradeAll(m)
		m.stats.observeTape(&m.tape)
		m.writeSums()
		m.publishBars()
		m.repeatEvents()
	}
	m.writeQuotes()
	m.writeSamples()
	m.publishNotes()
}

// sampleSeries appends to the series, under the last full moment of that distance.
func (m *Market) sampleSeries(every int64) {
	m.sampled = m.clock.Unix() / every * every
	for _, q := range m.quotes {
		m.gone = q.series.addSample(sample{m.sampled, q.midPrice()}, m.gone[:0])
	}
	for _, a := range m.desk.accounts {
		m.gone = a.series.addSample(sample{m.sampled, a.sums.equity}, m.gone[:0])
	}
}

// Fill writes the history and everything that is known now.
func (m *Market) Fill(ctx context.Context, w Writer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batch.reset()
	m.all = true
	m.writeQuotes()
	m.writeSums()
	m.writeHistory()
	m.all = false
	return w.Pipeline(ctx, m.batch.cmds)
}

// Step goes on by a twentieth of a second and writes what changed.
func (m *Market) Step(ctx context.Context, w Writer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batch.reset()
	m.all, m.rewrite = m.rewrite, false
	if m.all {
		m.writeSums()
	}
	m.step()
	m.all = false
	if len(m.batch.cmds) == 0 {
		return nil
	}
	return w.Pipeline(ctx, m.batch.cmds)
}

// Rewrite asks that the next step writes every key but the series.
func (m *Market) Rewrite() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rewrite = true
}

// SetRate changes the ticks a second.
func (m *Market) SetRate(perSecond float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rate = max(0, perSecond)
}

// Rate returns the ticks a second.
func (m *Market) Rate() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rate
}

// Symbols returns the names of the market's instruments.
func (m *Market) Symbols() []string { return SymbolNames(len(m.quotes)) }

// Accounts returns the names of the market's accounts.
func (m *Market) Accounts() []string { return AccountIDs() }
