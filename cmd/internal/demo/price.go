package demo

import (
	"math"
	"math/rand/v2"
)

const (
	secondsPerYear = 252 * 24 * 3600 // volatility is quoted per trading year
	reversion      = 1.0 / 5400      // a deviation from the anchor halves in about an hour
	anchorDrift    = 1.0 / 43200     // the anchor itself comes back within the day
	anchorVol      = 0.8             // of the instrument's own volatility
)

// tape is what moves prices: correlated factors and a volatility that comes
// and goes. Its time is the market's own, in seconds since its first moment.
type tape struct {
	rng    *rand.Rand
	now    float64
	w      [numFactors]float64 // each factor's path so far
	heat   float64             // log of the present volatility
	shocks int                 // news so far
}

// openingHour is the hour of the market's own day at which it starts: sessions
// follow this clock and not the wall's, so that a seed alone gives a market.
const openingHour = 6.0

// advanceFactors moves the factors on by dt seconds.
func (t *tape) advanceFactors(dt float64) {
	t.now += dt
	t.heat += -t.heat*dt/900 + 0.6*math.Sqrt(2*dt/900)*t.rng.NormFloat64()*0.5
	scale := math.Sqrt(dt) * math.Exp(t.heat)
	for i := range t.w {
		t.w[i] += scale * t.rng.NormFloat64()
	}
}

// applyShock is news: one factor jumps by what it usually moves in a quarter of an
// hour, and the market stays nervous for a while.
func (t *tape) applyShock() (factor int, up bool) {
	t.shocks++
	factor = t.rng.IntN(2)
	size := 30 * (0.6 + 0.5*t.rng.Float64())
	if up = t.rng.IntN(2) == 0; !up {
		size = -size
	}
	t.w[factor] += size
	t.heat = min(t.heat+0.5, 1)
	return factor, up
}

// marketHour is the hour of the market's own day, 0 to 24.
func (t *tape) marketHour() float64 { return math.Mod(openingHour+t.now/3600, 24) }

// sessionName names the exchange that sets the pace.
func (t *tape) sessionName() string {
	switch h := t.marketHour(); {
	case h >= 7 && h < 13:
		return "London"
	case h >= 13 && h < 21:
		return "New York"
	case h >= 21 && h < 23:
		return "Sydney"
	default:
		return "Tokyo"
	}
}

// activityOf is how lively a class of instruments is at this hour, around 1.
func (t *tape) activityOf(c class) float64 {
	bump := func(at, width float64) float64 {
		d := math.Abs(t.marketHour() - at)
		d = min(d, 24-d)
		return math.Exp(-d * d / (2 * width * width))
	}
	switch c {
	case classCrypto:
		return 0.9 + 0.2*bump(15, 4)
	case classIndex, classShare:
		return 0.4 + 0.5*bump(9, 2) + 1.0*bump(15.5, 2.5)
	default:
		return 0.45 + 0.3*bump(1, 2.5) + 0.6*bump(8.5, 2) + 0.8*bump(14.5, 2.5)
	}
}

// quote is the present state of one instrument. Prices are whole points, so
// that sums made from them are exact.
type quote struct {
	instrument
	point float64 // 10^-digits
	own   float64 // weight of the own noise

	x, anchor float64             // log distance from base, of the price and of what it reverts to
	seenAt    float64             // the tape's time when this last moved
	seenW     [numFactors]float64 // and its factors
	legs      [2]leg              // of a cross

	bid, ask        int64
	open, high, low int64 // of the mid, since the market began
	volume          int64
	atMS            int64 // epoch milliseconds of the last tick
	writtenMS       int64 // when its key was last set
	dirty           bool  // changed since then
	series          series
	bars            bars
	book            *book
	keys            quoteKeys
}

// leg is one currency of a cross, through its pair with the dollar.
type leg struct {
	pair *quote
	sign float64 // -1 when the dollar comes first
}

// usd is the currency's log distance from its base, in dollars.
func (l leg) usd() float64 { return l.sign * l.pair.x }

func newQuote(in instrument, find func(currency string) leg) *quote {
	q := &quote{instrument: in, point: math.Pow10(-in.digits), own: in.ownVolatility(), keys: newQuoteKeys(in.name)}
	if in.cross {
		q.legs = [2]leg{find(in.name[:3]), find(in.name[3:])}
		q.base = math.Pow(q.legs[0].pair.base, q.legs[0].sign) / math.Pow(q.legs[1].pair.base, q.legs[1].sign)
	}
	q.series.digits = in.digits
	q.setPrice(in.spread)
	q.open, q.high, q.low = q.midPrice(), q.midPrice(), q.midPrice()
	return q
}

// movePrice brings the price up to the tape.
func (q *quote) movePrice(t *tape) {
	if q.cross {
		base, counter := q.legs[0], q.legs[1]
		base.pair.walkPrice(t)
		counter.pair.walkPrice(t)
		q.x = base.usd() - counter.usd()
		q.anchor = base.sign*base.pair.anchor - counter.sign*counter.pair.anchor
	} else {
		q.walkPrice(t)
	}
	spread := float64(q.spread) * (0.8 + 0.2*math.Exp(t.heat) + 0.15*math.Abs(t.rng.NormFloat64()))
	q.setPrice(max(1, int64(math.Round(spread))))
	q.high, q.low = max(q.high, q.midPrice()), min(q.low, q.midPrice())
}

// walkPrice takes the log price one step: the factors' common moves, its own
// noise, and a pull towards an anchor that drifts more slowly. The pull is what
// keeps a market that runs for days within sight of its base.
func (q *quote) walkPrice(t *tape) {
	dt := t.now - q.seenAt
	if dt <= 0 {
		return
	}
	noise := q.own * math.Sqrt(dt) * math.Exp(t.heat) * t.rng.NormFloat64()
	for i, l := range q.load {
		noise += l * (t.w[i] - q.seenW[i])
	}
	sigma := q.vol / math.Sqrt(secondsPerYear)
	q.x += (q.anchor-q.x)*min(1, dt*reversion) + sigma*t.activityOf(q.class)*noise
	q.anchor += -q.anchor*min(1, dt*anchorDrift) + anchorVol*sigma*math.Sqrt(dt)*t.rng.NormFloat64()
	q.seenAt, q.seenW = t.now, t.w
}

func (q *quote) setPrice(spread int64) {
	mid := q.base * math.Exp(q.x) / q.point
	q.bid = int64(math.Round(mid - float64(spread)/2))
	q.ask = q.bid + spread
}

// midPrice is the price between bid and ask, in points, rounded down.
func (q *quote) midPrice() int64 { return (q.bid + q.ask) / 2 }

// changePct is the change since the opening, in hundredths of a percent.
func (q *quote) changePct() int64 {
	if q.open == 0 {
		return 0
	}
	return int64(math.Round(float64(q.midPrice()-q.open) * 10_000 / float64(q.open)))
}

// dayMove is what the price usually moves in a day, as a part of itself.
func (q *quote) dayMove() float64 {
	vol := q.vol
	if q.cross {
		vol = math.Hypot(q.legs[0].pair.vol, q.legs[1].pair.vol) * 0.7
	}
	return vol / math.Sqrt(252)
}
