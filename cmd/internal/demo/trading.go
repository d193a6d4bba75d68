package demo

import (
	"fmt"
	"math"
)

// note is one line for an account's notification channel.
type note struct {
	account *account
	atMS    int64
	level   string // FILL, INFO, WARN, REJECT
	text    string
}

// desk makes the accounts trade: it opens and closes deals, works orders and
// says so.
type desk struct {
	t        *tape
	quotes   []*quote
	accounts []*account
	ticket   int64
	note     func(a *account, level, format string, args ...any)
	nowMS    func() int64

	fills, rejects int64
}

// tradeAll lets every account act on the present prices.
func (d *desk) tradeAll(r rates) {
	for _, a := range d.accounts {
		d.fillReached(a)
		a.revalue(r)
		d.stopOut(a)
		if d.t.now >= a.nextDeal {
			a.nextDeal = d.t.now + a.every*(0.4+1.2*d.t.rng.Float64())
			d.decideTrade(a, r)
		}
		d.fundAccount(a)
		a.revalue(r)
		d.warnOfLoss(a)
	}
}

// warnAt are the parts of a limit, in hundredths of a percent, whose crossing is
// worth a warning.
var warnAt = []int64{50_00, 80_00, 100_00}

// warnOfLoss says when more of the day's loss or of the equity is used up than
// before. It comes back to a level only after half of it has been given back.
func (d *desk) warnOfLoss(a *account) {
	for i, use := range []int64{a.sums.dayLoss, a.sums.marginUse} {
		what := [...]string{"day loss", "margin"}[i]
		warned := &a.warned[i]
		if *warned > 0 && use < warnAt[*warned-1]/2 {
			*warned--
		}
		for *warned < len(warnAt) && use >= warnAt[*warned] {
			*warned++
			d.note(a, "WARN", "%s at %s %% of its limit", what, formatFixed(use, 2))
		}
	}
}

// fundAccount pays in or out when an account has gone far from where it began, so that
// a demo can run for weeks.
func (d *desk) fundAccount(a *account) {
	part := a.profile.balance / 5
	switch gain := a.gainSinceStart(); {
	case gain < -0.2:
		d.note(a, "INFO", "deposit %s %s", formatGrouped(part, 2), a.currency)
	case gain > 0.25:
		d.note(a, "INFO", "withdrawal %s %s", formatGrouped(part, 2), a.currency)
		part = -part
	default:
		return
	}
	a.balance += part
	a.dayStart += part
	a.peak += part
}

// fillReached fills the orders whose price was reached.
func (d *desk) fillReached(a *account) {
	for i := 0; i < len(a.orders); i++ {
		if !a.orders[i].isReached() {
			continue
		}
		o := a.takeOrder(i)
		i--
		d.openPosition(a, o.quote, o.side, o.volume, o.price, o.ticket)
	}
}

// stopOut closes the positions whose stop or target was reached.
func (d *desk) stopOut(a *account) {
	for i := 0; i < len(a.positions); i++ {
		p := &a.positions[i]
		dir := int64(p.side)
		switch at := p.closingPrice(); {
		case dir*(at-p.stop) <= 0:
			d.closePosition(a, i, "stop loss")
			i--
		case dir*(at-p.target) >= 0:
			d.closePosition(a, i, "take profit")
			i--
		}
	}
}

// planExits sets the stop and the target of a new position: the stop a part of what
// the price moves in a day, the target at one to two times that.
func (d *desk) planExits(p *position) {
	risk := max(float64(4*p.quote.spread), float64(p.quote.midPrice())*p.quote.dayMove()*(0.12+0.18*d.t.rng.Float64()))
	reward := risk * (1 + d.t.rng.Float64())
	p.stop = p.open - int64(p.side)*int64(math.Round(risk))
	p.target = p.open + int64(p.side)*int64(math.Round(reward))
}

// decideTrade is one decision of a trader.
func (d *desk) decideTrade(a *account, r rates) {
	roll := d.t.rng.Float64()
	switch {
	case roll < 0.05:
		q, s := d.pickTrade(a)
		d.rejects++
		a.rejects++
		d.note(a, "REJECT", "%s %s %s: off quotes", q.name, s, formatLots(d.tradeVolume(a, q, r)))
	case roll < 0.12 && len(a.orders) > 2:
		o := a.takeOrder(d.t.rng.IntN(len(a.orders)))
		d.note(a, "INFO", "order %d cancelled: %s %s %s", o.ticket, o.quote.name, o.side, o.kind)
	case roll < 0.35 && len(a.orders) < 6 || len(a.orders) < 2:
		d.placeOrder(a, r)
	case len(a.positions) < 2 || len(a.positions) < a.most && d.t.rng.IntN(a.most) >= len(a.positions)/2:
		q, s := d.pickTrade(a)
		price := q.ask
		if s == sell {
			price = q.bid
		}
		d.openPosition(a, q, s, d.tradeVolume(a, q, r), price, d.next())
	default:
		if i := d.pickPosition(a); i >= 0 {
			d.closePosition(a, i, "closed")
		}
	}
}

// pickPosition picks the position to close: as often the worst, to cut a loss, as the
// best, to take what there is, so that the open ones are neither all won nor
// all lost. One that is well in front takes any.
func (d *desk) pickPosition(a *account) int {
	if a.gainSinceStart() > 0.02 {
		return d.t.rng.IntN(len(a.positions))
	}
	best, worst := 0, 0
	for i := range a.positions {
		if a.positions[i].pnl > a.positions[best].pnl {
			best = i
		}
		if a.positions[i].pnl < a.positions[worst].pnl {
			worst = i
		}
	}
	if d.t.rng.IntN(2) == 0 && a.positions[worst].pnl < 0 {
		return worst
	}
	if a.positions[best].pnl <= 0 && d.t.rng.IntN(4) > 0 {
		return -1
	}
	return best
}

// pickTrade picks what to trade next. Traders here mostly buy what is below its
// anchor: that pays for their spreads, so that an account lasts for days. One
// that has made a lot gets careless, so that none runs away either.
func (d *desk) pickTrade(a *account) (*quote, side) {
	q := d.quotes[d.t.rng.IntN(len(d.quotes))]
	for range 4 {
		if !d.holdsSymbol(a, q) {
			break
		}
		q = d.quotes[d.t.rng.IntN(len(d.quotes))]
	}
	s := sell
	if q.x < q.anchor {
		s = buy
	}
	if d.t.rng.Float64() < min(0.95, max(0.1, 0.35+10*a.gainSinceStart())) {
		s = -s
	}
	return q, s
}

func (d *desk) holdsSymbol(a *account, q *quote) bool {
	for i := range a.positions {
		if a.positions[i].quote == q {
			return true
		}
	}
	return false
}

// tradeVolume is the size, in hundredths of a lot, that takes about the account's
// usual margin.
func (d *desk) tradeVolume(a *account, q *quote, r rates) int64 {
	perLot := r.usd(q.currency) / r.usd(a.currency) * q.contract * q.point * float64(q.midPrice()) * max(q.margin, 1/float64(a.leverage))
	lot := float64(a.profile.balance) / 100 * a.size * (0.5 + d.t.rng.Float64()) / perLot
	step := 1.0
	if lot >= 0.2 {
		step = 10
	}
	return max(1, int64(math.Round(lot*100/step)*step))
}

func (d *desk) next() int64 {
	d.ticket++
	return d.ticket
}

func (d *desk) openPosition(a *account, q *quote, s side, volume, price, ticket int64) {
	p := position{ticket: ticket, quote: q, side: s, volume: volume, open: price, openedMS: d.nowMS()}
	d.planExits(&p)
	a.positions = append(a.positions, p)
	d.fills++
	a.fills++
	d.note(a, "FILL", "%s %s %s @ %s", q.name, s, formatLots(volume), formatGrouped(price, q.digits))
}

func (d *desk) closePosition(a *account, i int, why string) {
	p := a.close(i)
	d.fills++
	a.fills++
	a.recordTrade(trade{position: p, close: p.closingPrice(), closedMS: d.nowMS(), why: why})
	d.note(a, "FILL", "%s %s %s @ %s %s %s", p.quote.name, -p.side, formatLots(p.volume), formatGrouped(p.closingPrice(), p.quote.digits), why, formatSigned(p.pnl))
}

// placeOrder leaves a limit or stop order a little away from the market.
func (d *desk) placeOrder(a *account, r rates) {
	q, s := d.pickTrade(a)
	kind := "LIMIT"
	if d.t.rng.IntN(3) == 0 {
		kind = "STOP"
	}
	away := float64(q.midPrice()) * q.dayMove() * (0.1 + 0.3*d.t.rng.Float64())
	dir := float64(s)
	if kind == "LIMIT" {
		dir = -dir
	}
	price := q.midPrice() + int64(math.Round(dir*max(away, float64(3*q.spread))))
	o := order{ticket: d.next(), quote: q, side: s, kind: kind, volume: d.tradeVolume(a, q, r), price: price, createdMS: d.nowMS()}
	a.orders = append(a.orders, o)
	d.note(a, "INFO", "order %d placed: %s %s %s %s @ %s", o.ticket, q.name, s, kind, formatLots(o.volume), formatGrouped(price, q.digits))
}

// formatLots writes hundredths of a lot.
func formatLots(v int64) string { return formatFixed(v, 2) }

// formatSigned writes cents with their sign.
func formatSigned(cents int64) string {
	if cents < 0 {
		return formatGrouped(cents, 2)
	}
	return fmt.Sprintf("+%s", formatGrouped(cents, 2))
}

// accountsNamed is the account of that name, or all without one.
func (d *desk) accountsNamed(id string) (found []*account) {
	for _, a := range d.accounts {
		if id == "" || a.id == id {
			found = append(found, a)
		}
	}
	return found
}
