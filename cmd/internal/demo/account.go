package demo

import "math"

// side is the direction of an order or a position.
type side int64

const (
	buy  side = +1
	sell side = -1
)

func (s side) String() string {
	if s == buy {
		return "BUY"
	}
	return "SELL"
}

// profile is what kind of trader an account belongs to.
type profile struct {
	id       string
	currency string
	balance  int64   // at the start, in cents
	leverage int64   //
	size     float64 // margin of a usual position, as a part of the balance
	most     int     // positions at once
	every    float64 // seconds between two deals, on average
	limit    int64   // loss allowed in a day, in cents
}

func accountProfiles() []profile {
	return []profile{
		{"ACC-1001", "USD", 48_250_75, 100, 0.0080, 5, 30, 1_000_00},
		{"ACC-1002", "EUR", 126_400_00, 50, 0.0090, 7, 75, 4_000_00},
		{"ACC-1003", "USD", 9_815_40, 200, 0.0200, 3, 40, 400_00},
	}
}

// AccountIDs returns the accounts that the simulator trades on.
func AccountIDs() []string {
	var ids []string
	for _, p := range accountProfiles() {
		ids = append(ids, p.id)
	}
	return ids
}

// position is an open deal. pnl is kept in cents of the account's currency, so
// that the sums on the screen add up to the last digit.
type position struct {
	ticket   int64
	quote    *quote
	side     side
	volume   int64 // hundredths of a lot
	open     int64 // price in points
	stop     int64 // where a loss is cut, in points
	target   int64 // where a gain is taken, in points
	openedMS int64
	pnl      int64
}

// closingPrice is what the position could be closed at now.
func (p *position) closingPrice() int64 {
	if p.side == buy {
		return p.quote.bid
	}
	return p.quote.ask
}

// order waits for its price.
type order struct {
	ticket    int64
	quote     *quote
	side      side
	kind      string // LIMIT or STOP
	volume    int64
	price     int64
	createdMS int64
}

// isReached reports whether the market is at the order's price.
func (o *order) isReached() bool {
	at := o.quote.ask
	if o.side == sell {
		at = o.quote.bid
	}
	below := (o.side == buy) == (o.kind == "LIMIT") // filled when the market falls to it
	if below {
		return at <= o.price
	}
	return at >= o.price
}

// account is one trading account. Its sums are derived from its positions by
// value, never kept on their own.
type account struct {
	profile
	balance   int64 // cents, with what was made by closed deals
	positions []position
	orders    []order
	goneOrder []int64 // tickets to delete from the hash
	trades    []trade // closed deals, oldest first, at most keepTrades
	untold    int     // how many of them are not in Redis yet
	fills     int64
	rejects   int64
	dayStart  int64   // equity when the market began
	peak      int64   // highest equity since
	nextDeal  float64 // market time
	warned    [2]int  // levels of warnAt that were warned of: day loss, margin
	series    series  // equity
	keys      accountKeys

	sums sums
}

// sums are what follows from the positions, in cents unless said otherwise.
type sums struct {
	pnl, equity, margin, exposure int64
	marginLevel, marginUse        int64 // hundredths of a percent
	drawdown, dayLoss             int64 // hundredths of a percent
}

func newAccount(p profile) *account {
	a := &account{profile: p, balance: p.balance, dayStart: p.balance, peak: p.balance, keys: newAccountKeys(p.id)}
	a.series.digits = 2
	a.sums.equity = p.balance
	return a
}

// rates turns amounts in one currency into another.
type rates interface {
	// usd is the price of one unit of the currency in dollars.
	usd(currency string) float64
}

// revalue brings pnl, margin and exposure up to the present prices.
func (a *account) revalue(r rates) {
	home := r.usd(a.currency)
	s := sums{}
	margin, exposure := 0.0, 0.0
	for i := range a.positions {
		p := &a.positions[i]
		in := &p.quote.instrument
		cents := r.usd(in.currency) / home * float64(p.volume) * in.contract * p.quote.point // a cent per point: /100 lots ×100 cents
		p.pnl = int64(math.Round(cents * float64(int64(p.side)*(p.closingPrice()-p.open))))
		notional := cents * float64(p.closingPrice())
		exposure += notional
		margin += notional * max(in.margin, 1/float64(a.leverage))
		s.pnl += p.pnl
	}
	s.margin, s.exposure = int64(math.Round(margin)), int64(math.Round(exposure))
	s.equity = a.balance + s.pnl
	a.peak = max(a.peak, s.equity)
	s.drawdown = ratioPercent(s.equity-a.peak, a.peak)
	s.marginLevel = ratioPercent(s.equity, s.margin)
	s.marginUse = ratioPercent(s.margin, s.equity)
	s.dayLoss = ratioPercent(max(0, a.dayStart-s.equity), a.limit)
	a.sums = s
}

// gainSinceStart is what the account has made since the start, as a part of what it had.
func (a *account) gainSinceStart() float64 {
	return float64(a.sums.equity-a.profile.balance) / float64(a.profile.balance)
}

// ratioPercent is part of whole in hundredths of a percent; 0 when there is no whole.
func ratioPercent(part, whole int64) int64 {
	if whole <= 0 {
		return 0
	}
	return int64(math.Round(float64(part) * 10_000 / float64(whole)))
}

// close takes position i off the book and its result into the balance.
func (a *account) close(i int) position {
	p := a.positions[i]
	a.balance += p.pnl
	a.positions = append(a.positions[:i], a.positions[i+1:]...)
	return p
}

// takeOrder removes order i from the book.
func (a *account) takeOrder(i int) order {
	o := a.orders[i]
	a.orders = append(a.orders[:i], a.orders[i+1:]...)
	a.goneOrder = append(a.goneOrder, o.ticket)
	return o
}
