package demo

import (
	"strconv"
	"time"
)

// Lifetimes of the keys, as the platform's own description has them.
const (
	quoteTTL     = 5 * time.Second
	positionsTTL = 10 * time.Second
	accountTTL   = 60 * time.Second
	counterTTL   = 60 * time.Second

	quoteRenew = 2 * time.Second // a quote that does not tick is written again after this
)

// quoteKeys are a symbol's keys, as arguments of commands.
type quoteKeys struct{ quote, price, ticks, candles, liveBars, depth, tape any }

func newQuoteKeys(symbol string) quoteKeys {
	return quoteKeys{quote: "quote:" + symbol, price: "price:" + symbol, ticks: "ticks:" + symbol,
		candles: "candles:" + symbol + ":1m", liveBars: "candles:" + symbol, depth: "depth:" + symbol, tape: "tick_stream:" + symbol}
}

// accountKeys are an account's keys, as arguments of commands.
type accountKeys struct{ account, orders, positions, equity, notes, trades any }

func newAccountKeys(id string) accountKeys {
	return accountKeys{account: "account:" + id, orders: "orders:" + id, positions: "positions:" + id,
		equity: "equity:" + id, notes: "notifications:" + id, trades: "trades:" + id}
}

// secondsArg is a lifetime as EX and EXPIRE want it.
func secondsArg(d time.Duration) any { return strconv.Itoa(int(d / time.Second)) }

func (b *batch) publishTick(q *quote) {
	b.addCommand("PUBLISH", q.keys.ticks, b.buildArgument(q.appendTick))
}

// writeQuotes sets the keys of the quotes that moved, once a step however often
// that was, and renews those that are about to expire.
func (m *Market) writeQuotes() {
	now := m.clock.UnixMilli()
	for _, q := range m.quotes {
		if !m.all && !q.dirty && now-q.writtenMS < quoteRenew.Milliseconds() {
			continue
		}
		q.dirty, q.writtenMS = false, now
		m.batch.addCommand("SET", q.keys.quote, m.batch.buildArgument(q.appendQuote), "EX", secondsArg(quoteTTL))
		m.writeBook(q)
		if m.all { // a tape has at least one print
			m.printDeal(q)
		}
	}
}

// writeSums sets what belongs to the accounts and to the platform.
func (m *Market) writeSums() {
	for _, a := range m.desk.accounts {
		m.writeAccount(a)
		m.batch.writeOrders(a)
		m.writeTrades(a)
		positions := m.batch.buildArgument(a.appendPositions)
		m.batch.addCommand("SET", a.keys.positions, positions, "EX", secondsArg(positionsTTL))
	}
	for _, c := range statCounters() {
		m.batch.addCommand("SET", "counter:"+c.name, strconv.FormatInt(c.get(m), 10), "EX", secondsArg(counterTTL))
	}
	for i := range m.flags {
		if f := &m.flags[i]; f.dirty || m.all {
			m.batch.addCommand("SET", f.key, strconv.FormatBool(f.on))
			f.dirty = false
		}
	}
}

func (m *Market) writeAccount(a *account) {
	args := []any{"HSET", a.keys.account}
	for _, f := range a.accountFields(m) {
		args = append(args, f.name, f.value)
	}
	m.batch.addCommand(args...)
	m.batch.addCommand("EXPIRE", a.keys.account, secondsArg(accountTTL))
}

func (b *batch) writeOrders(a *account) {
	if len(a.goneOrder) > 0 {
		args := []any{"HDEL", a.keys.orders}
		for _, ticket := range a.goneOrder {
			args = append(args, strconv.FormatInt(ticket, 10))
		}
		b.addCommand(args...)
		a.goneOrder = a.goneOrder[:0]
	}
	if len(a.orders) == 0 {
		return
	}
	args := []any{"HSET", a.keys.orders}
	for i := range a.orders {
		o := &a.orders[i]
		args = append(args, strconv.FormatInt(o.ticket, 10), b.buildArgument(o.appendJSON))
	}
	b.addCommand(args...)
	b.addCommand("EXPIRE", a.keys.orders, secondsArg(accountTTL))
}

// writeSamples appends to the series when it is time, and takes out what
// became too old or too dense.
func (m *Market) writeSamples() {
	sec := m.clock.Unix() / fineEvery * fineEvery
	if sec <= m.sampled {
		return
	}
	m.sampled = sec
	for _, q := range m.quotes {
		m.writeSample(q.keys.price, &q.series, sample{sec, q.midPrice()})
	}
	for _, a := range m.desk.accounts {
		m.writeSample(a.keys.equity, &a.series, sample{sec, a.sums.equity})
	}
}

func (m *Market) writeSample(key any, s *series, p sample) {
	m.gone = s.addSample(p, m.gone[:0])
	m.batch.addCommand("ZADD", key, strconv.FormatInt(p.sec, 10), m.batch.seriesMember(s, p))
	if len(m.gone) == 0 {
		return
	}
	args := []any{"ZREM", key}
	for _, old := range m.gone {
		args = append(args, m.batch.seriesMember(s, old))
	}
	m.batch.addCommand(args...)
}

func (b *batch) seriesMember(s *series, p sample) []byte {
	return b.buildArgument(func(out []byte) []byte { return p.appendMember(out, s.digits) })
}

// writeHistory replaces every series, and what a run before may have left of
// the orders.
func (m *Market) writeHistory() {
	if m.mark {
		m.batch.addCommand("SET", MarkerKey, strconv.FormatInt(m.start.UnixMilli(), 10))
	}
	for _, q := range m.quotes {
		m.batch.writeSeries(q.keys.price, &q.series)
		m.batch.writeBars(q)
	}
	for _, a := range m.desk.accounts {
		m.batch.writeSeries(a.keys.equity, &a.series)
		m.writeTrades(a)
		m.batch.addCommand("DEL", a.keys.orders)
		m.batch.writeOrders(a)
	}
}

func (b *batch) writeSeries(key any, s *series) {
	args := make([]any, 0, 2+2*s.len())
	args = append(args, "ZADD", key)
	s.eachSample(func(p sample) {
		args = append(args, strconv.FormatInt(p.sec, 10), b.seriesMember(s, p))
	})
	b.addCommand("DEL", key)
	b.cmds = append(b.cmds, args)
}

func (m *Market) publishNotes() {
	for i := range m.notes {
		n := &m.notes[i]
		m.batch.addCommand("PUBLISH", n.account.keys.notes, m.batch.buildArgument(n.appendJSON))
	}
	m.notes = m.notes[:0]
}
